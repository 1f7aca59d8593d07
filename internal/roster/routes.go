package roster

import "preau/internal/identity"

// Routes registers every route of the domain with who may call it.
func (s *Service) Routes(g *identity.Gate) {
	const (
		years  = "/schools/{school}/years"
		groups = "/schools/{school}/groups"
		seats  = "/schools/{school}/seats"
		names  = "/schools/{school}/names"
	)
	op := func(id, tag, summary string) identity.Op { return identity.Op{ID: id, Tag: tag, Summary: summary} }
	manage, teach := identity.Only(managers...), identity.Only(teachers...)
	read, readNames := identity.Only(readers...).Part(), identity.Only(nameReaders...).Part()
	choose := identity.Only(groupReaders...).Part()
	// Who decides who opens the names.
	keep := identity.Only(keepers...).Fresh()
	bulk := func(o identity.Op) identity.Op { o.MaxBody = maxImportBody; return o }

	identity.Route(g, "GET", years, read, op("listYears", "roster", "School years, the latest first"), s.listYears)
	identity.Route(g, "POST", years, manage, op("openYear", "roster", "Open a school year"), s.postYear)
	identity.Route(g, "POST", years+"/{year}/close", manage, op("closeYear", "roster", "Close a school year and all its doors"), s.postYearClose)

	identity.Route(g, "GET", groups, choose, op("listGroups", "roster", "Groups of the open years, or of one year"), s.listGroups)
	identity.Route(g, "POST", groups, manage, op("makeGroup", "roster", "Make a group"), s.postGroup)
	identity.Route(g, "GET", groups+"/{group}", read, op("getGroup", "roster", "A group and its seats"), s.getGroup)
	identity.Route(g, "PATCH", groups+"/{group}", manage, op("changeGroup", "roster", "Rename, re-level or archive a group"), s.patchGroup)
	identity.Route(g, "DELETE", groups+"/{group}", manage, op("removeGroup", "roster", "Remove a group that never held a seat"), s.deleteGroup)

	identity.Route(g, "POST", groups+"/{group}/door", teach, op("openDoor", "door", "Let typed codes in for some minutes"), s.postDoor)
	identity.Route(g, "DELETE", groups+"/{group}/door", teach, op("closeDoor", "door", "Stop typed codes"), s.deleteDoor)
	identity.Route(g, "GET", groups+"/{group}/presence", read, op("getPresence", "door", "Who is in, who waits, and whether the door is being tried"), s.getPresence)
	identity.Route(g, "POST", groups+"/{group}/entries/{entry}", teach, op("answerEntry", "door", "Admit or refuse a second device"), s.postEntry)
	identity.Route(g, "PUT", groups+"/{group}/first-names", teach, op("shareFirstNames", "names", "Give present seats first names sealed to their browsers"), s.putFirstNames)
	identity.Route(g, "DELETE", groups+"/{group}/first-names", teach, op("stopFirstNames", "names", "Take the group's first names back"), s.deleteFirstNames)

	identity.Route(g, "GET", seats, read, op("listSeats", "roster", "Seats, by id"), s.listSeats)
	identity.Route(g, "POST", seats, manage, bulk(op("arrive", "roster", "One or several arrivals; the same body as an import")), s.postImport)
	identity.Route(g, "POST", "/schools/{school}/imports", manage, bulk(op("importRoster", "roster", "Import groups and seats, all or nothing")), s.postImport)
	identity.Route(g, "POST", seats+"/swap", manage, op("swapSecrets", "roster", "Exchange the secrets of two seats"), s.postSwap)
	identity.Route(g, "PATCH", seats+"/{seat}", manage, op("changeSeat", "roster", "Change a seat's level, groups or picture; leave or come back"), s.patchSeat)
	identity.Route(g, "POST", seats+"/{seat}/secret", teach, op("replaceSecret", "roster", "Replace the secret of a lost or stolen slip"), s.postSecret)

	identity.Route(g, "GET", "/me/key", identity.Staff(), op("getMyKey", "names", "The caller's own key, sealed by their phrase"), s.getMyKey)
	identity.Route(g, "GET", "/me/key/earlier", identity.Staff().Fresh(), op("listMyEarlierKeys", "names", "The caller's own keys of the last month, to put one back"), s.getMyEarlierKeys)
	identity.Route(g, "PUT", "/me/key", identity.Staff().Fresh(), op("putMyKey", "names", "Register the caller's own key"), s.putMyKey)
	identity.Route(g, "GET", names, identity.Only(nameWatchers...).Part(), op("getNames", "names", "The names key and who has been let in"), s.getNames)
	identity.Route(g, "POST", names+"/key", keep, op("makeNamesKey", "names", "Register the school's names key, or replace a lost one"), s.postNamesKey)
	identity.Route(g, "POST", names+"/key/restore", keep, op("restoreNamesKey", "names", "Put back a names key that was replaced less than a month ago"), s.postRestoreKey)
	identity.Route(g, "POST", names+"/members", keep, op("letIn", "names", "Let a member of staff in to the names"), s.postMember)
	identity.Route(g, "DELETE", names+"/members/{member}", keep, op("putOut", "names", "End a member's access to the names"), s.deleteMember)
	identity.Route(g, "PUT", names+"/sheet", keep, op("replaceSheet", "names", "Put another recovery sheet in the place of the present one"), s.putSheet)
	identity.Route(g, "POST", names+"/sheet/{member}/stored", keep, op("sheetStored", "names", "Say that the recovery sheet is printed and stored"), s.sheetStored)
	identity.Route(g, "GET", names+"/records", readNames, op("listRecords", "names", "Latest name records of the seats that the caller may see"), s.listRecords)
	identity.Route(g, "PUT", names+"/records", identity.Only(teachers...).Part(), bulk(op("putRecords", "names", "Write new versions of name records")), s.putRecords)

	identity.Route(g, "POST", "/door/link", identity.Public(), op("enterByLink", "door", "Enter by a slip"), s.postLink)
	identity.Route(g, "POST", "/door/code", identity.Public(), op("enterByCode", "door", "Enter by a typed code while the group's door is open"), s.postCode)
	identity.Route(g, "GET", "/door", identity.Public(), op("getDoor", "door", "Where this device stands; the sign of life of a session"), s.getDoor)
	identity.Route(g, "DELETE", "/door", identity.Public(), op("leaveDoor", "door", "Leave"), s.deleteDoorSession)
}

// maxImportBody is the most an import's body may weigh, in bytes.
const maxImportBody = 8 << 20
