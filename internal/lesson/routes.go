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
	g.Handle("GET /api/v1"+one+"/live", come, http.HandlerFunc(s.live))

	identity.Route(g, "GET", "/schools/{school}/lesson-settings", hold, op("getLessonSettings", "What the school decides for its lessons"), s.getSettings)
	identity.Route(g, "PUT", "/schools/{school}/lesson-settings", identity.Only(identity.Head), op("setLessonSettings", "Decide for the school's lessons"), s.putSettings)
}
