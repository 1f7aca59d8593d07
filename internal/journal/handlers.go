package journal

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"preau/internal/fault"
	"preau/internal/formula"
	"preau/internal/identity"
)

// Parts that the inputs and outputs of routes share.
type (
	InSchool struct {
		School string `path:"school" maxLength:"40"`
	}
	InAxis struct {
		InSchool
		Axis string `path:"axis" maxLength:"40"`
	}
	InPiece struct {
		InSchool
		Piece string `path:"piece" maxLength:"40"`
	}
	nothing       struct{}
	answer[T any] struct{ Body T }
	items[T any]  struct {
		Items []T `json:"items" nullable:"false"`
	}
	madeOne struct {
		ID string `json:"id"`
	}
)

func give[T any](body T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{body}, nil
}

func listed[T any](list []T, err error) (*answer[items[T]], error) {
	if list == nil {
		list = []T{}
	}
	return give(items[T]{list}, err)
}

func done(err error) (*nothing, error) { return nil, err }

func made(id string, err error) (*answer[madeOne], error) { return give(madeOne{id}, err) }

func staffID(ctx context.Context) string {
	if p := identity.From(ctx); p.Staff != nil {
		return p.Staff.ID
	}
	return ""
}

func (s *Service) getMe(ctx context.Context, in *InSchool) (*answer[Standing], error) {
	return give(s.Me(ctx, in.School))
}

type penNameIn struct {
	InSchool
	Body PenName
}

func (s *Service) putPenName(ctx context.Context, in *penNameIn) (*answer[Author], error) {
	return give(s.SetPenName(ctx, in.School, in.Body))
}

func (s *Service) getSettings(ctx context.Context, in *InSchool) (*answer[JournalSettings], error) {
	return give(s.Settings(ctx, in.School))
}

type settingsIn struct {
	InSchool
	Body Masthead
}

func (s *Service) putSettings(ctx context.Context, in *settingsIn) (*nothing, error) {
	return done(s.SetSettings(ctx, in.School, staffID(ctx), in.Body))
}

type axisIn struct {
	InSchool
	Body Axis
}

type changeAxisIn struct {
	InAxis
	Body Axis
}

func (s *Service) getThemes(ctx context.Context, in *InSchool) (*answer[items[Theme]], error) {
	return listed(s.Themes(ctx, in.School))
}

func (s *Service) postTheme(ctx context.Context, in *axisIn) (*answer[madeOne], error) {
	return made(s.MakeTheme(ctx, in.School, in.Body))
}

func (s *Service) putTheme(ctx context.Context, in *changeAxisIn) (*nothing, error) {
	return done(s.changeAxis(ctx, themes, in.School, in.Axis, in.Body))
}

func (s *Service) deleteTheme(ctx context.Context, in *InAxis) (*nothing, error) {
	return done(s.RemoveTheme(ctx, in.School, in.Axis))
}

func (s *Service) getCollectives(ctx context.Context, in *InSchool) (*answer[items[Collective]], error) {
	return listed(s.Collectives(ctx, in.School))
}

func (s *Service) postCollective(ctx context.Context, in *axisIn) (*answer[madeOne], error) {
	return made(s.MakeCollective(ctx, in.School, in.Body))
}

func (s *Service) putCollective(ctx context.Context, in *changeAxisIn) (*nothing, error) {
	return done(s.changeAxis(ctx, collectives, in.School, in.Axis, in.Body))
}

func (s *Service) deleteCollective(ctx context.Context, in *InAxis) (*nothing, error) {
	return done(s.removeAxis(ctx, collectives, in.School, in.Axis))
}

type piecesIn struct {
	InSchool
	Mine  bool   `query:"mine" doc:"One's own alone."`
	State string `query:"state" enum:"waiting,moved,draft,proposed,discussed,published,refused,withdrawn,suspended,forbidden" doc:"All when absent."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

func (s *Service) getPieces(ctx context.Context, in *piecesIn) (*answer[items[PieceLine]], error) {
	return listed(s.Pieces(ctx, in.School, PieceFilter{Mine: in.Mine, State: in.State, Limit: in.Limit}))
}

type newPieceIn struct {
	InSchool
	Body NewPiece
}

func (s *Service) postPiece(ctx context.Context, in *newPieceIn) (*answer[Saved], error) {
	return give(s.Begin(ctx, in.School, in.Body))
}

func (s *Service) getPiece(ctx context.Context, in *InPiece) (*answer[PieceDetail], error) {
	return give(s.Piece(ctx, in.School, in.Piece))
}

type saveIn struct {
	InPiece
	Body struct {
		Version int64   `json:"version" doc:"The version one began from."`
		Content Content `json:"content"`
	}
}

func (s *Service) putPiece(ctx context.Context, in *saveIn) (*answer[Saved], error) {
	return give(s.Save(ctx, in.School, in.Piece, in.Body.Version, in.Body.Content))
}

func (s *Service) deletePiece(ctx context.Context, in *InPiece) (*nothing, error) {
	return done(s.Discard(ctx, in.School, in.Piece))
}

type actIn struct {
	InPiece
	Body Doing
}

func (s *Service) postAct(ctx context.Context, in *actIn) (*answer[PieceDetail], error) {
	if err := s.Do(ctx, in.School, in.Piece, in.Body); err != nil {
		return nil, err
	}
	return give(s.Piece(ctx, in.School, in.Piece))
}

func (s *Service) getThread(ctx context.Context, in *InPiece) (*answer[items[Note]], error) {
	return listed(s.Thread(ctx, in.School, in.Piece))
}

type sayIn struct {
	InPiece
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"4000"`
	}
}

func (s *Service) postThread(ctx context.Context, in *sayIn) (*nothing, error) {
	return done(s.Say(ctx, in.School, in.Piece, in.Body.Text))
}

func (s *Service) getRevisions(ctx context.Context, in *InPiece) (*answer[items[Revision]], error) {
	return listed(s.Revisions(ctx, in.School, in.Piece))
}

type revisionIn struct {
	InPiece
	N int `path:"n" minimum:"1"`
}

func (s *Service) getRevision(ctx context.Context, in *revisionIn) (*answer[Revision], error) {
	return give(s.Revision(ctx, in.School, in.Piece, in.N))
}

type authorIn struct {
	InPiece
	Body PenName
}

func (s *Service) postAuthor(ctx context.Context, in *authorIn) (*nothing, error) {
	return done(s.AddAuthor(ctx, in.School, in.Piece, in.Body.PenName))
}

type authorsIn struct {
	InPiece
	Body struct {
		Authors []string `json:"authors" minItems:"1" maxItems:"20" doc:"Ids, in the order in which they sign."`
	}
}

func (s *Service) putAuthors(ctx context.Context, in *authorsIn) (*nothing, error) {
	return done(s.OrderAuthors(ctx, in.School, in.Piece, in.Body.Authors))
}

type signatureIn struct {
	InPiece
	Body struct {
		Sign bool `json:"sign"`
	}
}

func (s *Service) putSignature(ctx context.Context, in *signatureIn) (*nothing, error) {
	return done(s.Agree(ctx, in.School, in.Piece, in.Body.Sign))
}

type renameIn struct {
	InSchool
	Author string `path:"author" maxLength:"40"`
	Body   PenName
}

func (s *Service) putAuthor(ctx context.Context, in *renameIn) (*nothing, error) {
	return done(s.Rename(ctx, in.School, in.Author, in.Body))
}

type deleteAuthorIn struct {
	InPiece
	Author string `path:"author" maxLength:"40"`
}

func (s *Service) deleteAuthor(ctx context.Context, in *deleteAuthorIn) (*nothing, error) {
	return done(s.RemoveAuthor(ctx, in.School, in.Piece, in.Author))
}

type holderIn struct {
	InPiece
	Body struct {
		Hold bool `json:"hold"`
	}
}

func (s *Service) putHolder(ctx context.Context, in *holderIn) (*nothing, error) {
	return done(s.Take(ctx, in.School, in.Piece, in.Body.Hold))
}

// patience is how long a file may take to come in.
const patience = 10 * time.Minute

// postFile takes a file as the body of the request; its name is the query's.
func (s *Service) postFile(w http.ResponseWriter, r *http.Request) {
	// A film takes longer than a page on the line of a home.
	deadline := http.NewResponseController(w)
	_ = errors.Join(deadline.SetReadDeadline(time.Now().Add(patience)), deadline.SetWriteDeadline(time.Now().Add(patience+time.Minute))) // where it cannot be moved, the server's own stands
	f, err := s.AddFile(r.Context(), r.PathValue("school"), r.URL.Query().Get("name"), http.MaxBytesReader(w, r.Body, maxRecording+1))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		err = fault.New(fault.TooLarge, "journal.file_large", "limit", maxRecording>>20).At("file")
	}
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(f)
}

type formulaIn struct {
	InSchool
	Body struct {
		Source string `json:"source" maxLength:"600"`
	}
}

// FormulaShown is a formula as readers see it and as it is said.
type FormulaShown struct {
	MathML string `json:"mathml"`
	Words  string `json:"words"`
}

type formulaOut struct{ Body FormulaShown }

func (s *Service) postFormula(_ context.Context, in *formulaIn) (*formulaOut, error) {
	f, err := formula.Parse(in.Body.Source)
	if err != nil {
		return nil, err
	}
	return &formulaOut{FormulaShown{f.MathML(true), f.Words()}}, nil
}

type fileIn struct {
	InSchool
	File string `path:"file" maxLength:"40"`
}

func (s *Service) deleteFile(ctx context.Context, in *fileIn) (*nothing, error) {
	return done(s.RemoveFile(ctx, in.School, in.File))
}
