package privacy

func privacyTables() []Table {
	return []Table{
		{
			Name: "retention_setting", Text: "datamap.t_retention_setting", Activity: Rights, School: "school_id", Key: []string{"school_id", "rule"},
			Stays:  "datamap.s_school",
			People: []Person{{Whose: OfStaff, Where: "set_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}},
			Columns: []Column{
				plain("school_id", "datamap.c_school_id"), plain("rule", "datamap.c_rule"), plain("days", "datamap.c_days"),
				about(OfStaff, "set_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"), plain("set_at", "datamap.c_at"),
			},
		},
		{
			Name: "retention_run", Text: "datamap.t_retention_run", Activity: Rights, School: "school_id", Key: []string{"id"},
			Rules:  []Rule{{ID: "retention_run", Text: "datamap.from_made", From: after("created_at"), Days: 365, Least: 180, Does: DeleteRow}},
			People: []Person{{Whose: OfStaff, Where: "requested_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"),
				about(OfStaff, "requested_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"), plain("created_at", "datamap.c_created_at"),
				plain("done_at", "datamap.c_done_at"),
				plain("counts", "datamap.c_run_counts").fields(Field{Name: "*", Text: "datamap.f_rule_count"}),
			},
		},
	}
}
