package backup

// table says how an archive treats a table.
type table struct {
	name string
	// left out of archives: rows that live for hours, and that must not come
	// back to life when they were revoked after the archive was made.
	transient bool
	// rows that a server writes by itself before anybody has used it; they do
	// not keep a database from being restored into.
	disposable bool
}

// tables are all the tables of every schema since release 0.1.0. A table that a
// migration drops stays here, for the archives that have it.
var tables = []table{
	{name: "aloud_reading"},
	{name: "aloud_save"},
	{name: "aloud_state"},
	{name: "audit", disposable: true},
	{name: "blob"},
	{name: "campaign"},
	{name: "campaign_file"},
	{name: "campaign_group"},
	{name: "campaign_publisher"},
	{name: "campaign_rescore"},
	{name: "campaign_room"},
	{name: "campaign_seat"},
	{name: "ceremony", transient: true},
	{name: "erasure"},
	{name: "first_names", transient: true},
	{name: "grant_seat"},
	{name: "invitation"},
	{name: "invitation_seat"},
	{name: "job", disposable: true},
	{name: "journal"},
	{name: "journal_address"},
	{name: "journal_author"},
	{name: "journal_collective"},
	{name: "journal_consent"},
	{name: "journal_consent_use"},
	{name: "journal_contribution"},
	{name: "journal_decision"},
	{name: "journal_file"},
	{name: "journal_form", transient: true},
	{name: "journal_log"},
	{name: "journal_mandate"},
	{name: "journal_move", transient: true},
	{name: "journal_note"},
	{name: "journal_old"},
	{name: "journal_old_path"},
	{name: "journal_piece"},
	{name: "journal_piece_author"},
	{name: "journal_piece_theme"},
	{name: "journal_reply"},
	{name: "journal_report"},
	{name: "journal_revision"},
	{name: "journal_tag"},
	{name: "journal_theme"},
	{name: "journal_use"},
	{name: "journal_word"},
	{name: "lesson"},
	{name: "lesson_calendar"},
	{name: "lesson_event"},
	{name: "lesson_guest"},
	{name: "lesson_person"},
	{name: "lesson_report"},
	{name: "lesson_setting"},
	{name: "marking"},
	{name: "name_record"},
	{name: "names_key"},
	{name: "names_member"},
	{name: "paper_check"},
	{name: "paper_drawn"},
	{name: "paper_second"},
	{name: "passkey"},
	{name: "question"},
	{name: "question_file"},
	{name: "question_shows"},
	{name: "question_version"},
	{name: "recovery_code"},
	{name: "retention_run", disposable: true},
	{name: "retention_setting"},
	{name: "roster_group"},
	{name: "roster_import"},
	{name: "rubric"},
	{name: "school"},
	{name: "seat"},
	{name: "seat_group"},
	{name: "seat_session", transient: true},
	{name: "setting", disposable: true},
	{name: "signin_link", transient: true},
	{name: "sitting"},
	{name: "sitting_answer"},
	{name: "sitting_event"},
	{name: "sitting_turn"},
	{name: "staff"},
	{name: "staff_grant"},
	{name: "staff_key"},
	{name: "staff_key_past"},
	{name: "staff_session", transient: true},
	{name: "territory"},
	{name: "test_package"},
	{name: "test_plan"},
	{name: "test_question"},
	{name: "year"},
}

// find returns how a table is treated; ok is false for one that is not declared.
func find(name string) (t table, ok bool) {
	for _, t := range tables {
		if t.name == name {
			return t, true
		}
	}
	return table{}, false
}

// disposable are the names of the tables whose rows a restore may remove.
func disposable() (names []string) {
	for _, t := range tables {
		if t.disposable || t.transient {
			names = append(names, t.name)
		}
	}
	return names
}
