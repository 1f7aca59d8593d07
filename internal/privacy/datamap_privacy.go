package privacy

func privacyTables() []Table {
	return []Table{
		{
			Name: "retention_setting", Text: "privacy.t_retention_setting", Activity: Rights, School: "school_id", Key: []string{"school_id", "rule"},
			Stays:  "privacy.s_school",
			People: []Person{{Whose: OfStaff, Where: "set_by = $1", Erase: KeepRows, Why: "privacy.s_actor", Apart: true}},
			Columns: []Column{
				plain("school_id", "privacy.c_school_id"), plain("rule", "privacy.c_rule"), plain("days", "privacy.c_days"),
				about(OfStaff, "set_by", "privacy.c_created_by").out(Technical).stays("privacy.s_actor"), plain("set_at", "privacy.c_at"),
			},
		},
		{
			Name: "retention_run", Text: "privacy.t_retention_run", Activity: Rights, School: "school_id", Key: []string{"id"},
			Rules:  []Rule{{ID: "retention_run", Text: "privacy.from_made", From: after("created_at"), Days: 365, Least: 180, Does: DeleteRow}},
			People: []Person{{Whose: OfStaff, Where: "requested_by = $1", Erase: KeepRows, Why: "privacy.s_actor", Apart: true}},
			Columns: []Column{
				plain("id", "privacy.c_id"), plain("school_id", "privacy.c_school_id"),
				about(OfStaff, "requested_by", "privacy.c_created_by").out(Technical).stays("privacy.s_actor"), plain("created_at", "privacy.c_created_at"),
				plain("done_at", "privacy.c_done_at"),
				plain("counts", "privacy.c_run_counts").fields(Field{Name: "*", Text: "privacy.f_rule_count"}),
			},
		},
	}
}
