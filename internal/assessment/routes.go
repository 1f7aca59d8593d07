package assessment

import (
	"net/http"

	"preau/internal/identity"
)

// Who may do what, over the scope of their grants.
func leaders() []identity.Role { return []identity.Role{identity.AssessmentLead, identity.Head} }

func invigilators() []identity.Role {
	return append(leaders(), identity.Teacher, identity.CoTeacher, identity.Substitute)
}

// Routes registers every route of the domain with who may call it. The routes
// under /sitting are open to all at the gate: they ask for the token of a
// sitting, so that saves need no look-up of sessions.
func (s *Service) Routes(g *identity.Gate) {
	const (
		bank      = "/schools/{school}/tests"
		written   = "/schools/{school}/questions"
		campaigns = "/schools/{school}/campaigns"
		one       = campaigns + "/{campaign}"
		group     = one + "/groups/{group}"
		room      = group + "/rooms/{sequence}"
	)
	op := func(id, summary string) identity.Op { return identity.Op{ID: id, Tag: "assessment", Summary: summary} }
	lead, run := identity.Only(leaders()...), identity.Only(invigilators()...)
	some := identity.Only(invigilators()...).Part()

	identity.Route(g, "GET", bank, some, op("listTests", "The school's bank"), s.getPackages)
	g.Handle("POST /api/v1"+bank, lead, http.HandlerFunc(s.postPackage))
	identity.Route(g, "GET", bank+"/{test}", some, op("getTest", "What a test is made of"), s.getPackage)
	identity.Route(g, "DELETE", bank+"/{test}", lead, op("removeTest", "Take a test that nothing uses out of the bank"), s.deletePackage)
	identity.Route(g, "GET", bank+"/{test}/preview/{question}", some, op("previewQuestion", "A question as a pupil would see it"), s.getPreview)
	g.Handle("GET /api/v1/test-files/{package}/{file}", identity.Same(), http.HandlerFunc(s.file))

	g.Handle("GET /api/v1"+bank+"/{test}/export", some, http.HandlerFunc(s.exportTest))
	identity.Route(g, "POST", "/schools/{school}/made-tests", some, op("makeTest", "Put a test together from questions of the bank"), s.postMadeTest)
	identity.Route(g, "GET", "/schools/{school}/made-tests/{test}", some, op("getMadeTest", "What a test put together here was made from"), s.getMadeTest)
	identity.Route(g, "POST", "/schools/{school}/question-draw", some, op("drawQuestions", "Draw questions of the bank by a blueprint"), s.postQuestionDraw)

	identity.Route(g, "GET", written, some, op("listQuestions", "Questions written in the school"), s.getQuestions)
	identity.Route(g, "POST", written, some, op("writeQuestion", "Put a question into the bank"), s.postQuestion)
	identity.Route(g, "GET", written+"/{question}", some, op("getQuestion", "A question as it was written, and its versions"), s.getQuestion)
	identity.Route(g, "PUT", written+"/{question}", some, op("reviseQuestion", "Revise a question; a version that a test has stays as it is"), s.putQuestion)
	identity.Route(g, "DELETE", written+"/{question}", some, op("removeQuestion", "Remove a question that no test has"), s.deleteQuestion)
	g.Handle("GET /api/v1"+written+"/{question}/versions/{version}/export", some, http.HandlerFunc(s.exportQuestion))
	identity.Route(g, "POST", "/schools/{school}/question-try", some, op("tryQuestion", "A draft as a pupil would see it, and what an answer is worth"), s.postTry)
	g.Handle("POST /api/v1/schools/{school}/question-files", some, http.HandlerFunc(s.postQuestionFile))
	g.Handle("GET /api/v1/schools/{school}/question-files/{file}", some, http.HandlerFunc(s.getQuestionFile))

	identity.Route(g, "GET", campaigns, some, op("listCampaigns", "Campaigns that reach one's groups"), s.getCampaigns)
	identity.Route(g, "POST", campaigns, some, op("makeCampaign", "Give a test to groups between two dates"), s.postCampaign)
	identity.Route(g, "GET", one, some, op("getCampaign", "A campaign"), s.getCampaign)
	identity.Route(g, "PUT", one, some, op("changeCampaign", "Change a campaign"), s.putCampaign)
	identity.Route(g, "DELETE", one, some, op("removeCampaign", "Remove a campaign that nobody has begun"), s.deleteCampaign)
	identity.Route(g, "POST", one+"/rescore", lead, op("rescoreCampaign", "Score by a version whose keys were corrected"), s.postRescore)
	identity.Route(g, "GET", one+"/distribution", lead, op("getDistribution", "How the school's pupils did, never under the floor"), s.getDistribution)

	const (
		files      = "/schools/{school}/campaign-files"
		file       = files + "/{file}"
		publishers = "/schools/{school}/campaign-publishers"
	)
	identity.Route(g, "GET", files, lead, op("listCampaignFiles", "Campaigns that came as files"), s.getFiles)
	g.Handle("POST /api/v1"+files, lead, http.HandlerFunc(s.postFile))
	identity.Route(g, "GET", file, lead, op("getCampaignFile", "Who publishes a campaign, and all that it declares"), s.getFile)
	identity.Route(g, "GET", file+"/questions/{question}", lead, op("getCampaignFileQuestion", "A question of a campaign, as the file has it in clear"), s.getFileQuestion)
	g.Handle("GET /api/v1"+file+"/assets/{part}", lead, http.HandlerFunc(s.fileAsset))
	identity.Route(g, "POST", file+"/accept", lead, op("acceptCampaignFile", "Accept a campaign and, the first time, its publisher's key"), s.postAcceptFile)
	identity.Route(g, "POST", file+"/open", lead, op("openCampaignFile", "Open a campaign with what its publisher published, for groups"), s.postOpenFile)
	identity.Route(g, "DELETE", file, lead, op("removeCampaignFile", "Forget a file whose campaign is not open"), s.deleteFile)
	identity.Route(g, "GET", publishers, lead, op("listCampaignPublishers", "Publishers whose key the school accepts, or did"), s.getPublishers)
	identity.Route(g, "POST", publishers+"/{publisher}/end", identity.Only(identity.Head), op("endCampaignPublisher", "Stop accepting a publisher's key"), s.postEndPublisher)

	identity.Route(g, "GET", room, run, op("getRoom", "A group taking a sequence: those who need somebody first"), s.getRoom)
	identity.Route(g, "PUT", room, run, op("setRoom", "Open or close a sequence for a group"), s.putRoom)
	identity.Route(g, "GET", room+"/report", run, op("getRoomReport", "Who took it, and what happened"), s.getReport)
	identity.Route(g, "POST", room+"/sittings/{sitting}", run, op("actOnSitting", "Start, pause, resume, extend, reopen, finish, let a device in, note"), s.postAct)
	identity.Route(g, "POST", room+"/exchange", run, op("exchangeSittings", "Give two seats each other's sitting"), s.postExchange)
	identity.Route(g, "PUT", group+"/seats/{seat}", run, op("setAid", "Extra time, help, or a mark for one seat"), s.putAid)
	identity.Route(g, "GET", room+"/grid", run, op("getGrid", "What was keyed from paper"), s.getGrid)
	identity.Route(g, "PUT", room+"/grid/{seat}", run, op("keyAnswer", "Key one cell from paper"), s.putCell)
	identity.Route(g, "GET", room+"/booklet", run, op("getBooklet", "A sequence to be printed, and what the adult says"), s.getBooklet)
	identity.Route(g, "GET", room+"/check", run, op("getCheck", "How the second keying of a sample agrees with the first"), s.getCheck)
	identity.Route(g, "POST", room+"/check", run, op("drawCheck", "Draw the seats that are keyed a second time"), s.postCheck)
	identity.Route(g, "GET", room+"/second", run, op("getSecond", "The second keying, and nothing of the first"), s.getSecond)
	identity.Route(g, "PUT", room+"/second/{seat}", run, op("keySecond", "Key one cell a second time"), s.putSecond)
	identity.Route(g, "PUT", room+"/check/{seat}", run, op("decideCell", "Settle a cell on which two keyings differ"), s.putDecision)

	identity.Route(g, "GET", group+"/aloud", run, op("getAloud", "The text read aloud, and how each seat read it"), s.getAloud)
	identity.Route(g, "PUT", group+"/aloud/{seat}", run, op("setAloudState", "Absent, exempt, or to read another day"), s.putAloud)
	identity.Route(g, "POST", group+"/aloud/{seat}/readings/{reading}", run, op("saveReading", "Keep saves of a reading; acknowledged once on disk"), s.postReading)

	identity.Route(g, "PUT", one+"/rubrics/{question}", lead, op("setRubric", "How long answers to a question are marked"), s.putRubric)
	identity.Route(g, "GET", group+"/markings", run, op("getMarkings", "Long answers of a group, and their markings as the caller may see them"), s.getMarkings)
	identity.Route(g, "PUT", group+"/markings/{question}/{seat}", run, op("markAnswer", "Mark one long answer, in one's turn"), s.putMarking)

	identity.Route(g, "GET", group+"/results", run, op("getResults", "Results of a group"), s.getResults)

	g.Handle("GET /api/v1"+group+"/export/{file}", run, http.HandlerFunc(s.exportOf))

	identity.Route(g, "GET", "/sittings", identity.Seat(), op("listSittings", "Sequences that a seat may come to now"), s.getOffers)
	identity.Route(g, "POST", "/sittings", identity.Seat(), op("comeToSitting", "Take one's place; answers with the token of this device"), s.postCome)
	identity.Route(g, "GET", "/sitting", identity.Same(), op("getSitting", "Where a sitting stands; its sign of life"), s.getState)
	identity.Route(g, "POST", "/sitting/start", identity.Same(), op("startSitting", "Begin"), s.postStart)
	identity.Route(g, "GET", "/sitting/stage", identity.Same(), op("getStage", "The whole stage, and the answers it has"), s.getStage)
	identity.Route(g, "POST", "/sitting/stage", identity.Same(), op("endStage", "Hand the stage in"), s.postStage)
	identity.Route(g, "POST", "/sitting/turns", identity.Same(), op("takeTurn", "One turn of a question that takes several; acknowledged once on disk"), s.postTurn)
	g.Handle("POST /api/v1/sitting/answers", identity.Same(), http.HandlerFunc(s.save))
}
