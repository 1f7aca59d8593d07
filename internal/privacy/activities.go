package privacy

// ActivityID names a processing activity.
type ActivityID string

// The processing activities, one line each of the register.
const (
	Accounts    ActivityID = "accounts"
	Seats       ActivityID = "seats"
	Names       ActivityID = "names"
	Lessons     ActivityID = "lessons"
	Reports     ActivityID = "reports"
	Assessments ActivityID = "assessments"
	Publishing  ActivityID = "publishing"
	Moderation  ActivityID = "moderation"
	Rights      ActivityID = "rights"
	Running     ActivityID = "running"
)

// Basis is a legal basis of GDPR article 6(1).
type Basis string

const (
	PublicTask      Basis = "public_task"      // 6(1)(e)
	LegalObligation Basis = "legal_obligation" // 6(1)(c)
)

// Activity is a processing activity (GDPR article 30(1)): its texts are
// catalogue keys. What it holds and for how long come from the tables that name it.
type Activity struct {
	ID         ActivityID
	Text       string // its name
	Purpose    string
	Basis      Basis
	BasisText  string
	Recipients string
	Security   string
}

func activities() []Activity {
	return []Activity{
		{Accounts, "datamap.act_accounts", "datamap.why_accounts", PublicTask, "datamap.basis_public_task", "datamap.to_accounts", "datamap.sec_accounts"},
		{Seats, "datamap.act_seats", "datamap.why_seats", PublicTask, "datamap.basis_public_task", "datamap.to_seats", "datamap.sec_seats"},
		{Names, "datamap.act_names", "datamap.why_names", PublicTask, "datamap.basis_public_task", "datamap.to_names", "datamap.sec_names"},
		{Lessons, "datamap.act_lessons", "datamap.why_lessons", PublicTask, "datamap.basis_public_task", "datamap.to_lessons", "datamap.sec_lessons"},
		{Reports, "datamap.act_reports", "datamap.why_reports", LegalObligation, "datamap.basis_protection", "datamap.to_reports", "datamap.sec_reports"},
		{Assessments, "datamap.act_assessments", "datamap.why_assessments", PublicTask, "datamap.basis_public_task", "datamap.to_assessments", "datamap.sec_assessments"},
		{Publishing, "datamap.act_publishing", "datamap.why_publishing", PublicTask, "datamap.basis_public_task", "datamap.to_publishing", "datamap.sec_publishing"},
		{Moderation, "datamap.act_moderation", "datamap.why_moderation", LegalObligation, "datamap.basis_legal_obligation", "datamap.to_moderation", "datamap.sec_moderation"},
		{Rights, "datamap.act_rights", "datamap.why_rights", LegalObligation, "datamap.basis_legal_obligation", "datamap.to_rights", "datamap.sec_rights"},
		{Running, "datamap.act_running", "datamap.why_running", PublicTask, "datamap.basis_public_task", "datamap.to_running", "datamap.sec_running"},
	}
}
