package privacy

// ActivityID names a processing activity.
type ActivityID string

// The processing activities, one line each of the register.
const (
	Accounts ActivityID = "accounts"
	Seats    ActivityID = "seats"
	Names    ActivityID = "names"
	Rights   ActivityID = "rights"
	Running  ActivityID = "running"
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
		{Accounts, "privacy.act_accounts", "privacy.why_accounts", PublicTask, "privacy.basis_public_task", "privacy.to_accounts", "privacy.sec_accounts"},
		{Seats, "privacy.act_seats", "privacy.why_seats", PublicTask, "privacy.basis_public_task", "privacy.to_seats", "privacy.sec_seats"},
		{Names, "privacy.act_names", "privacy.why_names", PublicTask, "privacy.basis_public_task", "privacy.to_names", "privacy.sec_names"},
		{Rights, "privacy.act_rights", "privacy.why_rights", LegalObligation, "privacy.basis_legal_obligation", "privacy.to_rights", "privacy.sec_rights"},
		{Running, "privacy.act_running", "privacy.why_running", PublicTask, "privacy.basis_public_task", "privacy.to_running", "privacy.sec_running"},
	}
}
