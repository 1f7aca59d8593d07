package privacy

import (
	"net/http"

	"preau/internal/identity"
)

// Routes registers every route of privacy on the gate: its part of the
// authorisation table.
func (s *Service) Routes(g *identity.Gate) {
	watch := identity.Only(identity.DPO, identity.Head, identity.Administrator)
	act := identity.Only(identity.DPO, identity.Head)
	const tag = "privacy"
	const school = "/schools/{school}/privacy"
	op := func(id, summary string) identity.Op { return identity.Op{ID: id, Tag: tag, Summary: summary} }

	identity.Route(g, "GET", "/notices", identity.Public(), op("listNotices", "List the schools and who answers for their data"), s.getNotices)
	identity.Route(g, "GET", "/schools/{school}/notice", identity.Public(), op("getNotice", "Read what a school says about the data it keeps"), s.getNotice)

	identity.Route(g, "GET", school+"/map", watch, op("getDataMap", "Read the data map: every column, its reason and its end"), s.getMap)
	identity.Route(g, "GET", school+"/register", watch, op("getRegister", "Read the register of processing activities"), s.getRegister)
	g.Handle("GET /api/v1"+school+"/register.csv", watch, http.HandlerFunc(s.registerCSV(g)))
	g.Handle("GET /api/v1"+school+"/register.ods", watch, http.HandlerFunc(s.registerODS(g)))

	identity.Route(g, "GET", school+"/retention", watch, op("planRetention", "Count what retention would do now, changing nothing"), s.getRetention)
	identity.Route(g, "POST", school+"/retention", act, op("runRetention", "Apply retention now"), s.postRetention)
	identity.Route(g, "PUT", school+"/retention/{rule}", act, op("shortenRetention", "Keep for fewer days than the data map says"), s.putRetention)
	identity.Route(g, "GET", school+"/audit", watch, op("readAuditTrail", "Read the audit trail, newest first"), s.getTrail)

	identity.Route(g, "GET", "/schools/{school}/seats/{seat}/export", act, op("exportSeat", "Gather what is kept about a seat"), s.exportSeat)
	identity.Route(g, "POST", "/schools/{school}/seats/{seat}/erase", act.Fresh(), op("eraseSeat", "Erase what is kept about a seat"), s.eraseSeat)
	identity.Route(g, "GET", school+"/former-staff", act, op("listFormerStaff", "List the accounts of the school that no longer have any role"), s.getFormerStaff)
	identity.Route(g, "GET", "/schools/{school}/staff/{staff}/export", act, op("exportStaff", "Gather what is kept about a member of staff"), s.exportStaff)
	identity.Route(g, "POST", "/schools/{school}/staff/{staff}/erase", act.Fresh(), op("eraseStaff", "Erase what is kept about a former member of staff"), s.eraseStaff)
	identity.Route(g, "GET", "/me/export", identity.Staff(), op("exportMe", "Gather what is kept about oneself"), s.exportMe)
}
