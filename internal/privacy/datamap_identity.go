package privacy

// lastGrantEnded is when the last role of a person ended: never while one has
// no end, and the making of the account when there was none.
const lastGrantEnded = `CASE WHEN staff.email LIKE 'erased:%' THEN NULL ELSE coalesce(staff.disabled_at,
	(SELECT max(coalesce(g.revoked_at, g.until, 9007199254740991)) FROM staff_grant g WHERE g.staff_id = staff.id), staff.created_at) END`

func identityTables() []Table {
	return []Table{
		{
			Name: "territory", Text: "datamap.t_territory", Activity: Running, Key: []string{"id"}, Stays: "datamap.s_installation",
			Parents: []Parent{{Column: "parent_id", Table: "territory"}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("parent_id", "datamap.c_parent_id"), plain("kind", "datamap.c_territory_kind"),
				plain("name", "datamap.c_territory_name"), plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "school", Text: "datamap.t_school", Activity: Running, Key: []string{"id"}, Stays: "datamap.s_school",
			Parents: []Parent{{Column: "territory_id", Table: "territory"}},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("territory_id", "datamap.c_territory_id"),
				about(OfSchool, "uai", "datamap.c_uai"), about(OfSchool, "name", "datamap.c_school_name"), about(OfSchool, "kind", "datamap.c_school_kind"),
				about(OfSchool, "zone", "datamap.c_zone"), about(OfSchool, "controller_name", "datamap.c_controller_name"),
				about(OfSchool, "controller_role", "datamap.c_controller_role"), about(OfSchool, "controller_contact", "datamap.c_controller_contact"),
				about(OfSchool, "processor", "datamap.c_processor"), about(OfSchool, "dpo_contact", "datamap.c_dpo_contact"),
				plain("created_at", "datamap.c_created_at"),
			},
		},
		{
			Name: "staff", Text: "datamap.t_staff", Activity: Accounts, Key: []string{"id"},
			Rules:  []Rule{{ID: "staff", Text: "datamap.from_last_grant", From: Start{SQL: lastGrantEnded}, Days: 365, Least: 365, Does: ErasePerson}},
			People: []Person{{Whose: OfStaff, Where: "id = $1", Erase: BlankRows}},
			Columns: []Column{
				about(OfStaff, "id", "datamap.c_staff_id").stays("datamap.s_tombstone"),
				about(OfStaff, "name", "datamap.c_staff_name").blank("''"),
				about(OfStaff, "email", "datamap.c_email").blank("'erased:' || id"),
				about(OfStaff, "password_hash", "datamap.c_password_hash").out(Secret).blank("NULL"),
				about(OfStaff, "locale", "datamap.c_locale").blank("'fr'"),
				about(OfStaff, "created_at", "datamap.c_created_at").stays("datamap.s_tombstone"),
				about(OfStaff, "disabled_at", "datamap.c_disabled_at").blank("coalesce(disabled_at, {now})"),
			},
		},
		{
			Name: "staff_grant", Text: "datamap.t_staff_grant", Activity: Accounts, School: "school_id", Key: []string{"id"},
			Parents: []Parent{{Column: "staff_id", Table: "staff"}, {Column: "school_id", Table: "school"}, {Column: "created_by", Table: "staff"}},
			Rules:   []Rule{{ID: "staff_grant", Text: "datamap.from_grant_end", From: after("revoked_at", "until"), Days: 365, Least: 30, Does: DeleteRow}},
			People: []Person{
				{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows},
				{Whose: OfStaff, Where: "created_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true},
			},
			Columns: []Column{
				plain("id", "datamap.c_id"), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical), about(OfStaff, "role", "datamap.c_role"),
				about(OfStaff, "scope", "datamap.c_scope"), about(OfStaff, "scope_id", "datamap.c_scope_id"), plain("school_id", "datamap.c_school_id"),
				about(OfStaff, "starts_at", "datamap.c_starts_at"), about(OfStaff, "until", "datamap.c_until"),
				about(OfStaff, "created_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"),
				about(OfStaff, "created_at", "datamap.c_created_at"), about(OfStaff, "revoked_at", "datamap.c_revoked_at"),
			},
		},
		{
			Name: "grant_seat", Text: "datamap.t_grant_seat", Activity: Accounts, School: "school_id", Key: []string{"grant_id", "seat_id"},
			Parents: []Parent{
				{Column: "grant_id", Table: "staff_grant", Cascade: true}, {Column: "school_id", Table: "school"},
				{Column: "seat_id", Table: "seat", Cascade: true},
			},
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows},
				{Whose: OfStaff, Where: "grant_id IN (SELECT id FROM staff_grant WHERE staff_id = $1)", Erase: DeleteRows},
			},
			Columns: []Column{
				plain("grant_id", "datamap.c_grant_id"), about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical), plain("school_id", "datamap.c_school_id"),
			},
		},
		{
			Name: "staff_session", Text: "datamap.t_staff_session", Activity: Accounts, Key: []string{"id"},
			Parents: []Parent{{Column: "staff_id", Table: "staff"}},
			Rules: []Rule{
				{ID: "staff_session.expired", Text: "datamap.from_expiry", From: after("expires_at"), Days: 30, Least: 30, Does: DeleteRow},
				{ID: "staff_session.revoked", Text: "datamap.from_revoked", From: after("revoked_at"), Days: 30, Least: 30, Does: DeleteRow},
			},
			People: []Person{{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				plain("id", "datamap.c_id"), about(OfStaff, "token_hash", "datamap.c_token_hash").out(Secret), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical),
				about(OfStaff, "keep", "datamap.c_keep"), about(OfStaff, "device", "datamap.c_staff_device"), about(OfStaff, "created_at", "datamap.c_created_at"),
				about(OfStaff, "last_seen_at", "datamap.c_last_seen_at"), about(OfStaff, "expires_at", "datamap.c_expires_at"),
				about(OfStaff, "fresh_at", "datamap.c_fresh_at"), about(OfStaff, "revoked_at", "datamap.c_revoked_at"),
			},
		},
		{
			Name: "passkey", Text: "datamap.t_passkey", Activity: Accounts, Key: []string{"id"}, Stays: "datamap.s_with_account",
			Parents: []Parent{{Column: "staff_id", Table: "staff"}},
			People:  []Person{{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				plain("id", "datamap.c_id"), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical),
				about(OfStaff, "credential_id", "datamap.c_credential_id").out(Secret),
				about(OfStaff, "data", "datamap.c_credential").out(Secret).fields(passkeyFields()...),
				about(OfStaff, "label", "datamap.c_passkey_label"), about(OfStaff, "created_at", "datamap.c_created_at"), about(OfStaff, "last_used_at", "datamap.c_last_used_at"),
			},
		},
		{
			Name: "recovery_code", Text: "datamap.t_recovery_code", Activity: Accounts, Key: []string{"id"},
			Parents: []Parent{{Column: "staff_id", Table: "staff"}},
			Rules:   []Rule{{ID: "recovery_code", Text: "datamap.from_used", From: after("used_at"), Days: 30, Least: 30, Does: DeleteRow}},
			People:  []Person{{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				plain("id", "datamap.c_id"), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical), about(OfStaff, "code_hash", "datamap.c_recovery_hash").out(Secret),
				about(OfStaff, "created_at", "datamap.c_created_at"), about(OfStaff, "used_at", "datamap.c_used_at"),
			},
		},
		{
			Name: "invitation", Text: "datamap.t_invitation", Activity: Accounts, School: "school_id", Key: []string{"id"},
			Parents: []Parent{{Column: "school_id", Table: "school"}, {Column: "created_by", Table: "staff"}},
			Rules:   []Rule{{ID: "invitation", Text: "datamap.from_invitation_end", From: after("used_at", "revoked_at", "expires_at"), Days: 30, Least: 1, Does: DeleteRow}},
			People: []Person{
				{Whose: OfStaff, Where: "email = (SELECT s.email FROM staff s WHERE s.id = $1)", Erase: DeleteRows},
				{Whose: OfStaff, Where: "created_by = $1", Erase: KeepRows, Why: "datamap.s_actor", Apart: true},
			},
			Columns: []Column{
				plain("id", "datamap.c_id"), plain("token_hash", "datamap.c_token_hash").out(Secret), plain("school_id", "datamap.c_school_id"),
				about(OfStaff, "role", "datamap.c_role"), about(OfStaff, "scope", "datamap.c_scope"), about(OfStaff, "scope_id", "datamap.c_scope_id"),
				about(OfStaff, "until", "datamap.c_until"), about(OfStaff, "email", "datamap.c_invited_email"),
				about(OfStaff, "created_by", "datamap.c_created_by").out(Technical).stays("datamap.s_actor"),
				about(OfStaff, "created_at", "datamap.c_created_at"), about(OfStaff, "expires_at", "datamap.c_expires_at"),
				about(OfStaff, "used_at", "datamap.c_used_at"), about(OfStaff, "revoked_at", "datamap.c_revoked_at"),
			},
		},
		{
			Name: "invitation_seat", Text: "datamap.t_invitation_seat", Activity: Accounts, School: "school_id", Key: []string{"invitation_id", "seat_id"},
			Parents: []Parent{
				{Column: "invitation_id", Table: "invitation", Cascade: true}, {Column: "school_id", Table: "school"},
				{Column: "seat_id", Table: "seat", Cascade: true},
			},
			People: []Person{
				{Whose: OfSeat, Where: "seat_id = $1", Erase: DeleteRows},
				{Whose: OfStaff, Where: "invitation_id IN (SELECT i.id FROM invitation i JOIN staff s ON s.email = i.email WHERE s.id = $1)", Erase: DeleteRows, Apart: true},
			},
			Columns: []Column{
				plain("invitation_id", "datamap.c_invitation_id"), about(OfSeat, "seat_id", "datamap.c_seat_id").out(Technical), plain("school_id", "datamap.c_school_id"),
			},
		},
		{
			Name: "signin_link", Text: "datamap.t_signin_link", Activity: Accounts, Key: []string{"id"},
			Parents: []Parent{{Column: "staff_id", Table: "staff"}},
			Rules:   []Rule{{ID: "signin_link", Text: "datamap.from_link_end", From: after("used_at", "expires_at"), Days: 7, Least: 7, Does: DeleteRow}},
			People:  []Person{{Whose: OfStaff, Where: "staff_id = $1", Erase: DeleteRows}},
			Columns: []Column{
				plain("id", "datamap.c_id"), about(OfStaff, "token_hash", "datamap.c_token_hash").out(Secret), about(OfStaff, "staff_id", "datamap.c_staff_id").out(Technical),
				about(OfStaff, "purpose", "datamap.c_link_purpose"), about(OfStaff, "created_at", "datamap.c_created_at"),
				about(OfStaff, "expires_at", "datamap.c_expires_at"), about(OfStaff, "used_at", "datamap.c_used_at"),
			},
		},
		{
			Name: "ceremony", Text: "datamap.t_ceremony", Activity: Accounts, Key: []string{"id"},
			Rules:   []Rule{{ID: "ceremony", Text: "datamap.from_expiry", From: after("expires_at"), Days: 1, Least: 1, Does: DeleteRow}},
			Columns: []Column{plain("id", "datamap.c_id"), plain("expires_at", "datamap.c_expires_at")},
		},
	}
}
