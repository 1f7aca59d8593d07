/** The acts of the audit trail and the text of each; the server's tests hold this list against its own. */
export const acts = {
  "account.close": "did_account_close",
  "account.reopen": "did_account_reopen",
  "door.close": "did_door_close",
  "door.open": "did_door_open",
  "entry.admit": "did_entry_admit",
  "entry.refuse": "did_entry_refuse",
  "first_names.share": "did_first_names_share",
  "first_names.stop": "did_first_names_stop",
  "grant.give": "did_grant_give",
  "grant.revoke": "did_grant_revoke",
  "group.change": "did_group_change",
  "group.make": "did_group_make",
  "group.remove": "did_group_remove",
  "invitation.accept": "did_invitation_accept",
  "invitation.make": "did_invitation_make",
  "invitation.revoke": "did_invitation_revoke",
  "names.key": "did_names_key",
  "names.key_replace": "did_names_key_replace",
  "names.key_restore": "did_names_key_restore",
  "names.let_in": "did_names_let_in",
  "names.put_out": "did_names_put_out",
  "names.write": "did_names_write",
  "privacy.erase": "did_privacy_erase",
  "privacy.export": "did_privacy_export",
  "privacy.retention": "did_privacy_retention",
  "privacy.shorten": "did_privacy_shorten",
  "roster.import": "did_roster_import",
  "school.change": "did_school_change",
  "school.create": "did_school_create",
  "seat.change": "did_seat_change",
  "seat.leave": "did_seat_leave",
  "seat.return": "did_seat_return",
  "seat.secret": "did_seat_secret",
  "seat.swap": "did_seat_swap",
  "year.close": "did_year_close",
  "year.open": "did_year_open",
} as const;

/** Whether the act has a text. */
export function isKnown(act: string): act is keyof typeof acts {
  return act in acts;
}

/** What the trail may be narrowed to: the beginning of an act and its text. */
export const trailViews = [
  { id: "", text: "trail_all" },
  { id: "seat.", text: "trail_seats" },
  { id: "names.", text: "trail_names" },
  { id: "grant.", text: "trail_staff" },
  { id: "privacy.", text: "trail_privacy" },
  { id: "roster.", text: "trail_roster" },
] as const;
