package identity

import "net/http"

// Routes registers every route of identity on the gate: its part of the
// authorisation table. It is called once, before any request.
func (s *Service) Routes(g *Gate) {
	s.gate = g
	own := Staff()
	proven := Staff().Fresh()
	installation := Only(Administrator)
	lead := Only(Head, Administrator)
	know := Only(Head, Office, DPO, Administrator)
	anyone := Only(Roles()...).Part()
	const tag = "identity"

	Route(g, "POST", "/setup/check", Public(), Op{ID: "checkSetup", Tag: tag, Summary: "Say whether a set-up link still works"}, s.checkSetup)
	Route(g, "POST", "/setup", Public(), Op{ID: "setUp", Tag: tag, Summary: "Make the first school and the first administrator"}, s.postSetup)

	Route(g, "POST", "/session", Public(), Op{ID: "signIn", Tag: tag, Summary: "Sign in with a password"}, s.postSession)
	Route(g, "POST", "/session/link", Public(), Op{ID: "signInWithLink", Tag: tag, Summary: "Sign in with a one-time link"}, s.postSessionLink)
	Route(g, "POST", "/session/passkey/begin", Public(), Op{ID: "beginPasskeySignIn", Tag: tag, Summary: "Begin to sign in with a passkey"}, s.beginPasskeySession)
	Route(g, "POST", "/session/passkey/finish", Public(), Op{ID: "finishPasskeySignIn", Tag: tag, Summary: "Sign in with a passkey", MaxBody: 64 << 10}, s.finishPasskeySession)
	Route(g, "POST", "/session/recovery", Public(), Op{ID: "signInWithRecoveryCode", Tag: tag, Summary: "Sign in with a recovery code"}, s.postSessionRecovery)
	Route(g, "DELETE", "/session", Public(), Op{ID: "signOut", Tag: tag, Summary: "Sign out"}, s.deleteSession)

	Route(g, "GET", "/me", own, Op{ID: "getMe", Tag: tag, Summary: "Read one's account and roles"}, s.getMe)
	Route(g, "PATCH", "/me", own, Op{ID: "changeMe", Tag: tag, Summary: "Change one's name, address or language"}, s.patchMe)
	Route(g, "GET", "/me/sessions", own, Op{ID: "listMySessions", Tag: tag, Summary: "List one's sessions"}, s.getSessions)
	Route(g, "DELETE", "/me/sessions", own, Op{ID: "endMyOtherSessions", Tag: tag, Summary: "End every session but this one"}, s.deleteOtherSessions)
	Route(g, "DELETE", "/me/sessions/{session}", own, Op{ID: "endMySession", Tag: tag, Summary: "End a session"}, s.deleteMySession)
	Route(g, "POST", "/me/password", own, Op{ID: "changeMyPassword", Tag: tag, Summary: "Change one's password"}, s.postPassword)
	Route(g, "GET", "/me/passkeys", own, Op{ID: "listMyPasskeys", Tag: tag, Summary: "List one's passkeys"}, s.getPasskeys)
	Route(g, "POST", "/me/passkeys/begin", proven, Op{ID: "beginMyPasskey", Tag: tag, Summary: "Begin to add a passkey"}, s.beginPasskey)
	Route(g, "POST", "/me/passkeys/finish", proven, Op{ID: "finishMyPasskey", Tag: tag, Summary: "Add a passkey", MaxBody: 64 << 10}, s.finishPasskey)
	Route(g, "DELETE", "/me/passkeys/{passkey}", proven, Op{ID: "removeMyPasskey", Tag: tag, Summary: "Remove a passkey"}, s.deletePasskey)
	Route(g, "POST", "/me/recovery-codes", proven, Op{ID: "makeMyRecoveryCodes", Tag: tag, Summary: "Make ten new recovery codes"}, s.postRecoveryCodes)

	Route(g, "POST", "/invitations/check", Public(), Op{ID: "checkInvitation", Tag: tag, Summary: "Read an invitation"}, s.checkInvitation)
	Route(g, "POST", "/invitations/accept", Public(), Op{ID: "acceptInvitation", Tag: tag, Summary: "Accept an invitation"}, s.acceptInvitation)
	Route(g, "POST", "/schools/{school}/invitations", lead, Op{ID: "invite", Tag: tag, Summary: "Invite somebody to a role"}, s.postInvitation)
	Route(g, "GET", "/schools/{school}/invitations", lead, Op{ID: "listInvitations", Tag: tag, Summary: "List open invitations"}, s.getInvitations)
	Route(g, "DELETE", "/schools/{school}/invitations/{invitation}", lead, Op{ID: "revokeInvitation", Tag: tag, Summary: "Revoke an invitation"}, s.deleteInvitation)

	Route(g, "GET", "/schools/{school}/staff", know, Op{ID: "listStaff", Tag: tag, Summary: "List who can act on the school"}, s.getPeople)
	Route(g, "POST", "/schools/{school}/staff/{staff}/grants", lead, Op{ID: "giveRole", Tag: tag, Summary: "Give a role"}, s.postGrant)
	Route(g, "DELETE", "/schools/{school}/staff/{staff}/grants/{grant}", lead, Op{ID: "takeRole", Tag: tag, Summary: "Take a role back"}, s.deleteGrant)
	Route(g, "POST", "/schools/{school}/staff/{staff}/close", lead, Op{ID: "closeStaff", Tag: tag, Summary: "Close an account"}, s.closeStaff)
	Route(g, "POST", "/schools/{school}/staff/{staff}/reopen", lead, Op{ID: "reopenStaff", Tag: tag, Summary: "Open a closed account again"}, s.reopenStaff)

	Route(g, "GET", "/schools", own, Op{ID: "listSchools", Tag: tag, Summary: "List the schools where one has a role"}, s.getSchools)
	Route(g, "POST", "/schools", installation, Op{ID: "createSchool", Tag: tag, Summary: "Make a school"}, s.postSchool)
	Route(g, "GET", "/schools/{school}", anyone, Op{ID: "getSchool", Tag: tag, Summary: "Read a school"}, s.getSchool)
	Route(g, "PATCH", "/schools/{school}", lead, Op{ID: "changeSchool", Tag: tag, Summary: "Change a school"}, s.patchSchool)
	Route(g, "GET", "/territories", own, Op{ID: "listTerritories", Tag: tag, Summary: "List territories"}, s.getTerritories)
	Route(g, "POST", "/territories", installation, Op{ID: "createTerritory", Tag: tag, Summary: "Make a territory"}, s.postTerritory)

	if s.outside != nil {
		g.Handle("GET /session/outside", Public(), http.HandlerFunc(s.beginOutside))
		g.Handle("GET /session/outside/back", Public(), http.HandlerFunc(s.finishOutside))
	}
}
