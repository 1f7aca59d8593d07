package privacy

// jobFields are the fields of a job's payload: none, a job is named by its
// kind, its id and its school.
func jobFields() []Field { return nil }

// auditFields are the keys of an audit entry's detail.
func auditFields() []Field {
	return []Field{
		{Name: "grant", Text: "privacy.c_grant_id"},
		{Name: "groups", Text: "privacy.f_number_of"},
		{Name: "import", Text: "privacy.f_import"},
		{Name: "member", Text: "privacy.f_member"},
		{Name: "passkey", Text: "privacy.f_passkey"},
		{Name: "reason", Text: "privacy.f_reason"},
		{Name: "role", Text: "privacy.c_role"},
		{Name: "rule", Text: "privacy.c_rule"},
		{Name: "run", Text: "privacy.f_run"},
		{Name: "days", Text: "privacy.c_days"},
		{Name: "scope", Text: "privacy.c_scope"},
		{Name: "seats", Text: "privacy.f_number_of"},
		{Name: "session", Text: "privacy.c_session_id"},
		{Name: "sessions", Text: "privacy.f_number_of"},
		{Name: "until", Text: "privacy.c_until"},
		{Name: "version", Text: "privacy.c_record_version"},
		{Name: "way", Text: "privacy.f_way"},
		{Name: "with", Text: "privacy.f_with"},
		{Name: "*", Of: "privacy.retention", Text: "privacy.f_rule_count"},
	}
}

// passkeyFields are those of a credential record (Web Authentication level 3,
// section 4), as webauthn.Credential writes it.
func passkeyFields() []Field {
	names := []string{"id", "publicKey", "attestationType", "attestationFormat", "transport", "flags", "authenticator", "attestation", "extensions"}
	fields := make([]Field, len(names))
	for i, name := range names {
		fields[i] = Field{Name: name, Text: "privacy.f_credential"}
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
		fields = append(fields, LogField{name, "privacy.l_technical"})
	}
	return append(fields, LogField{"session", "privacy.c_session_id"}, LogField{"staff", "privacy.c_staff_id"})
}

// storageKeys are what the web client may keep in a browser, as
// web/src/storage/keys.ts declares it.
func storageKeys() []StorageKey {
	return []StorageKey{
		{"preau-names", "privacy.b_names"},
		{"preau-names-pins", "privacy.b_pins"},
	}
}
