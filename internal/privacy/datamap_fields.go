package privacy

// jobFields are the fields of a job's payload: none, a job is named by its
// kind, its id and its school.
func jobFields() []Field { return nil }

// auditFields are the keys of an audit entry's detail.
func auditFields() []Field {
	return []Field{
		{Name: "grant", Text: "datamap.c_grant_id"},
		{Name: "groups", Text: "datamap.f_number_of"},
		{Name: "import", Text: "datamap.f_import"},
		{Name: "member", Text: "datamap.f_member"},
		{Name: "passkey", Text: "datamap.f_passkey"},
		{Name: "reason", Text: "datamap.f_reason"},
		{Name: "role", Text: "datamap.c_role"},
		{Name: "rule", Text: "datamap.c_rule"},
		{Name: "run", Text: "datamap.f_run"},
		{Name: "days", Text: "datamap.c_days"},
		{Name: "scope", Text: "datamap.c_scope"},
		{Name: "seats", Text: "datamap.f_number_of"},
		{Name: "session", Text: "datamap.c_session_id"},
		{Name: "sessions", Text: "datamap.f_number_of"},
		{Name: "until", Text: "datamap.c_until"},
		{Name: "version", Text: "datamap.c_record_version"},
		{Name: "way", Text: "datamap.f_way"},
		{Name: "with", Text: "datamap.f_with"},
		{Name: "*", Of: "privacy.retention", Text: "datamap.f_rule_count"},
	}
}

// passkeyFields are those of a credential record (Web Authentication level 3,
// section 4), as webauthn.Credential writes it.
func passkeyFields() []Field {
	names := []string{"id", "publicKey", "attestationType", "attestationFormat", "transport", "flags", "authenticator", "attestation", "extensions"}
	fields := make([]Field, len(names))
	for i, name := range names {
		fields[i] = Field{Name: name, Text: "datamap.f_credential"}
	}
	return fields
}

// logFields are what a line of log may hold.
func logFields() []LogField {
	technical := []string{
		"addresses", "attempt", "cause", "database", "error", "from", "id", "job", "key", "kind", "origin", "panic", "route", "stack", "status",
		"to", "took", "version",
	}
	fields := make([]LogField, 0, len(technical)+2)
	for _, name := range technical {
		fields = append(fields, LogField{name, "datamap.l_technical"})
	}
	return append(fields, LogField{"session", "datamap.c_session_id"}, LogField{"staff", "datamap.c_staff_id"})
}

// storageKeys are what the web client may keep in a browser, as
// web/src/storage/keys.ts declares it.
func storageKeys() []StorageKey {
	return []StorageKey{
		{"preau-names", "datamap.b_names"},
		{"preau-names-pins", "datamap.b_pins"},
	}
}
