package privacy

// authoredBy is the condition that the author in a column is a person's pen name.
func authoredBy(column, person string) string {
	return `EXISTS (SELECT 1 FROM journal_author a WHERE a.id = ` + column + ` AND a.` + person + ` = $1)`
}

// writtenBy is the condition that a revision is of a piece that a person signs.
func writtenBy(person, published string) string {
	return `EXISTS (SELECT 1 FROM journal_piece p JOIN journal_piece_author x ON x.piece_id = p.id JOIN journal_author a ON a.id = x.author_id
		WHERE p.id = journal_revision.piece_id AND p.first_at IS ` + published + ` AND a.` + person + ` = $1)`
}

const (
	showsSeat = `EXISTS (SELECT 1 FROM journal_consent_use u JOIN journal_consent c ON c.id = u.consent_id WHERE u.subject = journal_file.id AND c.seat_id = $1)`
	namesSeat = `EXISTS (SELECT 1 FROM journal_consent_use u JOIN journal_consent c ON c.id = u.consent_id WHERE u.subject = journal_piece.id AND c.seat_id = $1)`
	addedBy   = `IN (SELECT c.id FROM journal_contribution c WHERE c.seat_id = $1)`
)

func journalTables() []Table {
	ofPiece := Parent{Column: "piece_id", Table: "journal_piece", Cascade: true}
	ofAuthor := func(column string) Parent { return Parent{Column: column, Table: "journal_author"} }
	staffActs := func(column string) Person {
		return Person{Whose: OfStaff, Where: column + " = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}
	}
	seatActs := func(column string) Person {
		return Person{Whose: OfSeat, Where: column + " = $1", Erase: KeepRows, Why: "datamap.s_journal_actor", Apart: true}
	}
	by := func(column string) Column {
		return about(OfStaff, column, "datamap.c_created_by").out(Technical).stays("datamap.s_actor")
	}
	id, school, at := plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("at", "datamap.c_at").out(Shown)
	said := func(name, text string) Column { return about(OfSchool, name, text) }
	written := func(name, text, blank string) Column { return about(OfSeat, name, text).blank(blank) }
	return []Table{
		{
			Name: "journal", Text: "datamap.t_journal", Activity: Publishing, School: "school_id", Key: []string{"school_id"}, Stays: "datamap.s_school", Concerns: []Whose{OfStaff, OfSeat},
			People: []Person{staffActs("set_by")},
			Columns: []Column{
				school, said("slug", "datamap.c_journal_slug"), said("title", "datamap.c_journal_title"), said("subtitle", "datamap.c_journal_title"), said("opened", "datamap.c_journal_opened"),
				said("widest", "datamap.c_journal_audience"), said("contributions", "datamap.c_journal_who_adds"), said("outside", "datamap.c_journal_outside"), said("director", "datamap.c_journal_director"),
				said("director_as", "datamap.c_journal_director"), plain("director_consent", "datamap.c_journal_consent"), said("publisher", "datamap.c_journal_notice"), said("host", "datamap.c_journal_notice"),
				said("contact", "datamap.c_journal_notice"), said("how_to", "datamap.c_journal_notice"), said("accessibility", "datamap.c_journal_notice"), said("accessible", "datamap.c_journal_notice"), by("set_by"), plain("set_at", "datamap.c_at"),
			},
		},
		{
			Name: "journal_theme", Text: "datamap.t_journal_theme", Activity: Publishing, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_school",
			Columns: []Column{id, school, said("slug", "datamap.c_journal_slug"), said("name", "datamap.c_journal_axis"), said("about", "datamap.c_journal_axis"), plain("rank", "datamap.c_journal_rank"), plain("created_at", "datamap.c_created_at")},
		},
		{
			Name: "journal_collective", Text: "datamap.t_journal_collective", Activity: Publishing, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_school",
			Columns: []Column{
				id, school, said("slug", "datamap.c_journal_slug"), said("name", "datamap.c_journal_axis"), said("kind", "datamap.c_journal_axis"), said("about", "datamap.c_journal_axis"), plain("rank", "datamap.c_journal_rank"),
				plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "journal_author", Text: "datamap.t_journal_author", Activity: Publishing, School: "school_id", Key: []string{"id"}, Stays: "datamap.s_journal_signature",
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: BlankRows},
				{Whose: OfStaff, Where: "staff_id = $1", Erase: BlankRows},
			},
			Columns: []Column{
				id, school, about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical).blank("NULL"), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical).blank("NULL"),
				written("pen_name", "datamap.c_pen_name", "''"), written("pen_key", "datamap.c_pen_name", "'erased:' || id").out(Technical), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "journal_mandate", Text: "datamap.t_journal_mandate", Activity: Publishing, School: "school_id", Key: []string{"id"},
			Rules: []Rule{{ID: "journal_mandate", Text: "datamap.from_journal_until", From: after("until"), Days: 365, Least: 1, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows}, {Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows}, staffActs("given_by"),
			},
			Columns: []Column{
				id, school, about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical), plain("kind", "datamap.c_journal_mandate").out(Shown),
				plain("starts_at", "datamap.c_at").out(Shown), plain("until", "datamap.c_until").out(Shown), by("given_by"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "journal_piece", Text: "datamap.t_journal_piece", Activity: Publishing, School: "school_id", Key: []string{"id"}, Parents: []Parent{{Column: "collective_id", Table: "journal_collective"}},
			Through: []string{"journal_consent_use", "journal_consent"},
			Rules:   []Rule{{ID: "journal_piece.draft", Text: "datamap.from_journal_draft", From: Start{SQL: "CASE WHEN journal_piece.first_at IS NULL THEN journal_piece.changed_at END"}, Days: 730, Least: 30, Does: DeleteRow}},
			People:  []Person{{Whose: OfSeat, Where: namesSeat, Erase: BlankRows, Apart: true}},
			Columns: []Column{
				id, school, plain("kind", "datamap.c_journal_kind"), plain("status", "datamap.c_journal_status"), plain("change", "datamap.c_journal_status"), plain("slug", "datamap.c_journal_slug"),
				plain("collective_id", "datamap.c_journal_axis"), plain("audience", "datamap.c_journal_audience"), plain("group_id", "datamap.c_journal_audience"), plain("live_id", "datamap.c_journal_revision"),
				plain("work_id", "datamap.c_journal_revision"), plain("holder", "datamap.c_journal_holder"), plain("asked_at", "datamap.c_at"), plain("published_at", "datamap.c_at"), plain("first_at", "datamap.c_at"),
				plain("changed_at", "datamap.c_at"), written("hidden_at", "datamap.c_journal_hidden", "coalesce(hidden_at, {now})").out(Technical), plain("happens_at", "datamap.c_at"), plain("visits", "datamap.c_journal_visits"),
				plain("additions", "datamap.c_journal_count"), plain("version", "datamap.c_record_version"), plain("created_at", "datamap.c_created_at"), plain("moved", "datamap.c_journal_moved"),
			},
		},
		{
			Name: "journal_revision", Text: "datamap.t_journal_revision", Activity: Publishing, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofPiece}, Concerns: []Whose{OfSeat, OfStaff},
			Through: []string{"journal_piece_author", "journal_author", "journal_piece"},
			People: []Person{
				{Whose: OfSeat, Where: writtenBy("seat_id", "NULL"), Erase: BlankRows},
				{Whose: OfSeat, Where: writtenBy("seat_id", "NOT NULL"), Erase: KeepRows, Why: "datamap.s_journal_published"},
				{Whose: OfStaff, Where: authoredBy("journal_revision.by_author", "staff_id"), Erase: KeepRows, Why: "datamap.s_journal_published"},
			},
			Columns: []Column{
				id, plain("piece_id", "datamap.c_journal_piece").out(Shown), school, plain("n", "datamap.c_journal_revision").out(Shown), plain("by_author", "datamap.c_pen_name"), plain("created_at", "datamap.c_created_at"),
				plain("saved_at", "datamap.c_at").out(Shown), plain("published_at", "datamap.c_at").out(Shown), written("title", "datamap.c_journal_text", "''"), written("kicker", "datamap.c_journal_text", "''"),
				written("standfirst", "datamap.c_journal_text", "''"), plain("picture_id", "datamap.c_journal_file"), written("picture_alt", "datamap.c_journal_text", "''"), written("credit", "datamap.c_journal_text", "''"),
				written("about", "datamap.c_journal_about", `'{"audience":"school"}'`).fields(journalFields()...), written("body", "datamap.c_journal_text", `'{"type":"doc","content":[]}'`),
			},
		},
		{
			Name: "journal_piece_author", Text: "datamap.t_journal_piece_author", Activity: Publishing, School: "school_id", Key: []string{"piece_id", "author_id"}, Parents: []Parent{ofPiece, ofAuthor("author_id")},
			Columns: []Column{plain("piece_id", "datamap.c_journal_piece"), plain("author_id", "datamap.c_pen_name"), school, plain("rank", "datamap.c_journal_rank"), plain("agreed", "datamap.c_journal_agreed")},
		},
		{
			Name: "journal_piece_theme", Text: "datamap.t_journal_filed", Activity: Publishing, School: "school_id", Key: []string{"piece_id", "theme_id"}, Parents: []Parent{ofPiece, {Column: "theme_id", Table: "journal_theme"}},
			Columns: []Column{plain("piece_id", "datamap.c_journal_piece"), plain("theme_id", "datamap.c_journal_axis"), school, plain("published_at", "datamap.c_at")},
		},
		{
			Name: "journal_tag", Text: "datamap.t_journal_filed", Activity: Publishing, School: "school_id", Key: []string{"piece_id", "slug"}, Parents: []Parent{ofPiece},
			Columns: []Column{plain("piece_id", "datamap.c_journal_piece"), plain("slug", "datamap.c_journal_axis"), school, plain("name", "datamap.c_journal_axis"), plain("published_at", "datamap.c_at")},
		},
		{
			Name: "journal_word", Text: "datamap.t_journal_word", Activity: Publishing, School: "school_id", Key: []string{"school_id", "word", "weight", "published_at", "piece_id"}, Parents: []Parent{ofPiece},
			Columns: []Column{school, plain("word", "datamap.c_journal_word"), plain("weight", "datamap.c_journal_word"), plain("published_at", "datamap.c_at"), plain("piece_id", "datamap.c_journal_piece")},
		},
		{
			Name: "journal_note", Text: "datamap.t_journal_note", Activity: Publishing, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofPiece, ofAuthor("by_author")},
			People: []Person{
				{Whose: OfSeat, Where: authoredBy("journal_note.by_author", "seat_id"), Erase: BlankRows},
				{Whose: OfStaff, Where: authoredBy("journal_note.by_author", "staff_id"), Erase: KeepRows, Why: "datamap.s_journal_reason"},
			},
			Columns: []Column{
				id, plain("piece_id", "datamap.c_journal_piece").out(Shown), school, plain("kind", "datamap.c_journal_act"), plain("act", "datamap.c_journal_act").out(Shown), plain("by_author", "datamap.c_pen_name"),
				written("text", "datamap.c_journal_note", "''"), at,
			},
		},
		{
			Name: "journal_decision", Text: "datamap.t_journal_decision", Activity: Moderation, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofPiece}, People: []Person{staffActs("by_staff"), staffActs("told_by")},
			Columns: []Column{
				id, plain("piece_id", "datamap.c_journal_piece"), school, said("act", "datamap.c_journal_act"), said("reason", "datamap.c_journal_reason"), by("by_staff"), at, plain("told_at", "datamap.c_journal_told"), by("told_by"),
			},
		},
		{
			Name: "journal_contribution", Text: "datamap.t_journal_contribution", Activity: Moderation, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofPiece}, Concerns: []Whose{OfSeat, OfStaff},
			Rules: []Rule{{ID: "journal_contribution.refused", Text: "datamap.from_journal_refused", From: Start{SQL: "CASE WHEN journal_contribution.status IN ('refused', 'spam') THEN coalesce(journal_contribution.decided_at, journal_contribution.at) END"}, Days: 90, Least: 7, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows}, {Whose: OfStaff, Where: "staff_id = $1", Erase: BlankRows}, staffActs("decided_by"), seatActs("decided_by"),
			},
			Columns: []Column{
				id, plain("piece_id", "datamap.c_journal_piece").out(Shown), school, about(OfSeat, "status", "datamap.c_journal_status"), about(OfSeat, "name", "datamap.c_journal_signed"), about(OfSeat, "text", "datamap.c_journal_added"),
				about(OfSeat, "link", "datamap.c_journal_added"), plain("answer", "datamap.c_journal_answer").out(Shown), plain("reason", "datamap.c_journal_reason").out(Shown), plain("signs", "datamap.c_journal_signs"),
				plain("source", "datamap.c_journal_source").out(Secret), plain("receipt", "datamap.c_journal_receipt").out(Secret), about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical),
				about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical).blank("NULL"), at, plain("decided_at", "datamap.c_at"), by("decided_by"), plain("hidden_at", "datamap.c_journal_hidden"),
			},
		},
		{
			Name: "journal_address", Text: "datamap.t_journal_address", Activity: Moderation, School: "school_id", Key: []string{"contribution_id"}, Parents: []Parent{{Column: "contribution_id", Table: "journal_contribution", Cascade: true}},
			Rules:   []Rule{{ID: "journal_address", Text: "datamap.from_journal_address", From: after("until"), Days: 1, Least: 1, Does: DeleteRow}},
			People:  []Person{{Whose: OfSeat, Where: "contribution_id " + addedBy, Erase: DeleteRows}},
			Columns: []Column{plain("contribution_id", "datamap.c_journal_contribution"), school, about(OfSeat, "address", "datamap.c_journal_address"), at, plain("until", "datamap.c_until")},
		},
		{
			Name: "journal_report", Text: "datamap.t_journal_report", Activity: Moderation, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofPiece, {Column: "contribution_id", Table: "journal_contribution", Cascade: true}}, Concerns: []Whose{OfSeat, OfStaff},
			Rules: []Rule{{ID: "journal_report", Text: "datamap.from_journal_decided", From: after("decided_at"), Days: 365, Least: 30, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "contribution_id " + addedBy, Erase: DeleteRows, Apart: true}, staffActs("decided_by"), seatActs("decided_by"),
			},
			Columns: []Column{
				id, school, plain("piece_id", "datamap.c_journal_piece"), plain("contribution_id", "datamap.c_journal_contribution"), plain("why", "datamap.c_journal_why"), plain("text", "datamap.c_journal_why"),
				plain("credible", "datamap.c_journal_hidden"), plain("status", "datamap.c_journal_status"), plain("reason", "datamap.c_journal_reason"), plain("receipt", "datamap.c_journal_receipt").out(Secret), at,
				plain("decided_at", "datamap.c_at"), by("decided_by"),
			},
		},
		{
			Name: "journal_reply", Text: "datamap.t_journal_reply", Activity: Moderation, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofPiece}, Concerns: []Whose{OfSeat, OfStaff},
			Rules:  []Rule{{ID: "journal_reply.refused", Text: "datamap.from_journal_decided", From: Start{SQL: "CASE WHEN journal_reply.status = 'refused' THEN journal_reply.decided_at END"}, Days: 365, Least: 90, Does: DeleteRow}},
			People: []Person{staffActs("decided_by"), seatActs("decided_by")},
			Columns: []Column{
				id, school, plain("piece_id", "datamap.c_journal_piece"), plain("name", "datamap.c_journal_signed"), plain("contact", "datamap.c_journal_contact"), plain("passages", "datamap.c_journal_reply"), plain("text", "datamap.c_journal_reply"),
				plain("status", "datamap.c_journal_status"), plain("reason", "datamap.c_journal_reason"), plain("receipt", "datamap.c_journal_receipt").out(Secret), at, plain("due_at", "datamap.c_journal_due"), plain("decided_at", "datamap.c_at"), by("decided_by"),
			},
		},
		{
			Name: "journal_form", Text: "datamap.t_journal_form", Activity: Moderation, Key: []string{"id"},
			Rules:   []Rule{{ID: "journal_form", Text: "datamap.from_journal_until", From: after("until"), Days: 1, Least: 1, Does: DeleteRow}},
			Columns: []Column{id, plain("until", "datamap.c_until")},
		},
		{
			Name: "journal_file", Text: "datamap.t_journal_file", Activity: Publishing, School: "school_id", Key: []string{"id"}, Parents: []Parent{ofAuthor("by_author")}, Through: []string{"journal_consent_use", "journal_consent", "journal_author"}, Concerns: []Whose{OfSeat, OfStaff},
			Rules: []Rule{{ID: "journal_file", Text: "datamap.from_journal_removed", From: Start{SQL: "CASE WHEN journal_file.dropped = 1 THEN journal_file.removed_at END"}, Days: 30, Least: 1, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: "(" + showsSeat + " OR " + authoredBy("journal_file.by_author", "seat_id") + ")", Erase: BlankRows},
			},
			Columns: []Column{
				id, school, plain("blob_id", "datamap.c_journal_file"), plain("kind", "datamap.c_journal_file").out(Shown), plain("media_type", "datamap.c_journal_file"), written("name", "datamap.c_journal_file", "''"),
				plain("width", "datamap.c_journal_file"), plain("height", "datamap.c_journal_file"), plain("size", "datamap.c_journal_file"), plain("by_author", "datamap.c_pen_name"), plain("created_at", "datamap.c_created_at").out(Shown),
				written("removed_at", "datamap.c_journal_removed", "coalesce(removed_at, {now})"), plain("dropped", "datamap.c_journal_removed"), plain("held", "datamap.c_journal_held"),
			},
		},
		{
			Name: "journal_use", Text: "datamap.t_journal_use", Activity: Publishing, School: "school_id", Key: []string{"piece_id", "file_id"}, Parents: []Parent{ofPiece, {Column: "file_id", Table: "journal_file", Cascade: true}},
			Columns: []Column{plain("piece_id", "datamap.c_journal_piece"), plain("file_id", "datamap.c_journal_file"), school},
		},
		{
			Name: "journal_move", Text: "datamap.t_journal_move", Activity: Publishing, School: "school_id", Key: []string{"id"}, Concerns: []Whose{OfStaff, OfSeat},
			Rules:  []Rule{{ID: "journal_move", Text: "datamap.from_journal_move", From: after("changed_at"), Days: 30, Least: 1, Does: DeleteRow}},
			People: []Person{staffActs("by_staff")},
			Columns: []Column{
				id, school, plain("state", "datamap.c_journal_move_state"), plain("export_id", "datamap.c_journal_move_file"), plain("pictures_id", "datamap.c_journal_move_file"), plain("steps", "datamap.c_journal_move_state"),
				plain("total", "datamap.c_journal_move_state"), said("report", "datamap.c_journal_move_report"), said("choice", "datamap.c_journal_move_choice"), plain("problem", "datamap.c_journal_move_state"), by("by_staff"),
				plain("created_at", "datamap.c_created_at"), plain("changed_at", "datamap.c_at"),
			},
		},
		{
			Name: "journal_old", Text: "datamap.t_journal_old", Activity: Publishing, School: "school_id", Key: []string{"school_id", "origin"}, Parents: []Parent{ofPiece},
			Columns: []Column{school, plain("origin", "datamap.c_journal_old"), plain("piece_id", "datamap.c_journal_piece")},
		},
		{
			Name: "journal_old_path", Text: "datamap.t_journal_old_path", Activity: Publishing, School: "school_id", Key: []string{"school_id", "path"}, Parents: []Parent{ofPiece},
			Columns: []Column{school, plain("path", "datamap.c_journal_old_path"), plain("piece_id", "datamap.c_journal_piece")},
		},
		{
			Name: "journal_consent", Text: "datamap.t_journal_consent", Activity: Publishing, School: "school_id", Key: []string{"id"},
			Rules:  []Rule{{ID: "journal_consent", Text: "datamap.from_journal_until", From: after("until"), Days: 1095, Least: 30, Does: DeleteRow}},
			People: []Person{{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows}, staffActs("recorded_by")},
			Columns: []Column{
				id, school, about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical), about(OfSeat, "what", "datamap.c_journal_consent"), about(OfSeat, "purpose", "datamap.c_journal_consent"), about(OfSeat, "medium", "datamap.c_journal_consent"),
				about(OfSeat, "parental", "datamap.c_journal_parental"), about(OfSeat, "starts_at", "datamap.c_at"), about(OfSeat, "until", "datamap.c_until"), by("recorded_by"), plain("recorded_at", "datamap.c_at"), about(OfSeat, "withdrawn_at", "datamap.c_journal_withdrawn"),
			},
		},
		{
			Name: "journal_consent_use", Text: "datamap.t_journal_consent_use", Activity: Publishing, School: "school_id", Key: []string{"consent_id", "subject"}, Parents: []Parent{{Column: "consent_id", Table: "journal_consent", Cascade: true}},
			People:  []Person{{Whose: OfSeat, Where: "consent_id IN (SELECT c.id FROM journal_consent c WHERE c.seat_id = $1)", Erase: DeleteRows}},
			Columns: []Column{plain("consent_id", "datamap.c_journal_consent"), about(OfSeat, "subject", "datamap.c_journal_covers"), school},
		},
		{
			Name: "journal_log", Text: "datamap.t_journal_log", Activity: Moderation, School: "school_id", Key: []string{"id"},
			Rules:  []Rule{{ID: "journal_log", Text: "datamap.from_made", From: after("at"), Days: 365, Least: 30, Does: DeleteRow}},
			People: []Person{staffActs("by_staff"), seatActs("by_seat")},
			Columns: []Column{
				id, school, at, plain("act", "datamap.c_journal_act"), plain("subject", "datamap.c_journal_act"), plain("subject_id", "datamap.c_id"), by("by_staff"),
				about(OfSeat, "by_seat", "datamap.c_seat_id").out(Technical).stays("datamap.s_journal_actor"), plain("reason", "datamap.c_journal_reason"),
			},
		},
	}
}

// journalFields are the members of what a revision holds beside its text.
func journalFields() []Field {
	names := []string{"sources", "documents", "tags", "cited", "happening", "themes", "collective", "audience", "group"}
	fields := make([]Field, len(names))
	for i, name := range names {
		fields[i] = Field{Name: name, Text: "datamap.c_journal_about"}
	}
	return fields
}
