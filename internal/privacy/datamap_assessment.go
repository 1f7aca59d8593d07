package privacy

import "slices"

// closed is when the campaign that a row belongs to closes.
func campaignClosed(table string) string {
	return `(SELECT c.closes_at FROM campaign c WHERE c.id = ` + table + `.campaign_id)`
}

func ofSitting(table string) string {
	return `EXISTS (SELECT 1 FROM sitting t WHERE t.id = ` + table + `.sitting_id AND t.seat_id = $1)`
}

func sittingClosed(table string) string {
	return `(SELECT c.closes_at FROM sitting t JOIN campaign c ON c.id = t.campaign_id WHERE t.id = ` + table + `.sitting_id)`
}

func assessmentTables() []Table {
	ofCampaign := Parent{Column: "campaign_id", Table: "campaign", Cascade: true}
	of := Parent{Column: "sitting_id", Table: "sitting", Cascade: true}
	sittings := func(id, table string) Rule {
		return Rule{ID: id, Text: "datamap.from_campaign_closed", From: Start{SQL: sittingClosed(table)}, Days: 365, Least: 30, Does: DeleteRow}
	}
	acted := func(column string) []Person {
		return []Person{{Whose: OfStaff, Where: column + " = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}}
	}
	by := func(column string) Column {
		return about(OfStaff, column, "datamap.c_created_by").out(Technical).stays("datamap.s_actor")
	}
	return []Table{
		{
			Name: "test_package", Text: "datamap.t_test_package", Activity: Assessments, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_school",
			People: acted("created_by"),
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("blob_id", "datamap.c_test_file"), plain("sha256", "datamap.c_test_sum"), plain("title", "datamap.c_test_title"),
				plain("test", "datamap.c_test_name"), plain("items", "datamap.c_test_items"), by("created_by"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "campaign_publisher", Text: "datamap.t_campaign_publisher", Activity: Assessments, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_school",
			People: append(acted("accepted_by"), acted("ended_by")...),
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("name", "datamap.c_publisher_name"), plain("folded", "datamap.c_publisher_name"), plain("key", "datamap.c_publisher_key"),
				by("accepted_by"), plain("accepted_at", "datamap.c_at"), by("ended_by"), plain("ended_at", "datamap.c_at"), about(OfSchool, "why", "datamap.c_publisher_why"),
			},
		},
		{
			Name: "campaign_file", Text: "datamap.t_campaign_file", Activity: Assessments, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_school",
			People: slices.Concat(acted("brought_by"), acted("accepted_by"), acted("opened_by")),
			Columns: []Column{
				plain("id", "datamap.c_campaign"), plain("school_id", "datamap.c_school_id"), plain("blob_id", "datamap.c_campaign_file"), plain("sha256", "datamap.c_test_sum"), plain("campaign", "datamap.c_campaign_named"),
				plain("edition", "datamap.c_campaign_edition"), plain("publisher", "datamap.c_publisher_name"), plain("key", "datamap.c_publisher_key"), plain("title", "datamap.c_campaign_title"), plain("opens_at", "datamap.c_campaign_opens"),
				plain("closes_at", "datamap.c_campaign_closes"), plain("kept_days", "datamap.c_campaign_kept"), by("brought_by"), plain("brought_at", "datamap.c_created_at"), by("accepted_by"), plain("accepted_at", "datamap.c_at"), by("opened_by"), plain("opened_at", "datamap.c_at"),
			},
		},
		{
			Name: "campaign", Text: "datamap.t_campaign", Activity: Assessments, School: "school_id", Key: []string{"id"},
			Parents: []Parent{{Column: "package_id", Table: "test_package"}, {Column: "taken_id", Table: "test_package"}},
			Rules:   []Rule{{ID: "campaign", Text: "datamap.from_campaign_closed", From: after("closes_at"), Days: 365, Least: 30, Does: DeleteRow}},
			People:  acted("created_by"),
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("package_id", "datamap.c_campaign_scored"), plain("taken_id", "datamap.c_campaign_taken"),
				about(OfSchool, "title", "datamap.c_campaign_title"), about(OfSchool, "policy", "datamap.c_campaign_policy").fields(policyFields()...), about(OfSchool, "opens_at", "datamap.c_campaign_opens"),
				about(OfSchool, "closes_at", "datamap.c_campaign_closes"), by("created_by"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "campaign_group", Text: "datamap.t_campaign_group", Activity: Assessments, School: "school_id", Key: []string{"campaign_id", "group_id"}, Parents: []Parent{ofCampaign},
			Rules:   []Rule{{ID: "campaign_group", Text: "datamap.from_campaign_closed", From: Start{SQL: campaignClosed("campaign_group")}, Days: 365, Least: 30, Does: DeleteRow}},
			Columns: []Column{plain("campaign_id", "datamap.c_campaign"), plain("group_id", "datamap.c_campaign_group"), plain("school_id", "datamap.c_school_id")},
		},
		{
			Name: "campaign_seat", Text: "datamap.t_campaign_seat", Activity: Assessments, School: "school_id", Key: []string{"campaign_id", "seat_id"}, Parents: []Parent{ofCampaign},
			Rules: []Rule{{ID: "campaign_seat", Text: "datamap.from_campaign_closed", From: Start{SQL: campaignClosed("campaign_seat")}, Days: 365, Least: 30, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows},
				{Whose: OfStaff, Where: "set_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true},
			},
			Columns: []Column{
				plain("campaign_id", "datamap.c_campaign").out(Shown), about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical), plain("school_id", "datamap.c_school_id"),
				about(OfSeat, "extra", "datamap.c_extra_time"), about(OfSeat, "helped", "datamap.c_helped"), about(OfSeat, "mark", "datamap.c_sitting_mark"), by("set_by"), plain("set_at", "datamap.c_at").out(Shown),
			},
		},
		{
			Name: "campaign_rescore", Text: "datamap.t_campaign_rescore", Activity: Assessments, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofCampaign},
			Rules:  []Rule{{ID: "campaign_rescore", Text: "datamap.from_campaign_closed", From: Start{SQL: campaignClosed("campaign_rescore")}, Days: 365, Least: 30, Does: DeleteRow}},
			People: acted("set_by"),
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("campaign_id", "datamap.c_campaign"), plain("school_id", "datamap.c_school_id"), plain("from_package", "datamap.c_campaign_taken"),
				plain("to_package", "datamap.c_campaign_scored"), about(OfSchool, "why", "datamap.c_rescore_why"), by("set_by"), plain("set_at", "datamap.c_at"),
			},
		},
		{
			Name: "campaign_room", Text: "datamap.t_campaign_room", Activity: Assessments, School: "school_id", Key: []string{"campaign_id", "group_id", "sequence"}, Parents: []Parent{ofCampaign},
			Rules:  []Rule{{ID: "campaign_room", Text: "datamap.from_campaign_closed", From: Start{SQL: campaignClosed("campaign_room")}, Days: 365, Least: 30, Does: DeleteRow}},
			People: acted("set_by"),
			Columns: []Column{
				plain("campaign_id", "datamap.c_campaign"), plain("group_id", "datamap.c_campaign_group"), plain("sequence", "datamap.c_sequence"), plain("school_id", "datamap.c_school_id"),
				plain("status", "datamap.c_room_status"), by("set_by"), plain("set_at", "datamap.c_at"),
			},
		},
		{
			Name: "sitting", Text: "datamap.t_sitting", Activity: Assessments, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofCampaign},
			Rules:  []Rule{{ID: "sitting", Text: "datamap.from_campaign_closed", From: Start{SQL: campaignClosed("sitting")}, Days: 365, Least: 30, Does: DeleteRow}},
			People: []Person{{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("campaign_id", "datamap.c_campaign").out(Shown), about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical),
				about(OfSeat, "sequence", "datamap.c_sequence"), plain("seed", "datamap.c_sitting_seed").out(Secret), about(OfSeat, "status", "datamap.c_sitting_status"), about(OfSeat, "device", "datamap.c_sitting_device"),
				plain("asking", "datamap.c_sitting_asking"), about(OfSeat, "stage", "datamap.c_sitting_stage"), about(OfSeat, "started_at", "datamap.c_sitting_started"), about(OfSeat, "ends_at", "datamap.c_sitting_ends"),
				about(OfSeat, "paused_at", "datamap.c_sitting_paused"), about(OfSeat, "finished_at", "datamap.c_sitting_finished"),
			},
		},
		{
			Name: "sitting_answer", Text: "datamap.t_sitting_answer", Activity: Assessments, School: "school_id", Key: []string{"sitting_id", "device", "n"}, Parents: []Parent{of},
			Rules:  []Rule{sittings("sitting_answer", "sitting_answer")},
			People: []Person{{Whose: OfSeat, Where: ofSitting("sitting_answer"), Erase: DeleteRows}},
			Columns: []Column{
				plain("sitting_id", "datamap.c_sitting").out(Shown), about(OfSeat, "device", "datamap.c_sitting_device"), plain("n", "datamap.c_answer_n"), plain("school_id", "datamap.c_school_id"),
				about(OfSeat, "item", "datamap.c_answer_item"), about(OfSeat, "data", "datamap.c_answer_data").fields(Field{Name: "code", Text: "datamap.f_answer_code"}), about(OfSeat, "at", "datamap.c_at"), about(OfSeat, "late", "datamap.c_answer_late"),
			},
		},
		{
			Name: "sitting_turn", Text: "datamap.t_sitting_turn", Activity: Assessments, School: "school_id", Key: []string{"sitting_id", "item", "n", "late"}, Parents: []Parent{of},
			Rules:  []Rule{sittings("sitting_turn", "sitting_turn")},
			People: []Person{{Whose: OfSeat, Where: ofSitting("sitting_turn"), Erase: DeleteRows}},
			Columns: []Column{
				plain("sitting_id", "datamap.c_sitting").out(Shown), about(OfSeat, "item", "datamap.c_answer_item"), about(OfSeat, "n", "datamap.c_turn_n"), about(OfSeat, "late", "datamap.c_answer_late"),
				plain("school_id", "datamap.c_school_id"), about(OfSeat, "device", "datamap.c_sitting_device"), about(OfSeat, "data", "datamap.c_answer_data"),
				about(OfSeat, "state", "datamap.c_turn_state").fields(Field{Name: "done", Text: "datamap.f_turn_done"}, Field{Name: "outcomes", Text: "datamap.f_turn_outcomes"}), about(OfSeat, "at", "datamap.c_at"),
			},
		},
		{
			Name: "sitting_event", Text: "datamap.t_sitting_event", Activity: Assessments, School: "school_id", Key: []string{"id"}, Parents: []Parent{of},
			Rules: []Rule{sittings("sitting_event", "sitting_event")},
			People: []Person{
				{Whose: OfSeat, Where: ofSitting("sitting_event"), Erase: DeleteRows},
				{Whose: OfStaff, Where: "by_staff = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true},
			},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("sitting_id", "datamap.c_sitting").out(Shown), plain("school_id", "datamap.c_school_id"), about(OfSeat, "at", "datamap.c_at"), about(OfSeat, "kind", "datamap.c_sitting_event"),
				by("by_staff"), about(OfSeat, "data", "datamap.c_sitting_event_data").fields(Field{Name: "minutes", Text: "datamap.f_minutes"}, Field{Name: "seconds", Text: "datamap.f_gap"}, Field{Name: "note", Text: "datamap.f_note"}),
			},
		},
	}
}

// paperTables are what adults keep of paper, of reading aloud and of marking.
func paperTables() []Table {
	ofCampaign := []Parent{{Column: "campaign_id", Table: "campaign", Cascade: true}}
	closed := func(table string) []Rule {
		return []Rule{{ID: table, Text: "datamap.from_campaign_closed", From: Start{SQL: campaignClosed(table)}, Days: 365, Least: 30, Does: DeleteRow}}
	}
	acted := func(columns ...string) []Person {
		var out []Person
		for _, column := range columns {
			out = append(out, Person{Whose: OfStaff, Where: column + " = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true})
		}
		return out
	}
	seat := Person{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows}
	by := func(column string) Column {
		return about(OfStaff, column, "datamap.c_created_by").out(Technical).stays("datamap.s_actor")
	}
	campaign := plain("campaign_id", "datamap.c_campaign").out(Shown)
	whose := about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical)
	school := plain("school_id", "datamap.c_school_id")
	reading := func(table string) string {
		return `(SELECT c.closes_at FROM aloud_reading r JOIN campaign c ON c.id = r.campaign_id WHERE r.id = ` + table + `.reading_id)`
	}
	return []Table{
		{
			Name: "paper_check", Text: "datamap.t_paper_check", Activity: Assessments, School: "school_id", Key: []string{"campaign_id", "group_id", "sequence"}, Parents: ofCampaign, Rules: closed("paper_check"), People: acted("drawn_by"),
			Columns: []Column{
				plain("campaign_id", "datamap.c_campaign"), plain("group_id", "datamap.c_campaign_group"), plain("sequence", "datamap.c_sequence"), school, plain("seed", "datamap.c_paper_seed"), plain("share", "datamap.c_paper_share"),
				by("drawn_by"), plain("drawn_at", "datamap.c_at"),
			},
		},
		{
			Name: "paper_drawn", Text: "datamap.t_paper_drawn", Activity: Assessments, School: "school_id", Key: []string{"campaign_id", "group_id", "sequence", "seat_id"}, Parents: ofCampaign, Rules: closed("paper_drawn"), People: []Person{seat},
			Columns: []Column{campaign, plain("group_id", "datamap.c_campaign_group"), plain("sequence", "datamap.c_sequence").out(Shown), whose, school},
		},
		{
			Name: "paper_second", Text: "datamap.t_paper_second", Activity: Assessments, School: "school_id", Key: []string{"campaign_id", "sequence", "seat_id", "question"}, Parents: ofCampaign, Rules: closed("paper_second"),
			People: append([]Person{seat}, acted("keyed_by", "decided_by")...),
			Columns: []Column{
				campaign, plain("sequence", "datamap.c_sequence").out(Shown), whose, plain("question", "datamap.c_answer_item").out(Shown), school, about(OfSeat, "code", "datamap.f_answer_code"), by("keyed_by"), plain("keyed_at", "datamap.c_at").out(Shown),
				about(OfSeat, "first_code", "datamap.c_paper_first"), about(OfSeat, "decided", "datamap.c_paper_decided"), by("decided_by"), plain("decided_at", "datamap.c_paper_decided_at").out(Shown),
			},
		},
		{
			Name: "aloud_state", Text: "datamap.t_aloud_state", Activity: Assessments, School: "school_id", Key: []string{"campaign_id", "seat_id"}, Parents: ofCampaign, Rules: closed("aloud_state"), People: append([]Person{seat}, acted("set_by")...),
			Columns: []Column{campaign, whose, school, about(OfSeat, "state", "datamap.c_sitting_mark"), by("set_by"), plain("set_at", "datamap.c_at").out(Shown)},
		},
		{
			Name: "aloud_reading", Text: "datamap.t_aloud_reading", Activity: Assessments, School: "school_id", Key: []string{"id"}, Parents: ofCampaign, Rules: closed("aloud_reading"), People: append([]Person{seat}, acted("begun_by")...),
			Columns: []Column{plain("id", "datamap.c_id"), campaign, whose, school, by("begun_by"), about(OfSeat, "begun_at", "datamap.c_at")},
		},
		{
			Name: "aloud_save", Text: "datamap.t_aloud_save", Activity: Assessments, School: "school_id", Key: []string{"reading_id", "n"}, Parents: []Parent{{Column: "reading_id", Table: "aloud_reading", Cascade: true}},
			Rules:  []Rule{{ID: "aloud_save", Text: "datamap.from_campaign_closed", From: Start{SQL: reading("aloud_save")}, Days: 365, Least: 30, Does: DeleteRow}},
			People: []Person{{Whose: OfSeat, Where: `EXISTS (SELECT 1 FROM aloud_reading r WHERE r.id = aloud_save.reading_id AND r.seat_id = $1)`, Erase: DeleteRows}},
			Columns: []Column{
				plain("reading_id", "datamap.c_reading").out(Shown), plain("n", "datamap.c_answer_n"), school,
				about(OfSeat, "data", "datamap.c_reading_data").fields(
					Field{Name: "wrong", Text: "datamap.f_reading_wrong"}, Field{Name: "last", Text: "datamap.f_reading_last"}, Field{Name: "seconds", Text: "datamap.f_reading_seconds"},
					Field{Name: "done", Text: "datamap.f_reading_done"}, Field{Name: "void", Text: "datamap.f_reading_void"}),
				about(OfSeat, "at", "datamap.c_at"),
			},
		},
		{
			Name: "rubric", Text: "datamap.t_rubric", Activity: Assessments, School: "school_id", Key: []string{"campaign_id", "question"}, Parents: ofCampaign, Rules: closed("rubric"), People: acted("set_by"),
			Columns: []Column{
				plain("campaign_id", "datamap.c_campaign"), plain("question", "datamap.c_answer_item"), school,
				about(OfSchool, "criteria", "datamap.c_rubric_criteria").fields(Field{Name: "name", Text: "datamap.f_criterion"}, Field{Name: "levels", Text: "datamap.f_levels"}), plain("twice", "datamap.c_rubric_twice"),
				by("set_by"), plain("set_at", "datamap.c_at"),
			},
		},
		{
			Name: "marking", Text: "datamap.t_marking", Activity: Assessments, School: "school_id", Key: []string{"id"}, Parents: ofCampaign, Rules: closed("marking"), People: append([]Person{seat}, acted("marked_by")...),
			Columns: []Column{
				plain("id", "datamap.c_id"), campaign, plain("question", "datamap.c_answer_item").out(Shown), whose, school, about(OfSeat, "turn", "datamap.c_marking_turn"), plain("n", "datamap.c_answer_n"),
				about(OfSeat, "levels", "datamap.f_levels"), by("marked_by"), about(OfSeat, "marked_at", "datamap.c_at"),
			},
		},
	}
}

// policyFields are the members of a campaign's policy.
func policyFields() []Field {
	return []Field{
		{Name: "sequences", Text: "datamap.c_sequence"}, {Name: "calculator", Text: "datamap.f_calculator"}, {Name: "controller", Text: "datamap.f_controller"}, {Name: "basis", Text: "datamap.f_basis"},
		{Name: "notice", Text: "datamap.f_notice"}, {Name: "objection", Text: "datamap.f_objection"}, {Name: "upward", Text: "datamap.f_upward"}, {Name: "askEach", Text: "datamap.f_ask_each"}, {Name: "showResults", Text: "datamap.f_show_results"},
		{Name: "aloud", Text: "datamap.f_aloud"},
	}
}
