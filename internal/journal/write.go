package journal

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/store"
)

const (
	mostDrafts  = 200 // pieces of one author that are not published
	mostAuthors = 12  // of a piece
)

func parseTime(form, s string) (time.Time, error) { return time.Parse(form, s) }

// NewPiece is what one says to begin a piece.
type NewPiece struct {
	Kind    string  `json:"kind" enum:"article,brief,event"`
	Content Content `json:"content"`
}

// Saved is what a save gives back: the version that the next one must name.
type Saved struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	SavedAt int64  `json:"savedAt"`
}

// Begin makes a draft of the caller's.
func (s *Service) Begin(ctx context.Context, school string, in NewPiece) (Saved, error) {
	if err := in.Content.tidy(in.Kind); err != nil {
		return Saved{}, err
	}
	var out Saved
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		who, err := s.who(ctx, tx, school)
		if err != nil {
			return err
		}
		if who.author == "" {
			return fault.New(fault.Conflict, "journal.pen_first")
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_piece_author x JOIN journal_piece p ON p.id = x.piece_id WHERE x.author_id = $1 AND p.first_at IS NULL", who.author).Scan(&n); err != nil {
			return err
		}
		if n >= mostDrafts {
			return fault.New(fault.Limited, "journal.drafts_full", "count", mostDrafts)
		}
		if err := s.checkFiling(ctx, tx, school, in.Content); err != nil {
			return err
		}
		if err := ownFiles(ctx, tx, piece{School: school}, who, in.Content); err != nil {
			return err
		}
		out, err = s.insertPiece(ctx, tx, school, in.Kind, Draft, who.author, in.Content)
		return err
	})
	return out, err
}

// insertPiece makes a piece with its first revision and author.
func (s *Service) insertPiece(ctx context.Context, tx store.Queryer, school, kind string, status Status, author string, c Content) (Saved, error) {
	now := s.now()
	id, work := store.NewID(), store.NewID()
	var asked *int64
	if status == Proposed {
		asked = &now
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO journal_piece (id, school_id, kind, status, change, audience, group_id, work_id, asked_at, changed_at, visits, additions, version, created_at)
		VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, 0, 0, 1, $10)`, id, school, kind, status, c.About.Audience, optional(c.About.Group), work, asked, now, now)
	if err != nil {
		return Saved{}, err
	}
	if err := s.insertRevision(ctx, tx, school, id, work, 1, author, c); err != nil {
		return Saved{}, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO journal_piece_author (piece_id, author_id, school_id, rank) VALUES ($1, $2, $3, 1)", id, author, school)
	return Saved{id, 1, now}, err
}

func (s *Service) insertRevision(ctx context.Context, tx store.Queryer, school, piece, id string, n int, author string, c Content) error {
	about, err := json.Marshal(c.About)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO journal_revision (id, piece_id, school_id, n, by_author, created_at, saved_at, title, kicker, standfirst, picture_id, picture_alt, credit, about, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		id, piece, school, n, author, s.now(), s.now(), c.Title, c.Kicker, c.Standfirst, optional(c.PictureID), c.PictureAlt, c.Credit, string(about), string(c.Body))
	if err != nil {
		return err
	}
	return noteFiles(ctx, tx, school, piece, c)
}

// noteFiles remembers which files a piece shows, in whichever revision.
func noteFiles(ctx context.Context, tx store.Queryer, school, piece string, c Content) error {
	for _, file := range c.files() {
		f, err := fileBy(ctx, tx, school, file)
		if err != nil {
			return err
		}
		if f.RemovedAt != nil {
			return fault.New(fault.Gone, "journal.file_removed")
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_use (piece_id, file_id, school_id) VALUES ($1, $2, $3) ON CONFLICT (piece_id, file_id) DO NOTHING", piece, file, school); err != nil {
			return err
		}
	}
	return nil
}

// ownFiles refuses a file that neither the writer nor an author of the piece sent,
// and that the piece did not hold: by naming it, one would come to see it.
func ownFiles(ctx context.Context, tx store.Queryer, p piece, who person, c Content) error {
	for _, file := range c.files() {
		a := args{file, p.School, p.ID, who.author}
		by := "$4"
		for _, author := range p.authorIDs() {
			by += ", " + a.add(author)
		}
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM journal_file f WHERE f.id = $1 AND f.school_id = $2 AND (f.by_author IN ("+by+") OR EXISTS (SELECT 1 FROM journal_use u WHERE u.file_id = f.id AND u.piece_id = $3))", a...).Scan(&n)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "journal.no_file")
		}
	}
	return nil
}

// checkFiling refuses themes, a collective, a group or files of elsewhere, and an
// audience that the school does not allow.
func (s *Service) checkFiling(ctx context.Context, tx store.Queryer, school string, c Content) error {
	a := c.About
	set, err := s.journalOf(ctx, tx, school)
	if err != nil {
		return err
	}
	if !a.Audience.within(set.Widest) {
		return fault.New(fault.Invalid, "journal.audience_wide").At("audience")
	}
	if a.Group != "" {
		if _, err := s.roster.Group(ctx, school, a.Group, identity.Reach{All: true}); err != nil {
			return err
		}
	}
	for _, id := range a.Themes {
		if err := one(ctx, tx, "SELECT count(*) FROM journal_theme WHERE id = $1 AND school_id = $2", id, school); err != nil {
			return err
		}
	}
	if a.Collective != "" {
		if err := one(ctx, tx, "SELECT count(*) FROM journal_collective WHERE id = $1 AND school_id = $2", a.Collective, school); err != nil {
			return err
		}
	}
	return nil
}

func one(ctx context.Context, tx store.Queryer, query string, arguments ...any) error {
	var n int
	err := tx.QueryRowContext(ctx, query, arguments...).Scan(&n)
	if err == nil && n == 0 {
		err = noAxis()
	}
	return err
}

// Save keeps what an author wrote. version is the one they began from: a save
// over somebody else's is refused, and nothing of either is lost.
func (s *Service) Save(ctx context.Context, school, id string, version int64, c Content) (Saved, error) {
	var out Saved
	err := s.db.Tx(ctx, func(tx store.Queryer) error {
		p, err := pieceBy(ctx, tx, school, id)
		if err != nil {
			return err
		}
		who, err := s.who(ctx, tx, school)
		if err != nil {
			return err
		}
		// Those who read a piece help to write it: an editor may change what is
		// discussed, and its authors see that it was changed.
		regime, err := s.regimeOf(ctx, school)
		if err != nil {
			return err
		}
		if me := who.on(p.authorIDs()); !me.Author && !(me.reviews(regime, p.State) && (p.discussed() || p.State.Moved)) {
			return notYou()
		}
		if who.author == "" {
			return fault.New(fault.Conflict, "journal.pen_first")
		}
		if p.Version != version {
			return fault.New(fault.Conflict, "journal.changed_meanwhile").With("version", p.Version)
		}
		if err := c.tidy(p.Kind); err != nil {
			return err
		}
		if err := s.checkFiling(ctx, tx, school, c); err != nil {
			return err
		}
		if err := ownFiles(ctx, tx, p, who, c); err != nil {
			return err
		}
		after, err := p.State.edited()
		if err != nil {
			return err
		}
		out = Saved{id, version + 1, s.now()}
		return s.saveRevision(ctx, tx, p, after, who.author, c)
	})
	return out, err
}

func (s *Service) regimeOf(ctx context.Context, school string) (Regime, error) {
	of, err := s.ids.School(ctx, school)
	return RegimeOf(of.Kind), err
}

func (p piece) discussed() bool { return p.State.Status == Discussed || p.State.Change == Discussed }

// saveRevision writes into the work revision, or begins one where there is none
// that readers do not see.
func (s *Service) saveRevision(ctx context.Context, tx store.Queryer, p piece, after State, author string, c Content) error {
	now := s.now()
	work := value(p.WorkID)
	if work == "" || work == value(p.LiveID) {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) FROM journal_revision WHERE piece_id = $1", p.ID).Scan(&n); err != nil {
			return err
		}
		work = store.NewID()
		if err := s.insertRevision(ctx, tx, p.School, p.ID, work, n+1, author, c); err != nil {
			return err
		}
	} else {
		about, err := json.Marshal(c.About)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE journal_revision SET by_author = $2, saved_at = $3, title = $4, kicker = $5, standfirst = $6, picture_id = $7, picture_alt = $8, credit = $9, about = $10, body = $11 WHERE id = $1`,
			work, author, now, c.Title, c.Kicker, c.Standfirst, optional(c.PictureID), c.PictureAlt, c.Credit, string(about), string(c.Body)); err != nil {
			return err
		}
		if err := noteFiles(ctx, tx, p.School, p.ID, c); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "UPDATE journal_piece SET work_id = $2, status = $3, change = $4, changed_at = $5, version = version + 1 WHERE id = $1", p.ID, work, after.Status, after.Change, now)
	return err
}

// maySign says whether the caller may change who signs a piece: its authors while
// it is on their desk, so that nothing changes under a reviewer or in front of
// readers; and, at any time, those who review.
func (s *Service) maySign(ctx context.Context, tx store.Queryer, school, id string) (piece, person, error) {
	p, who, err := s.mine(ctx, tx, school, id)
	if err != nil {
		return p, who, err
	}
	regime, err := s.regimeOf(ctx, school)
	if err != nil {
		return p, who, err
	}
	me := who.on(p.authorIDs())
	switch {
	case me.reviews(regime, p.State):
		return p, who, nil
	case !me.Author:
		return p, who, notYou()
	case p.FirstAt != nil || p.State.Status != Draft && p.State.Status != Refused:
		return p, who, notNow()
	}
	return p, who, nil
}

// AddAuthor asks somebody to sign a piece with its authors; they read it, and
// sign once they agree. One finds another by their exact pen name. An editor may
// add somebody from outside, who needs no asking here.
func (s *Service) AddAuthor(ctx context.Context, school, id, name string) error {
	name, err := line(name, 40, "penName")
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		p, who, err := s.maySign(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if len(p.Authors) >= mostAuthors {
			return fault.New(fault.Limited, "journal.authors_full", "count", mostAuthors)
		}
		a, err := findAuthor(ctx, tx, school, name)
		if fault.Is(err, fault.NotFound) && (who.editor || who.head) {
			set, err := s.journalOf(ctx, tx, school)
			if err != nil {
				return err
			}
			if !set.Outside {
				return fault.New(fault.Conflict, "journal.no_outside").At("penName")
			}
			if a, err = s.outsider(ctx, tx, school, name); err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
		if slices.ContainsFunc(p.Authors, func(b Author) bool { return b.ID == a.ID }) {
			return nil
		}
		// Whoever joins is bound by what the piece's authors may do: a pupil on a
		// published piece of adults would change who reviews it.
		if a.Of == "seat" && p.State.Grown && p.FirstAt != nil {
			return notNow()
		}
		agreed := number(a.Of == "outside" || a.ID == who.author)
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_piece_author (piece_id, author_id, school_id, rank, agreed) SELECT $1, $2, $3, coalesce(max(rank), 0) + 1, $4 FROM journal_piece_author WHERE piece_id = $1",
			id, a.ID, school, agreed); err != nil {
			return err
		}
		return resigned(ctx, tx, id)
	})
}

// resigned is a change of who signs: whoever was about to decide reads again. Those
// who are writing go on.
func resigned(ctx context.Context, tx store.Queryer, id string) error {
	_, err := tx.ExecContext(ctx, "UPDATE journal_piece SET version = version + 1 WHERE id = $1 AND (status IN ('proposed', 'discussed') OR change IN ('proposed', 'discussed'))", id)
	return err
}

// Agree answers whoever asked the caller to sign a piece.
func (s *Service) Agree(ctx context.Context, school, id string, yes bool) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		p, who, err := s.mine(ctx, tx, school, id)
		if err != nil {
			return err
		}
		if !p.invites(who.author) {
			return notNow()
		}
		query := "DELETE FROM journal_piece_author WHERE piece_id = $1 AND author_id = $2"
		if yes {
			query = "UPDATE journal_piece_author SET agreed = 1 WHERE piece_id = $1 AND author_id = $2"
		}
		if _, err := tx.ExecContext(ctx, query, id, who.author); err != nil {
			return err
		}
		return resigned(ctx, tx, id)
	})
}

// OrderAuthors puts a piece's authors in the order in which they sign. It names
// each of them once.
func (s *Service) OrderAuthors(ctx context.Context, school, id string, order []string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		p, _, err := s.maySign(ctx, tx, school, id)
		if err != nil {
			return err
		}
		var all []string
		for _, a := range p.Authors {
			all = append(all, a.ID)
		}
		if !slices.Equal(slices.Sorted(slices.Values(order)), slices.Sorted(slices.Values(all))) {
			return fault.New(fault.Conflict, "journal.authors_changed")
		}
		for i, author := range order {
			if _, err := tx.ExecContext(ctx, "UPDATE journal_piece_author SET rank = $3 WHERE piece_id = $1 AND author_id = $2", id, author, i+1); err != nil {
				return err
			}
		}
		return resigned(ctx, tx, id)
	})
}

// RemoveAuthor takes an author off; the last one who signs stays.
func (s *Service) RemoveAuthor(ctx context.Context, school, id, author string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		p, who, err := s.maySign(ctx, tx, school, id)
		if err != nil {
			return err
		}
		gone := slices.IndexFunc(p.Authors, func(a Author) bool { return a.ID == author })
		if gone < 0 {
			return fault.New(fault.NotFound, "journal.no_author")
		}
		if !p.Authors[gone].Invited {
			if len(p.authorIDs()) < 2 {
				return notNow()
			}
			// Adults do not become the only authors of what a pupil wrote.
			if p.Authors[gone].Of == "seat" && who.author != author {
				return notYou()
			}
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM journal_piece_author WHERE piece_id = $1 AND author_id = $2", id, author); err != nil {
			return err
		}
		return resigned(ctx, tx, id)
	})
}

// mine is a piece of which the caller is an author, or that they may review.
func (s *Service) mine(ctx context.Context, tx store.Queryer, school, id string) (piece, person, error) {
	p, err := pieceBy(ctx, tx, school, id)
	if err != nil {
		return p, person{}, err
	}
	who, err := s.who(ctx, tx, school)
	if err != nil {
		return p, who, err
	}
	regime, err := s.regimeOf(ctx, school)
	if err != nil {
		return p, who, err
	}
	if p.readBy(regime, who) {
		return p, who, nil
	}
	return p, who, notYou()
}

// readBy says whether somebody finds the piece at the desk. A lycée's head reads
// what was published, to say why it is suspended, and not what waits for the
// pupils' board.
func (p piece) readBy(regime Regime, who person) bool {
	me := who.on(p.authorIDs())
	return me.Author || p.invites(who.author) || me.reviews(regime, p.State) && p.asked() || me.Head && p.FirstAt != nil
}

// asked says that the authors have shown the piece, so that others may read it.
func (p piece) asked() bool {
	return p.State.Status != Draft || p.FirstAt != nil || p.State.Moved
}

// workFor says whether somebody reads the revision that is being written: those
// who write it, who are asked to sign it, and those who review once it is proposed.
func (p piece) workFor(regime Regime, who person) bool {
	me := who.on(p.authorIDs())
	onDesk := p.State.Status == Draft || p.State.Change == Draft
	return me.Author || p.invites(who.author) || me.reviews(regime, p.State) && (!onDesk || p.State.Moved)
}

// Discard removes a draft that was never proposed nor published.
func (s *Service) Discard(ctx context.Context, school, id string) error {
	return s.db.Tx(ctx, func(tx store.Queryer) error {
		p, who, err := s.mine(ctx, tx, school, id)
		if err != nil {
			return err
		}
		regime, err := s.regimeOf(ctx, school)
		if err != nil {
			return err
		}
		if me := who.on(p.authorIDs()); !me.Author && !(p.State.Moved && me.reviews(regime, p.State)) {
			return notYou()
		}
		if p.State.Status != Draft || p.FirstAt != nil || p.AskedAt != nil {
			return notNow()
		}
		for _, table := range []string{"journal_old", "journal_old_path", "journal_contribution", "journal_use", "journal_note", "journal_piece_author", "journal_revision"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE piece_id = $1", id); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM journal_piece WHERE id = $1", id)
		return err
	})
}
