package privacy

// jobFields are the fields of a job's payload. Most carry none: a job is named
// by its kind, its id and its school.
func jobFields() []Field {
	return []Field{{Name: "at", Text: "datamap.f_hour"}, {Name: "move", Text: "datamap.f_journal_move"}, {Name: "zone", Text: "datamap.c_zone"}}
}

// auditFields are the keys of an audit entry's detail.
func auditFields() []Field {
	return []Field{
		{Name: "act", Text: "datamap.c_sitting_event"},
		{Name: "campaign", Text: "datamap.c_campaign"},
		{Name: "extra", Text: "datamap.c_extra_time"},
		{Name: "from", Text: "datamap.c_campaign_taken"},
		{Name: "grant", Text: "datamap.c_grant_id"},
		{Name: "groups", Text: "datamap.f_number_of"},
		{Name: "import", Text: "datamap.f_import"},
		{Name: "minutes", Text: "datamap.f_number_of"},
		{Name: "mark", Text: "datamap.c_sitting_mark"},
		{Name: "member", Text: "datamap.f_member"},
		{Name: "passkey", Text: "datamap.f_passkey"},
		{Name: "question", Text: "datamap.f_question"},
		{Name: "reason", Text: "datamap.f_reason"},
		{Name: "role", Text: "datamap.c_role"},
		{Name: "rule", Text: "datamap.c_rule"},
		{Name: "run", Text: "datamap.f_run"},
		{Name: "days", Text: "datamap.c_days"},
		{Name: "scope", Text: "datamap.c_scope"},
		{Name: "seats", Text: "datamap.f_number_of"},
		{Name: "sequence", Text: "datamap.c_sequence"},
		{Name: "session", Text: "datamap.c_session_id"},
		{Name: "sessions", Text: "datamap.f_number_of"},
		{Name: "share", Text: "datamap.c_paper_share"},
		{Name: "status", Text: "datamap.c_room_status"},
		{Name: "to", Text: "datamap.c_campaign_scored"},
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
		"addresses", "attempt", "cause", "component", "count", "database", "destination", "error", "fingerprint", "folder", "from", "id", "ids", "job", "key", "kind",
		"names", "network", "new", "origin", "panic", "path", "problem", "route", "rows", "scope", "source", "stack", "status", "to", "took", "until",
		"version",
	}
	fields := make([]LogField, 0, len(technical)+2)
	for _, name := range technical {
		fields = append(fields, LogField{name, "datamap.l_technical"})
	}
	return append(fields, LogField{"session", "datamap.c_session_id"}, LogField{"staff", "datamap.c_staff_id"})
}

// storageKeys are what the web client keeps in a browser, as
// web/src/storage/keys.ts declares it, and the cookies that the server sets.
func storageKeys() []StorageKey {
	return []StorageKey{
		{"preau.theme", "datamap.b_theme"},
		{"preau.font", "datamap.b_font"},
		{"preau.return-to", "datamap.b_return"},
		{"preau.set-up", "datamap.b_set_up"},
		{"preau.school", "datamap.b_school"},
		{"preau.entry", "datamap.b_entry"},
		{"preau.devices", "datamap.b_devices"},
		{"preau-names", "datamap.b_names"},
		{"preau-aloud", "datamap.b_aloud"},
		{"preau-sitting", "datamap.b_sitting"},
		{"preau-sitting-page", "datamap.b_sitting_page"},
		{"preau-drafts", "datamap.b_drafts"},
		{"preau-questions", "datamap.b_questions"},
		{"preau.sitting-here", "datamap.b_sitting_here"},
		{"preau.reading", "datamap.b_reading"},
		{"preau-names-pins", "datamap.b_pins"},
		{"preau_lang", "datamap.b_language"},
		{"preau_staff", "datamap.b_staff"},
		{"preau_seat", "datamap.b_seat"},
		{"preau_known", "datamap.b_known"},
		{"preau_door", "datamap.b_door"},
		{"preau_outside", "datamap.b_outside"},
		{"preau_guest", "datamap.b_guest"},
	}
}
