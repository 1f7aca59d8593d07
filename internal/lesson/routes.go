package lesson

import (
	"net/http"

	"preau/internal/identity"
)

// Routes registers every route of the domain with who may call it. Which
// lessons are a caller's is looked at by the handlers: the path does not say.
func (s *Service) Routes(g *identity.Gate) {
	const lessons = "/schools/{school}/lessons"
	const one = lessons + "/{lesson}"
	op := func(id, summary string) identity.Op { return identity.Op{ID: id, Tag: "lesson", Summary: summary} }
	come, hold := identity.Only(comers...).Part().OrSeat(), identity.Only(holders...).Part()

	identity.Route(g, "GET", lessons, come, op("listLessons", "Lessons of a few days; for a seat, those open and to come"), s.getLessons)
	identity.Route(g, "POST", lessons, hold, op("planLesson", "Open a lesson now, or plan one or several"), s.postLesson)
	identity.Route(g, "GET", one, come, op("getLesson", "A lesson, before being in"), s.getLesson)
	identity.Route(g, "PATCH", one, hold, op("changeLesson", "Change a planned lesson"), s.patchLesson)
	identity.Route(g, "DELETE", one, hold, op("cancelLesson", "Cancel a planned lesson"), s.deleteLesson)
	identity.Route(g, "POST", one+"/open", hold, op("openLesson", "Open a planned lesson"), s.postOpen)
	identity.Route(g, "POST", one+"/end", hold, op("endLesson", "End an open lesson for everyone"), s.postEnd)
	identity.Route(g, "GET", one+"/attendance", hold, op("getAttendance", "Who came, when, and for how long"), s.getAttendance)
	identity.Route(g, "GET", one+"/summary", hold, op("getLessonSummary", "What remains to be said of a lesson"), s.getSummary)
	identity.Route(g, "GET", one+"/guests", hold, op("getGuestLink", "The link for guests"), s.getLink)
	identity.Route(g, "POST", one+"/guests", hold, op("makeGuestLink", "Open a link for guests, or replace it: whoever came by the former is out"), s.postLink)
	identity.Route(g, "DELETE", one+"/guests", hold, op("closeGuestLink", "Close the link for guests: whoever came by it is out"), s.deleteLink)
	identity.Route(g, "POST", one+"/reports", identity.Only(comers...).Part(), op("freezeReport", "Keep a reported excerpt, sealed to the head"), s.postReport)
	g.Handle("GET /api/v1"+one+"/live", come, http.HandlerFunc(s.live))

	identity.Route(g, "POST", "/schools/{school}/lesson-check", identity.Only(comers...).Part(), op("checkMedia", "A room of one's own, to try a connection before a lesson"), s.postCheck)

	identity.Route(g, "GET", "/schools/{school}/lesson-settings", hold, op("getLessonSettings", "What the school decides for its lessons"), s.getSettings)
	identity.Route(g, "PUT", "/schools/{school}/lesson-settings", identity.Only(identity.Head), op("setLessonSettings", "Decide for the school's lessons"), s.putSettings)
	identity.Route(g, "GET", "/schools/{school}/lesson-reports", identity.Only(identity.Head), op("listReports", "Excerpts that adults have kept"), s.getReports)

	identity.Route(g, "GET", "/schools/{school}/lesson-calendar", identity.Only(comers...).Part(), op("getLessonCalendar", "Whether one's calendar has an address"), s.getCalendar)
	identity.Route(g, "POST", "/schools/{school}/lesson-calendar", identity.Only(comers...).Part(), op("makeLessonCalendar", "Make a secret address for one's calendar, in place of the former"), s.postCalendar)
	identity.Route(g, "DELETE", "/schools/{school}/lesson-calendar", identity.Only(comers...).Part(), op("removeLessonCalendar", "Make the address of one's calendar void"), s.deleteCalendar)
	g.Handle("GET /api/v1/calendar/{file}", identity.Public(), http.HandlerFunc(s.feed))

	identity.Route(g, "POST", "/guest/link", identity.Public(), op("readGuestLink", "What a guests' link leads to"), s.postGuestLink)
	identity.Route(g, "POST", "/guest/knock", identity.Public(), op("knock", "Ask to come in as a guest"), s.postKnock)
	identity.Route(g, "GET", "/guest", identity.Public(), op("getGuest", "Where a guest stands; the sign of life of one who waits"), s.getGuest)
	identity.Route(g, "DELETE", "/guest", identity.Public(), op("leaveGuest", "Leave the lobby or the lesson"), s.deleteGuest)
	g.Handle("GET /api/v1/guest/live", identity.Public(), http.HandlerFunc(s.guestLive))
}
