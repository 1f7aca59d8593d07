package journal

import (
	"net/http"

	"preau/internal/identity"
)

// Routes registers every route of the domain with who may call it. What a
// caller may do to a piece, the rules of state.go say.
func (s *Service) Routes(g *identity.Gate) {
	s.desk(g)
	s.public(g)
}

func (s *Service) desk(g *identity.Gate) {
	const (
		top  = "/schools/{school}/journal"
		one  = top + "/pieces/{piece}"
		part = top + "/collectives/{axis}"
	)
	op := func(id, summary string) identity.Op { return identity.Op{ID: id, Tag: "journal", Summary: summary} }
	member := identity.Only(writers()...).Part().OrSeat()
	edit, head := identity.Only(identity.Head, identity.Editor), identity.Only(identity.Head)

	identity.Route(g, "GET", top, member, op("getJournalMe", "Who one is for the journal"), s.getMe)
	identity.Route(g, "PUT", top+"/pen-name", member, op("setPenName", "Choose the name that readers see"), s.putPenName)
	identity.Route(g, "GET", top+"/settings", member, op("getJournalSettings", "What the school decides for its journal"), s.getSettings)
	identity.Route(g, "PUT", top+"/settings", head, op("setJournalSettings", "Decide for the school's journal"), s.putSettings)
	identity.Route(g, "GET", top+"/themes", member, op("listThemes", "Themes"), s.getThemes)
	identity.Route(g, "POST", top+"/themes", edit, op("makeTheme", "Make a theme"), s.postTheme)
	identity.Route(g, "PUT", top+"/themes/{axis}", edit, op("changeTheme", "Rename or reorder a theme"), s.putTheme)
	identity.Route(g, "DELETE", top+"/themes/{axis}", edit, op("removeTheme", "Remove a theme that has no piece"), s.deleteTheme)
	identity.Route(g, "GET", top+"/collectives", member, op("listCollectives", "Collectives"), s.getCollectives)
	identity.Route(g, "POST", top+"/collectives", edit, op("makeCollective", "Make a collective"), s.postCollective)
	identity.Route(g, "PUT", part, edit, op("changeCollective", "Rename or reorder a collective"), s.putCollective)
	identity.Route(g, "DELETE", part, edit, op("removeCollective", "Remove a collective that has no piece"), s.deleteCollective)

	identity.Route(g, "GET", top+"/pieces", member, op("listPieces", "One's own pieces, or those to review"), s.getPieces)
	identity.Route(g, "POST", top+"/pieces", member, op("beginPiece", "Begin a piece"), s.postPiece)
	identity.Route(g, "GET", one, member, op("getPiece", "A piece, for its authors and reviewers"), s.getPiece)
	identity.Route(g, "PUT", one, member, op("savePiece", "Save what is written"), s.putPiece)
	identity.Route(g, "DELETE", one, member, op("discardPiece", "Remove a draft that was never proposed"), s.deletePiece)
	identity.Route(g, "POST", one+"/acts", member, op("actOnPiece", "Propose, discuss, publish, refuse, withdraw, suspend, forbid"), s.postAct)
	identity.Route(g, "GET", one+"/thread", member, op("getThread", "The internal thread of a piece"), s.getThread)
	identity.Route(g, "POST", one+"/thread", member, op("sayInThread", "Add to the thread"), s.postThread)
	identity.Route(g, "GET", one+"/revisions", member, op("listRevisions", "Revisions of a piece"), s.getRevisions)
	identity.Route(g, "GET", one+"/revisions/{n}", member, op("getRevision", "One revision"), s.getRevision)
	identity.Route(g, "POST", one+"/authors", member, op("addAuthor", "Let somebody sign and change a piece too"), s.postAuthor)
	identity.Route(g, "PUT", one+"/authors", member, op("orderAuthors", "The order in which a piece's authors sign"), s.putAuthors)
	identity.Route(g, "PUT", one+"/signature", member, op("answerInvitation", "Sign a piece that one is asked to sign, or not"), s.putSignature)
	identity.Route(g, "PUT", top+"/authors/{author}", edit, op("renameAuthor", "Give an author another pen name"), s.putAuthor)
	identity.Route(g, "DELETE", one+"/authors/{author}", member, op("removeAuthor", "Take an author off"), s.deleteAuthor)
	identity.Route(g, "PUT", one+"/holder", member, op("takePiece", "Say that one reviews it, or no longer does"), s.putHolder)
	identity.Route(g, "POST", top+"/formula", member, op("readFormula", "A formula as readers will see it"), s.postFormula)
	g.Handle("POST /api/v1"+top+"/files", member, http.HandlerFunc(s.postFile))
	identity.Route(g, "DELETE", top+"/files/{file}", member, op("removeFile", "Take a file down everywhere"), s.deleteFile)

	identity.Route(g, "GET", top+"/desk", member, op("getDesk", "What waits, and what nears a limit"), s.getDesk)
	identity.Route(g, "GET", top+"/contributions", member, op("listContributions", "The queue of contributions"), s.getContributions)
	identity.Route(g, "POST", top+"/contributions/sort", member, op("sortContributions", "Let through, answer, refuse, or mark as spam"), s.postSorting)
	identity.Route(g, "GET", top+"/reports", member, op("listJournalReports", "Reports of readers"), s.getReports)
	identity.Route(g, "POST", top+"/reports/{report}", member, op("judgeReport", "Uphold or dismiss a report"), s.postVerdict)
	identity.Route(g, "GET", top+"/replies", member, op("listReplies", "Requests of the right of reply"), s.getReplies)
	identity.Route(g, "POST", top+"/replies/{reply}", member, op("answerReply", "Insert a reply, or refuse it"), s.postReply)
	identity.Route(g, "GET", top+"/log", identity.Only(identity.Head, identity.Editor, identity.DPO), op("getJournalLog", "The moderation log"), s.getLog)
	identity.Route(g, "GET", top+"/decisions", identity.Only(identity.Head, identity.Editor, identity.DPO), op("listDecisions", "Suspensions and prohibitions"), s.getDecisions)
	identity.Route(g, "POST", top+"/decisions/{decision}/told", head, op("tellDecision", "Note that the conseil d'administration was told"), s.postTold)

	identity.Route(g, "GET", top+"/consents", identity.Only(identity.Head, identity.Editor, identity.Office, identity.DPO), op("listConsents", "Authorisations to show a name, a face or a voice"), s.getConsents)
	identity.Route(g, "POST", top+"/consents", identity.Only(identity.Head, identity.Editor, identity.Office), op("recordConsent", "Record an authorisation"), s.postConsent)
	identity.Route(g, "POST", top+"/consents/{consent}/uses", identity.Only(identity.Head, identity.Editor, identity.Office), op("useConsent", "Tie it to a file or a piece"), s.postConsentUse)
	identity.Route(g, "DELETE", top+"/consents/{consent}", identity.Only(identity.Head, identity.Editor, identity.Office, identity.DPO), op("withdrawConsent", "End it: what it covers is taken down"), s.deleteConsent)
	identity.Route(g, "GET", top+"/moves", edit, op("listMoves", "Old sites on their way in"), s.getMoves)
	g.Handle("POST /api/v1"+top+"/moves", edit, http.HandlerFunc(s.postMove))
	g.Handle("POST /api/v1"+top+"/moves/{move}/pictures", edit, http.HandlerFunc(s.postMovePictures))
	identity.Route(g, "GET", top+"/moves/{move}", edit, op("getMove", "An old site on its way in, with its report"), s.getMove)
	identity.Route(g, "POST", top+"/moves/{move}/read", edit, op("readMove", "Read what was sent, and write nothing"), s.postMoveRead)
	identity.Route(g, "POST", top+"/moves/{move}/write", edit, op("writeMove", "Bring it in, as was chosen"), s.postMoveWrite)
	identity.Route(g, "DELETE", top+"/moves/{move}", edit, op("dropMove", "Set aside what was sent"), s.deleteMove)
	identity.Route(g, "GET", top+"/held", edit, op("listHeldFiles", "Files of an old site that nobody has looked at"), s.getHeld)
	identity.Route(g, "POST", top+"/held/shown", edit, op("showHeldFiles", "Say that nobody can be recognised, or that all have agreed"), s.postShown)
	identity.Route(g, "GET", top+"/copy/plan", edit, op("planJournalCopy", "How much a copy of the journal would hold"), s.getCopyPlan)
	g.Handle("GET /api/v1"+top+"/copy", edit, http.HandlerFunc(s.getCopy))
	identity.Route(g, "GET", top+"/mandates", identity.Only(identity.Head, identity.Editor, identity.Moderator, identity.DPO), op("listMandates", "Who is on the board, and whose turn it is to moderate"), s.getMandates)
	identity.Route(g, "GET", top+"/peers", edit, op("listPeers", "Colleagues to whom a turn may be given"), s.getPeers)
	identity.Route(g, "POST", top+"/mandates", edit, op("giveMandate", "Give a mandate until a date"), s.postMandate)
	identity.Route(g, "DELETE", top+"/mandates/{mandate}", edit, op("endMandate", "Take a mandate back"), s.deleteMandate)
}

// public are the pages. All may be asked for by anybody: what each shows
// depends on who reads.
func (s *Service) public(g *identity.Gate) {
	page := func(pattern string, h http.HandlerFunc) { g.Handle(pattern, identity.Public(), h) }
	const top = "/journal/{journal}"
	page("GET /journal", s.pageList)
	page("GET "+top, s.pageFront)
	page("GET "+top+"/article/{slug}", s.pageArticle)
	page("POST "+top+"/article/{slug}/complement", s.sendAddition)
	page("GET "+top+"/article/{slug}/signaler", s.pageReport)
	page("POST "+top+"/article/{slug}/signaler", s.sendReport)
	page("GET "+top+"/article/{slug}/reponse", s.pageReply)
	page("POST "+top+"/article/{slug}/reponse", s.sendReply)
	page("GET "+top+"/articles", s.pageArticles)
	page("GET "+top+"/themes", s.pageThemes)
	page("GET "+top+"/theme/{axis}", s.pageTheme)
	page("GET "+top+"/collectifs", s.pageCollectives)
	page("GET "+top+"/collectif/{axis}", s.pageCollective)
	page("GET "+top+"/presse", s.pagePress)
	page("GET "+top+"/mot/{tag}", s.pageTag)
	page("GET "+top+"/calendrier", s.pageCalendar)
	page("GET "+top+"/recherche", s.pageSearch)
	page("GET "+top+"/archives", s.pageArchive)
	page("GET "+top+"/publier", s.pageHowTo)
	page("POST "+top+"/publier", s.sendPiece)
	page("GET "+top+"/contact", s.pageContact)
	page("GET "+top+"/mentions", s.pageLegal)
	page("GET "+top+"/accessibilite", s.pageAccessibility)
	page("GET "+top+"/donnees", s.pagePrivacy)
	page("GET "+top+"/suivi/{receipt}", s.pageReceipt)
	page("GET "+top+"/apercu/{piece}", s.pagePreview)
	page("GET "+top+"/ancien/{path...}", s.pageOld)
	page("GET "+top+"/flux.atom", s.feedFront)
	page("GET "+top+"/presse/flux.atom", s.feedPress)
	page("GET "+top+"/theme/{axis}/flux.atom", s.feedTheme)
	page("GET "+top+"/collectif/{axis}/flux.atom", s.feedCollective)
	page("GET "+top+"/mot/{tag}/flux.atom", s.feedTag)
	page("GET "+top+"/article/{slug}/flux.atom", s.feedAdditions)
	page("GET "+top+"/calendrier.ics", s.feedCalendar)
	page("GET /journal-files/{file}", s.file)
	g.Handle("GET /journal-style/{file}", identity.Same(), http.HandlerFunc(s.styleFile))
}
