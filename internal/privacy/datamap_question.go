package privacy

// questionTables are what staff write for the bank.
func questionTables() []Table {
	acted := func(column string) []Person {
		return []Person{{Whose: OfStaff, Where: column + " = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}}
	}
	by := func(column string) Column {
		return about(OfStaff, column, "datamap.c_created_by").out(Technical).stays("datamap.s_actor")
	}
	school := plain("school_id", "datamap.c_school_id")
	of := []Parent{{Column: "question_id", Table: "question", Cascade: true}}
	number := plain("version", "datamap.c_question_version")
	return []Table{
		{
			Name: "question", Text: "datamap.t_question", Activity: Assessments, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_school", People: acted("created_by"),
			Columns: []Column{
				plain("id", "datamap.c_id"), school, plain("kind", "datamap.c_question_kind"), plain("title", "datamap.c_question_title"), plain("skill", "datamap.c_question_skill"), plain("points", "datamap.c_question_points"),
				number, by("created_by"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "question_version", Text: "datamap.t_question_version", Activity: Assessments, School: "school_id", Key: []string{"question_id", "version"}, Parents: of, Stays: "datamap.s_school", People: acted("saved_by"),
			Columns: []Column{
				plain("question_id", "datamap.f_question"), number, school, plain("draft", "datamap.c_question_draft").fields(draftFields()...), by("saved_by"), plain("saved_at", "datamap.c_at"),
			},
		},
		{
			Name: "question_file", Text: "datamap.t_question_file", Activity: Assessments, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_school", People: acted("created_by"),
			Columns: []Column{
				plain("id", "datamap.c_id"), school, plain("blob_id", "datamap.c_question_file"), plain("media_type", "datamap.c_media_type"), plain("width", "datamap.c_question_size"), plain("height", "datamap.c_question_size"),
				by("created_by"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "question_shows", Text: "datamap.t_question_shows", Activity: Assessments, School: "school_id", Key: []string{"question_id", "version", "file_id"}, Stays: "datamap.s_school",
			Parents: append(of, Parent{Column: "file_id", Table: "question_file"}),
			Columns: []Column{plain("question_id", "datamap.f_question"), number, plain("file_id", "datamap.c_question_file"), school},
		},
		{
			Name: "test_plan", Text: "datamap.t_test_plan", Activity: Assessments, School: "school_id", Key: []string{"package_id"}, Stays: "datamap.s_school", Parents: []Parent{{Column: "package_id", Table: "test_package", Cascade: true}},
			Columns: []Column{
				plain("package_id", "datamap.c_test_file"), school,
				plain("plan", "datamap.c_test_plan").fields(Field{Name: "title", Text: "datamap.c_test_title"}, Field{Name: "sections", Text: "datamap.c_test_plan"}, Field{Name: "blueprint", Text: "datamap.c_test_plan"}, Field{Name: "seed", Text: "datamap.f_draw_seed"}),
			},
		},
		{
			Name: "test_question", Text: "datamap.t_test_question", Activity: Assessments, School: "school_id", Key: []string{"package_id", "question_id"}, Stays: "datamap.s_school",
			Parents: []Parent{{Column: "package_id", Table: "test_package", Cascade: true}, {Column: "question_id", Table: "question"}},
			Columns: []Column{plain("package_id", "datamap.c_test_file"), plain("question_id", "datamap.f_question"), number, school},
		},
	}
}

// draftFields are the members of a question as it was written.
func draftFields() []Field {
	names := []string{
		"kind", "title", "language", "skill", "points", "partial", "stem", "ask", "shuffle", "answers", "text", "gaps", "pairs", "extra", "before", "after", "accepted", "number", "margin", "exact",
		"lines", "guide", "picture", "areas", "whenRight", "whenWrong",
	}
	fields := make([]Field, len(names))
	for i, name := range names {
		fields[i] = Field{Name: name, Text: "datamap.c_question_draft"}
	}
	return fields
}
