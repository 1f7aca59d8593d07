package privacy

// superseded is when a newer version of the same seat's record was written.
const superseded = `(SELECT min(n.created_at) FROM name_record n WHERE n.seat_id = name_record.seat_id AND n.version > name_record.version)`

// seatLeft is when the pupil left the school.
const seatLeft = `(SELECT s.left_at FROM seat s WHERE s.id = name_record.seat_id)`

// memberEnded is when a person's access to the names ended, but never while
// others' access rests on theirs.
const memberEnded = `CASE WHEN EXISTS (SELECT 1 FROM names_member n WHERE n.key_id = names_member.key_id AND n.endorsed_by = names_member.staff_id
	AND n.id <> names_member.id) THEN NULL ELSE coalesce(names_member.revoked_at, names_member.until) END`

func rosterTables() []Table {
	return []Table{
		{
			Name: "year", Text: "datamap.t_year", Activity: Seats, School: "school_id", Key: []string{"id"},
			Rules: []Rule{{ID: "year", Text: "datamap.from_year_closed", From: after("closed_at"), Days: 365, Least: 30, Does: DeleteRow}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), about(OfSchool, "label", "datamap.c_year_label"),
				about(OfSchool, "starts_on", "datamap.c_starts_on"), about(OfSchool, "ends_on", "datamap.c_ends_on"),
				about(OfSchool, "closed_at", "datamap.c_closed_at"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "roster_group", Text: "datamap.t_roster_group", Activity: Seats, School: "school_id", Key: []string{"id"},
			Parents: []Parent{{Column: "year_id", Table: "year"}},
			Rules:   []Rule{{ID: "roster_group", Text: "datamap.from_year_closed", From: yearClosed("year_id"), Days: 365, Least: 30, Does: DeleteRow}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("year_id", "datamap.c_year_id"),
				about(OfSchool, "name", "datamap.c_group_name"), about(OfSchool, "kind", "datamap.c_group_kind"), about(OfSchool, "level", "datamap.c_level"),
				plain("code", "datamap.c_group_code").out(Secret), plain("door_open_until", "datamap.c_door_open_until"),
				plain("created_at", "datamap.c_created_at"), plain("archived_at", "datamap.c_archived_at"),
			},
		},
		{
			Name: "seat", Text: "datamap.t_seat", Activity: Seats, School: "school_id", Key: []string{"id"},
			Parents: []Parent{{Column: "year_id", Table: "year"}},
			Rules:   []Rule{{ID: "seat", Text: "datamap.from_year_closed", From: yearClosed("year_id"), Days: 365, Least: 30, Does: DeleteRow}},
			People:  []Person{{Whose: OfSeat, Where: "id = $1", Erase: BlankRows}},
			Columns: []Column{
				about(OfSeat, "id", "datamap.c_seat_id").stays("datamap.s_seat_row"), plain("school_id", "datamap.c_school_id"), plain("year_id", "datamap.c_year_id"),
				about(OfSeat, "number", "datamap.c_number").stays("datamap.s_number"),
				about(OfSeat, "pseudonym", "datamap.c_pseudonym").blank("''"), about(OfSeat, "picture", "datamap.c_picture").blank("''"),
				about(OfSeat, "level", "datamap.c_level").blank("NULL"),
				about(OfSeat, "auth_hash", "datamap.c_auth_hash").out(Secret).blank("NULL"), about(OfSeat, "code_hash", "datamap.c_code_hash").out(Secret).blank("NULL"),
				about(OfSeat, "secret_version", "datamap.c_secret_version").stays("datamap.s_seat_row"),
				about(OfSeat, "created_at", "datamap.c_created_at").stays("datamap.s_seat_row"),
				about(OfSeat, "left_at", "datamap.c_left_at").blank("coalesce(left_at, {now})"),
				about(OfSeat, "erased_at", "datamap.c_erased_at").blank("{now}"),
			},
		},
		{
			Name: "seat_group", Text: "datamap.t_seat_group", Activity: Seats, School: "school_id", Key: []string{"seat_id", "group_id"},
			Parents: []Parent{{Column: "seat_id", Table: "seat", Cascade: true}, {Column: "group_id", Table: "roster_group", Cascade: true}},
			People:  []Person{{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical), about(OfSeat, "group_id", "datamap.c_group_id"), plain("school_id", "datamap.c_school_id"),
			},
		},
		{
			Name: "roster_import", Text: "datamap.t_roster_import", Activity: Seats, School: "school_id", Key: []string{"id"},
			Parents: []Parent{{Column: "year_id", Table: "year", Cascade: true}},
			Rules:   []Rule{{ID: "roster_import", Text: "datamap.from_made", From: after("created_at"), Days: 30, Least: 1, Does: DeleteRow}},
			People:  []Person{{Whose: OfStaff, Where: "created_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("year_id", "datamap.c_year_id"), plain("digest", "datamap.c_import_digest"),
				about(OfStaff, "created_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "seat_session", Text: "datamap.t_seat_session", Activity: Seats, School: "school_id", Key: []string{"id"},
			Parents: []Parent{{Column: "seat_id", Table: "seat", Cascade: true}},
			Rules: []Rule{
				{ID: "seat_session.key", Text: "datamap.from_session_end", From: after("ended_at"), Days: 1, Least: 1, Does: BlankColumns, Blank: []string{"recipient", "recipient_mac"}},
				{ID: "seat_session.ended", Text: "datamap.from_session_end", From: after("ended_at"), Days: 30, Least: 1, Does: DeleteRow},
				{ID: "seat_session.unused", Text: "datamap.from_last_seen", From: after("last_seen_at"), Days: 180, Least: 30, Does: DeleteRow},
			},
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows},
				{Whose: OfStaff, Where: "answered_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true},
			},
			Columns: []Column{
				plain("id", "datamap.c_id"), about(OfSeat, "token_hash", "datamap.c_token_hash").out(Secret), about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical),
				plain("school_id", "datamap.c_school_id"), about(OfSeat, "own_device", "datamap.c_own_device"), about(OfSeat, "status", "datamap.c_session_status"),
				about(OfSeat, "via", "datamap.c_via"), about(OfSeat, "recipient", "datamap.c_recipient").out(Technical).blank("NULL"),
				about(OfSeat, "recipient_mac", "datamap.c_recipient_mac").out(Technical).blank("NULL"), about(OfSeat, "device", "datamap.c_seat_device"),
				about(OfSeat, "created_at", "datamap.c_created_at"), about(OfSeat, "last_seen_at", "datamap.c_last_seen_at"),
				about(OfSeat, "ended_at", "datamap.c_ended_at"), about(OfSeat, "end_reason", "datamap.c_end_reason"),
				about(OfStaff, "answered_by", "datamap.c_answered_by").out(Technical).stays("datamap.s_actor"),
			},
		},
		{
			Name: "first_names", Text: "datamap.t_first_names", Activity: Names, School: "school_id", Key: []string{"session_id", "group_id"},
			Parents: []Parent{{Column: "session_id", Table: "seat_session", Cascade: true}, {Column: "group_id", Table: "roster_group", Cascade: true}},
			Through: []string{"seat_group"},
			Rules:   []Rule{{ID: "first_names", Text: "datamap.from_made", From: after("created_at"), Days: 90, Least: 1, Does: DeleteRow}},
			People: []Person{
				// The others of the group hold this first name too.
				{Whose: OfSeat, Where: "session_id IN (SELECT id FROM seat_session WHERE seat_id = $1) OR group_id IN (SELECT group_id FROM seat_group WHERE seat_id = $1)", Erase: DeleteRows, Apart: true},
				{Whose: OfStaff, Where: "created_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true},
			},
			Columns: []Column{
				plain("session_id", "datamap.c_session_id"), plain("group_id", "datamap.c_group_id"), plain("school_id", "datamap.c_school_id"),
				about(OfSeat, "sealed", "datamap.c_first_names").out(Sealed),
				about(OfStaff, "created_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "staff_key", Text: "datamap.t_staff_key", Activity: Names, Key: []string{"staff_id"}, Stays: "datamap.s_with_account",
			People: []Person{{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical), about(OfStaff, "recipient", "datamap.c_public_key"), about(OfStaff, "sign_pub", "datamap.c_sign_pub"),
				about(OfStaff, "sealed", "datamap.c_sealed_key").out(Secret), about(OfStaff, "created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "staff_key_past", Text: "datamap.t_staff_key_past", Activity: Names, Key: []string{"id"},
			Rules:  []Rule{{ID: "staff_key_past", Text: "datamap.from_replaced", From: after("replaced_at"), Days: 30, Least: 30, Does: DeleteRow}},
			People: []Person{{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				plain("id", "datamap.c_id"), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical), about(OfStaff, "recipient", "datamap.c_public_key"),
				about(OfStaff, "sign_pub", "datamap.c_sign_pub"), about(OfStaff, "sealed", "datamap.c_sealed_key").out(Secret), about(OfStaff, "replaced_at", "datamap.c_replaced_at"),
			},
		},
		{
			Name: "names_key", Text: "datamap.t_names_key", Activity: Names, School: "school_id", Key: []string{"id"},
			Rules:  []Rule{{ID: "names_key", Text: "datamap.from_retired", From: after("retired_at"), Days: 365, Least: 30, Does: DeleteRow}},
			People: []Person{{Whose: OfStaff, Where: "created_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("school_id", "datamap.c_school_id"), plain("recipient", "datamap.c_public_key"),
				about(OfStaff, "created_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"), plain("created_at", "datamap.c_created_at"), plain("retired_at", "datamap.c_retired_at"),
			},
		},
		{
			Name: "names_member", Text: "datamap.t_names_member", Activity: Names, School: "school_id", Key: []string{"id"},
			Parents: []Parent{{Column: "key_id", Table: "names_key", Cascade: true}},
			Rules: []Rule{
				{ID: "names_member", Text: "datamap.from_access_end", From: Start{SQL: memberEnded}, Days: 365, Least: 30, Does: DeleteRow},
				{ID: "names_member.wrapped", Text: "datamap.from_access_end", From: after("revoked_at"), Days: 30, Least: 30, Does: BlankColumns, Blank: []string{"wrapped"}},
			},
			People: []Person{
				{Whose: OfStaff, Where: "staff_id = $1", Erase: BlankRows},
				{Whose: OfStaff, Where: "endorsed_by = $1", Erase: KeepRows, Why: "datamap.s_trust", Apart: true},
			},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("key_id", "datamap.c_names_key_id"), plain("school_id", "datamap.c_school_id"),
				about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical).stays("datamap.s_trust"),
				about(OfStaff, "recipient", "datamap.c_public_key").stays("datamap.s_trust"), about(OfStaff, "sign_pub", "datamap.c_sign_pub").stays("datamap.s_trust"),
				about(OfStaff, "wrapped", "datamap.c_wrapped").out(Secret).blank("NULL"),
				about(OfStaff, "endorsed_by", "datamap.c_endorsed_by").out(Technical).stays("datamap.s_trust"),
				about(OfStaff, "endorsement", "datamap.c_endorsement").out(Technical).stays("datamap.s_trust"),
				about(OfStaff, "until", "datamap.c_until").stays("datamap.s_trust"), about(OfStaff, "created_at", "datamap.c_created_at").stays("datamap.s_trust"),
				about(OfStaff, "revoked_at", "datamap.c_revoked_at").blank("coalesce(revoked_at, {now})"), plain("stored_at", "datamap.c_sheet_stored_at"),
			},
		},
		{
			Name: "name_record", Text: "datamap.t_name_record", Activity: Names, School: "school_id", Key: []string{"seat_id", "version"},
			Parents: []Parent{{Column: "seat_id", Table: "seat", Cascade: true}, {Column: "key_id", Table: "names_key"}},
			Rules: []Rule{
				{ID: "name_record.closed", Text: "datamap.from_year_closed", From: yearClosed("seat_id"), Days: 90, Least: 1, Does: DeleteRow},
				{ID: "name_record.left", Text: "datamap.from_left", From: Start{SQL: seatLeft}, Days: 90, Least: 1, Does: DeleteRow},
				{ID: "name_record.old", Text: "datamap.from_superseded", From: Start{SQL: superseded}, Days: 90, Least: 1, Does: DeleteRow},
			},
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows},
				{Whose: OfStaff, Where: "signer_id = $1", Erase: KeepRows, Why: "datamap.s_signature", Apart: true},
			},
			Columns: []Column{
				plain("school_id", "datamap.c_school_id"), about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical), about(OfSeat, "version", "datamap.c_record_version"),
				plain("key_id", "datamap.c_names_key_id"), about(OfSeat, "ciphertext", "datamap.c_name_ciphertext").out(Sealed),
				about(OfStaff, "signer_id", "datamap.c_signer_id").out(Technical).stays("datamap.s_signature"),
				about(OfSeat, "signature", "datamap.c_signature").out(Technical), about(OfSeat, "created_at", "datamap.c_created_at"),
			},
		},
	}
}
