package privacy

func groundTables() []Table {
	return []Table{
		{
			Name: "goose_db_version", Text: "datamap.t_goose_db_version", Activity: Running, Key: []string{"id"}, Stays: "datamap.s_installation",
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("version_id", "datamap.c_schema_version"),
				plain("is_applied", "datamap.c_schema_applied"), plain("tstamp", "datamap.c_created_at"),
			},
		},
		{
			Name: "setting", Text: "datamap.t_setting", Activity: Running, Key: []string{"key"}, Stays: "datamap.s_installation",
			Columns: []Column{plain("key", "datamap.c_setting_key"), plain("value", "datamap.c_setting_value").out(Secret)},
		},
		{
			Name: "blob", Text: "datamap.t_blob", Activity: Running, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_blob",
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("kind", "datamap.c_blob_kind"),
				plain("media_type", "datamap.c_media_type"), plain("size", "datamap.c_size"), plain("sha256", "datamap.c_sha256"),
				plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "job", Text: "datamap.t_job", Activity: Running, School: "school_id", Key: []string{"id"},
			Rules: []Rule{
				{ID: "job.done", Text: "datamap.from_done", From: after("done_at"), Days: 7, Least: 1, Does: DeleteRow},
				{ID: "job.dead", Text: "datamap.from_dead", From: after("dead_at"), Days: 90, Least: 1, Does: DeleteRow},
			},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("kind", "datamap.c_job_kind"), plain("school_id", "datamap.c_school_id"),
				plain("payload", "datamap.c_job_payload").fields(jobFields()...),
				plain("run_at", "datamap.c_run_at"), plain("lease_until", "datamap.c_lease_until"), plain("lease_owner", "datamap.c_lease_owner"),
				plain("attempts", "datamap.c_attempts"), plain("last_error", "datamap.c_last_error"), plain("created_at", "datamap.c_created_at"),
				plain("done_at", "datamap.c_done_at"), plain("dead_at", "datamap.c_dead_at"),
			},
		},
		{
			Name: "audit", Text: "datamap.t_audit", Activity: Rights, School: "school_id", Key: []string{"id"},
			Rules: []Rule{{ID: "audit", Text: "datamap.from_act", From: after("at"), Days: 365, Least: 180, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "(subject_kind = 'seat' AND subject_id = $1) OR (actor_kind = 'seat' AND actor_id = $1)", Erase: BlankRows},
				{Whose: OfSeat, Where: "detail LIKE '%' || $1 || '%'", Erase: BlankRows, Apart: true},
				{Whose: OfStaff, Where: "(subject_kind = 'staff' AND subject_id = $1) OR (actor_kind = 'staff' AND actor_id = $1)", Erase: KeepRows, Why: "datamap.s_trail"},
			},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("at", "datamap.c_at").out(Shown),
				plain("actor_kind", "datamap.c_actor_kind").out(Shown),
				about(OfStaff, "actor_id", "datamap.c_actor_id").out(Technical).stays("datamap.s_trail"),
				plain("act", "datamap.c_act").out(Shown), plain("subject_kind", "datamap.c_subject_kind").out(Shown),
				about(OfSeat, "subject_id", "datamap.c_subject_id").out(Technical).stays("datamap.s_trail"),
				about(OfSeat, "detail", "datamap.c_detail").blank("'{}'").fields(auditFields()...),
			},
		},
		{
			Name: "erasure", Text: "datamap.t_erasure", Activity: Rights, School: "school_id", Key: []string{"id"},
			Rules: []Rule{{ID: "erasure", Text: "datamap.from_erasure", From: after("at"), Days: erasureDays, Least: erasureDays, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "subject_kind = 'seat' AND subject_id = $1", Erase: KeepRows, Why: "datamap.s_erasure"},
				{Whose: OfStaff, Where: "subject_kind = 'staff' AND subject_id = $1", Erase: KeepRows, Why: "datamap.s_erasure"},
			},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("subject_kind", "datamap.c_subject_kind").out(Shown),
				about(OfSeat, "subject_id", "datamap.c_subject_id").out(Technical).stays("datamap.s_erasure"),
				plain("at", "datamap.c_at").out(Shown),
			},
		},
	}
}

// erasureDays outlives every backup: while one may be restored, the erasures
// made since must be known.
const erasureDays = 3 * 365

func fileKinds() []FileKind {
	return []FileKind{{Kind: "test_package", Text: "datamap.c_test_file", Whose: OfNobody}, {Kind: "question", Text: "datamap.c_question_file", Whose: OfNobody}, {Kind: "campaign_file", Text: "datamap.c_campaign_file", Whose: OfNobody}, {Kind: "journal", Text: "datamap.c_journal_file", Whose: OfSeat}, {Kind: "journal_move", Text: "datamap.c_journal_move_file", Whose: OfSeat}}
}
