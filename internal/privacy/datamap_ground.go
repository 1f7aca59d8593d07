package privacy

func groundTables() []Table {
	return []Table{
		{
			Name: "goose_db_version", Text: "privacy.t_goose_db_version", Activity: Running, Key: []string{"id"}, Stays: "privacy.s_installation",
			Columns: []Column{
				plain("id", "privacy.c_id"), plain("version_id", "privacy.c_schema_version"),
				plain("is_applied", "privacy.c_schema_applied"), plain("tstamp", "privacy.c_created_at"),
			},
		},
		{
			Name: "setting", Text: "privacy.t_setting", Activity: Running, Key: []string{"key"}, Stays: "privacy.s_installation",
			Columns: []Column{plain("key", "privacy.c_setting_key"), plain("value", "privacy.c_setting_value").out(Secret)},
		},
		{
			Name: "blob", Text: "privacy.t_blob", Activity: Running, School: "school_id", Key: []string{"id"}, Stays: "privacy.s_blob",
			Columns: []Column{
				plain("id", "privacy.c_id"), plain("school_id", "privacy.c_school_id"), plain("kind", "privacy.c_blob_kind"),
				plain("media_type", "privacy.c_media_type"), plain("size", "privacy.c_size"), plain("sha256", "privacy.c_sha256"),
				plain("created_at", "privacy.c_created_at"),
			},
		},
		{
			Name: "job", Text: "privacy.t_job", Activity: Running, School: "school_id", Key: []string{"id"},
			Rules: []Rule{
				{ID: "job.done", Text: "privacy.from_done", From: after("done_at"), Days: 7, Least: 1, Does: DeleteRow},
				{ID: "job.dead", Text: "privacy.from_dead", From: after("dead_at"), Days: 90, Least: 1, Does: DeleteRow},
			},
			Columns: []Column{
				plain("id", "privacy.c_id"), plain("kind", "privacy.c_job_kind"), plain("school_id", "privacy.c_school_id"),
				plain("payload", "privacy.c_job_payload").fields(jobFields()...),
				plain("run_at", "privacy.c_run_at"), plain("lease_until", "privacy.c_lease_until"), plain("lease_owner", "privacy.c_lease_owner"),
				plain("attempts", "privacy.c_attempts"), plain("last_error", "privacy.c_last_error"), plain("created_at", "privacy.c_created_at"),
				plain("done_at", "privacy.c_done_at"), plain("dead_at", "privacy.c_dead_at"),
			},
		},
		{
			Name: "audit", Text: "privacy.t_audit", Activity: Rights, School: "school_id", Key: []string{"id"},
			Rules: []Rule{{ID: "audit", Text: "privacy.from_act", From: after("at"), Days: 365, Least: 180, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "(subject_kind = 'seat' AND subject_id = $1) OR (actor_kind = 'seat' AND actor_id = $1)", Erase: BlankRows},
				{Whose: OfSeat, Where: "detail LIKE '%' || $1 || '%'", Erase: BlankRows, Apart: true},
				{Whose: OfStaff, Where: "(subject_kind = 'staff' AND subject_id = $1) OR (actor_kind = 'staff' AND actor_id = $1)", Erase: KeepRows, Why: "privacy.s_trail"},
			},
			Columns: []Column{
				plain("id", "privacy.c_id"), plain("school_id", "privacy.c_school_id"), plain("at", "privacy.c_at").out(Shown),
				plain("actor_kind", "privacy.c_actor_kind").out(Shown),
				about(OfStaff, "actor_id", "privacy.c_actor_id").out(Technical).stays("privacy.s_trail"),
				plain("act", "privacy.c_act").out(Shown), plain("subject_kind", "privacy.c_subject_kind").out(Shown),
				about(OfSeat, "subject_id", "privacy.c_subject_id").out(Technical).stays("privacy.s_trail"),
				about(OfSeat, "detail", "privacy.c_detail").blank("'{}'").fields(auditFields()...),
			},
		},
		{
			Name: "erasure", Text: "privacy.t_erasure", Activity: Rights, School: "school_id", Key: []string{"id"},
			Rules: []Rule{{ID: "erasure", Text: "privacy.from_erasure", From: after("at"), Days: erasureDays, Least: erasureDays, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "subject_kind = 'seat' AND subject_id = $1", Erase: KeepRows, Why: "privacy.s_erasure"},
				{Whose: OfStaff, Where: "subject_kind = 'staff' AND subject_id = $1", Erase: KeepRows, Why: "privacy.s_erasure"},
			},
			Columns: []Column{
				plain("id", "privacy.c_id"), plain("school_id", "privacy.c_school_id"), plain("subject_kind", "privacy.c_subject_kind").out(Shown),
				about(OfSeat, "subject_id", "privacy.c_subject_id").out(Technical).stays("privacy.s_erasure"),
				plain("at", "privacy.c_at").out(Shown),
			},
		},
	}
}

// erasureDays outlives every backup: while one may be restored, the erasures
// made since must be known.
const erasureDays = 3 * 365

func fileKinds() []FileKind { return nil }
