package privacy

// What is written below keeps the time from which a lesson's rows count: its
// end, or for one that never opened the day for which it was planned.
const (
	lessonOver  = `CASE WHEN lesson.opened_at IS NULL THEN lesson.starts_at ELSE lesson.ended_at END`
	lessonEnded = `(SELECT l.ended_at FROM lesson l WHERE l.id = lesson_event.lesson_id)`
	guestEnded  = `(SELECT l.ended_at FROM lesson l WHERE l.id = lesson_guest.lesson_id)`
)

// wordsEnded is the end of the lesson, for the events that hold what somebody wrote.
const wordsEnded = `CASE WHEN lesson_event.kind IN ('message', 'reported') THEN ` + lessonEnded + ` END`

func inLesson(column string) string {
	return `EXISTS (SELECT 1 FROM lesson_person p WHERE p.lesson_id = lesson_event.lesson_id AND p.id = lesson_event.by_person AND p.` + column + ` = $1)`
}

func lessonTables() []Table {
	ofLesson := Parent{Column: "lesson_id", Table: "lesson", Cascade: true}
	return []Table{
		{
			Name: "lesson", Text: "datamap.t_lesson", Activity: Lessons, School: "school_id", Key: []string{"id"},
			Rules:  []Rule{{ID: "lesson", Text: "datamap.from_lesson_over", From: Start{SQL: lessonOver}, Days: 30, Least: 1, Does: DeleteRow}},
			People: []Person{{Whose: OfStaff, Where: "created_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("group_id", "datamap.c_lesson_group"), about(OfSchool, "title", "datamap.c_lesson_title"),
				about(OfStaff, "created_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"), plain("created_at", "datamap.c_created_at"),
				about(OfSchool, "starts_at", "datamap.c_lesson_starts"), about(OfSchool, "minutes", "datamap.c_lesson_minutes"), plain("series_id", "datamap.c_lesson_series"),
				about(OfSchool, "preset", "datamap.c_lesson_preset"), plain("guests_version", "datamap.c_guests_version"), plain("guests_hash", "datamap.c_guests_hash").out(Secret),
				about(OfSchool, "opened_at", "datamap.c_lesson_opened"), about(OfSchool, "ended_at", "datamap.c_lesson_ended"), about(OfSchool, "cancelled_at", "datamap.c_lesson_cancelled"),
				plain("epoch", "datamap.c_lesson_epoch"), plain("next_n", "datamap.c_lesson_next"),
			},
		},
		{
			Name: "lesson_person", Text: "datamap.t_lesson_person", Activity: Lessons, School: "school_id", Key: []string{"lesson_id", "id"},
			Parents: []Parent{ofLesson},
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows},
				{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows},
			},
			Columns: []Column{
				plain("lesson_id", "datamap.c_lesson_id").out(Shown), plain("id", "datamap.c_lesson_person").out(Shown), plain("school_id", "datamap.c_school_id"),
				plain("kind", "datamap.c_lesson_kind"), about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical),
				plain("guest_id", "datamap.c_guest_id"),
			},
		},
		{
			Name: "lesson_event", Text: "datamap.t_lesson_event", Activity: Lessons, School: "school_id", Key: []string{"lesson_id", "n"},
			Parents: []Parent{ofLesson}, Through: []string{"lesson_person"},
			Rules: []Rule{{ID: "lesson_event.words", Text: "datamap.from_lesson_end", From: Start{SQL: wordsEnded}, Days: 1, Least: 1, Does: DeleteRow}},
			People: []Person{
				{Whose: OfSeat, Where: inLesson("seat_id"), Erase: DeleteRows},
				{Whose: OfStaff, Where: inLesson("staff_id"), Erase: DeleteRows},
			},
			Columns: []Column{
				plain("lesson_id", "datamap.c_lesson_id").out(Shown), plain("n", "datamap.c_event_n").out(Shown), plain("school_id", "datamap.c_school_id"),
				plain("epoch", "datamap.c_lesson_epoch"), plain("at", "datamap.c_at").out(Shown), plain("kind", "datamap.c_event_kind").out(Shown),
				about(OfSeat, "by_person", "datamap.c_lesson_person"), about(OfSeat, "data", "datamap.c_event_data").fields(lessonFields()...),
			},
		},
		{
			Name: "lesson_guest", Text: "datamap.t_lesson_guest", Activity: Lessons, School: "school_id", Key: []string{"id"},
			Parents: []Parent{ofLesson},
			Rules:   []Rule{{ID: "lesson_guest", Text: "datamap.from_lesson_end", From: Start{SQL: guestEnded}, Days: 1, Least: 1, Does: DeleteRow}},
			Columns: []Column{
				plain("id", "datamap.c_guest_id"), plain("lesson_id", "datamap.c_lesson_id"), plain("school_id", "datamap.c_school_id"),
				plain("token_hash", "datamap.c_token_hash").out(Secret), plain("label", "datamap.c_guest_label"), plain("status", "datamap.c_guest_status"),
				plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "lesson_report", Text: "datamap.t_lesson_report", Activity: Reports, School: "school_id", Key: []string{"id"}, Concerns: []Whose{OfSeat, OfStaff},
			Rules:  []Rule{{ID: "lesson_report", Text: "datamap.from_made", From: after("created_at"), Days: 365, Least: 30, Does: DeleteRow}},
			People: []Person{{Whose: OfStaff, Where: "created_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("lesson_id", "datamap.c_lesson_id"), about(OfSchool, "title", "datamap.c_lesson_title"),
				plain("sealed", "datamap.c_report_sealed").out(Sealed), about(OfStaff, "created_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"),
				plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "lesson_setting", Text: "datamap.t_lesson_setting", Activity: Lessons, School: "school_id", Key: []string{"school_id"}, Stays: "datamap.s_school",
			People: []Person{{Whose: OfStaff, Where: "set_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}},
			Columns: []Column{
				plain("school_id", "datamap.c_school_id"), about(OfSchool, "preset", "datamap.c_lesson_preset"), about(OfSchool, "guests", "datamap.c_guests_allowed"),
				about(OfStaff, "set_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"), plain("set_at", "datamap.c_at"),
			},
		},
		{
			Name: "lesson_calendar", Text: "datamap.t_lesson_calendar", Activity: Lessons, School: "school_id", Key: []string{"staff_id", "school_id"}, Stays: "datamap.s_with_account",
			People: []Person{{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical), plain("school_id", "datamap.c_school_id"),
				about(OfStaff, "token_hash", "datamap.c_token_hash").out(Secret), about(OfStaff, "created_at", "datamap.c_created_at"),
			},
		},
	}
}

// lessonFields are the fields of each kind of event. A person is written by the
// lesson's own id for them.
func lessonFields() []Field {
	who := func(kinds ...string) (fields []Field) {
		for _, kind := range kinds {
			fields = append(fields, Field{Name: "who", Of: kind, Text: "datamap.c_lesson_person"})
		}
		return fields
	}
	fields := []Field{
		{Name: "preset", Of: "opened", Text: "datamap.c_lesson_preset"},
		{Name: "kind", Of: "joined", Text: "datamap.c_lesson_kind"},
		{Name: "role", Of: "joined", Text: "datamap.c_role"},
		{Name: "verified", Of: "joined", Text: "datamap.f_verified"},
		{Name: "why", Of: "left", Text: "datamap.f_why_left"},
		{Name: "preset", Of: "preset", Text: "datamap.c_lesson_preset"},
		{Name: "rights", Of: "rights", Text: "datamap.f_lesson_rights"},
		{Name: "own", Of: "rights_of", Text: "datamap.f_lesson_rights"},
		{Name: "all", Of: "muted", Text: "datamap.f_all"},
		{Name: "to", Of: "cameras", Text: "datamap.f_camera_to"},
		{Name: "to", Of: "camera_to", Text: "datamap.f_camera_to"},
		{Name: "to", Of: "chat", Text: "datamap.f_chat_to"},
		{Name: "text", Of: "message", Text: "datamap.f_message"},
		{Name: "to", Of: "message", Text: "datamap.f_message_to"},
		{Name: "pending", Of: "message", Text: "datamap.f_pending"},
		{Name: "key", Of: "message", Text: "datamap.f_message_key"},
		{Name: "id", Of: "released", Text: "datamap.f_message_id"},
		{Name: "id", Of: "deleted", Text: "datamap.f_message_id"},
		{Name: "up", Of: "hand", Text: "datamap.f_hand"},
		{Name: "lowered", Of: "hand", Text: "datamap.f_all"},
		{Name: "state", Of: "state", Text: "datamap.f_lesson_state"},
		{Name: "to", Of: "lock", Text: "datamap.f_locked"},
		{Name: "open", Of: "guests", Text: "datamap.f_guests_open"},
		{Name: "version", Of: "guests", Text: "datamap.c_guests_version"},
		{Name: "yes", Of: "answered", Text: "datamap.f_admitted"},
		{Name: "message", Of: "reported", Text: "datamap.f_message_id"},
		{Name: "text", Of: "reported", Text: "datamap.f_report"},
		{Name: "key", Of: "reported", Text: "datamap.f_message_key"},
		{Name: "index", Of: "sealed", Text: "datamap.f_seal_index"},
		{Name: "holder", Of: "sealed", Text: "datamap.c_lesson_person"},
	}
	return append(fields, who("joined", "left", "rights_of", "muted", "cameras", "camera_to", "spotlight", "deleted", "hand", "state", "waiting", "answered", "banned", "unbanned", "reported")...)
}
