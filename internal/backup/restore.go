package backup

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"

	"preau/internal/fault"
	"preau/internal/store"
)

// Target is where an archive is restored to.
type Target struct {
	// Store names the database, as for store.Open: empty, or served but never
	// used. Its Mode and BeforeMigrate are not looked at.
	Store store.Options
	// Blobs gives the place of the files of the opened database. Nil when the
	// archive may hold none. What it returns is closed if it is an io.Closer.
	Blobs func(db *store.DB) (store.Blobs, error)
	// Journal holds the erasures made since; nil when there is none.
	Journal *Journal
	// Erase gives, for the opened database, what does one erasure again; it may
	// be done to a person who is not there. Required with Journal.
	Erase func(db *store.DB) (func(ctx context.Context, tx store.Queryer, e store.Erasure) error, error)
	// Extra receives each small file once all else is restored. Nil ignores them.
	Extra    func(name string, content []byte) error
	Progress Progress
	// Installation is whose signature the archive and the journal must bear; nil
	// takes them as they are.
	Installation ed25519.PublicKey
	// Before is told what the archive holds, in the transaction that loaded it,
	// which an error undoes. Nil tells nobody.
	Before func(ctx context.Context, tx store.Queryer, r Report) error
}

// Restored says what came back.
type Restored struct {
	Report
	Erased int // erasures that were done again
}

// Restore puts an archive into an empty database of either dialect. It is all
// or nothing: after an error the target is empty again, and after the process
// was killed the database refuses to open until a restore has ended.
func Restore(ctx context.Context, archive io.Reader, identities []age.Identity, to Target) (Restored, error) {
	if to.Journal != nil && to.Erase == nil {
		return Restored{}, errors.New("backup: a journal of erasures and nothing to erase with")
	}
	if to.Journal != nil && to.Installation != nil {
		if err := to.Journal.check(to.Installation); err != nil {
			return Restored{}, err
		}
	}
	a, err := begin(ctx, archive, identities)
	if err != nil {
		return Restored{}, err
	}
	db, err := store.OpenForRestore(ctx, to.Store, a.manifest.Schema, disposable())
	if err != nil {
		return Restored{}, err
	}
	r := &restore{ctx: ctx, to: to, db: db}
	r.result.Manifest = a.manifest
	if err := r.run(a); err != nil {
		return Restored{}, errors.Join(err, r.undo())
	}
	return r.result, errors.Join(r.closeBlobs(), db.Close())
}

// restore is one under way.
type restore struct {
	ctx    context.Context
	to     Target
	db     *store.DB
	blobs  store.Blobs
	tx     store.Queryer // that everything is loaded in
	placed []string      // blobs whose content was placed
	extras []Extra
	result Restored
}

func (r *restore) run(a *reader) (err error) {
	if r.to.Blobs != nil {
		if r.blobs, err = r.to.Blobs(r.db); err != nil {
			return err
		}
	}
	// The archive is read to its last byte before the transaction commits.
	err = r.db.Load(r.ctx, func(tx store.Queryer) error {
		r.tx = tx
		end, err := a.read(content{extra: r.keepExtra, rows: r.insert, blob: r.place}, r.to.Progress)
		r.result.Missing = end.Missing
		if err == nil && r.to.Installation != nil && !a.signed(r.to.Installation, end) {
			err = &UnsignedError{What: "the archive"}
		}
		if err == nil && r.to.Before != nil {
			err = r.to.Before(r.ctx, tx, r.result.Report)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := r.db.FinishRestore(r.ctx, r.to.Store); err != nil {
		return err
	}
	if err := r.eraseAgain(); err != nil {
		return err
	}
	for _, e := range r.extras {
		if r.to.Extra == nil {
			break
		}
		if err := r.to.Extra(e.Name, e.Content); err != nil {
			return fmt.Errorf("backup: %s: %w", e.Name, err)
		}
	}
	return r.db.EndRestore(r.ctx)
}

func (r *restore) keepExtra(name string, content []byte) error {
	r.extras = append(r.extras, Extra{Name: name, Content: content})
	return nil
}

// insert puts rows into a table in one statement. The names of columns are the
// archive's, which anybody may have made: they are quoted.
func (r *restore) insert(table string, columns []string, rows [][]any) error {
	var q strings.Builder
	q.WriteString("INSERT INTO " + quote(table) + " (")
	for i, c := range columns {
		if i > 0 {
			q.WriteString(", ")
		}
		q.WriteString(quote(c))
	}
	q.WriteString(") VALUES ")
	args := make([]any, 0, len(rows)*len(columns))
	for i, row := range rows {
		for j, v := range row {
			switch {
			case j > 0:
				q.WriteString(", ")
			case i > 0:
				q.WriteString("), (")
			default:
				q.WriteString("(")
			}
			args = append(args, v)
			fmt.Fprintf(&q, "$%d", len(args))
		}
	}
	q.WriteString(")")
	_, err := r.tx.ExecContext(r.ctx, q.String(), args...)
	return err
}

// place keeps the content of a blob whose description was just loaded.
func (r *restore) place(id string, size int64, content io.Reader) error {
	if r.blobs == nil {
		return errors.New("backup: the archive holds files, and no place was given for them")
	}
	b, err := store.BlobByID(r.ctx, r.tx, id)
	if err != nil || b.Size != size {
		return damaged(blobFolder+id, err)
	}
	r.placed = append(r.placed, id)
	if err := r.blobs.Place(r.ctx, b, content); err != nil {
		return damaged(blobFolder+id, err)
	}
	return nil
}

// eraseAgain does the journal's erasures that the archive does not know, each
// in a transaction that also records it.
func (r *restore) eraseAgain() error {
	if r.to.Journal == nil {
		return nil
	}
	since, err := r.to.Journal.since(r.ctx, r.db.Reader())
	if err != nil || len(since) == 0 {
		return err
	}
	erase, err := r.to.Erase(r.db)
	if err != nil {
		return err
	}
	for i, e := range since {
		err := r.db.Tx(r.ctx, func(tx store.Queryer) error {
			if err := erase(r.ctx, tx, e); err != nil {
				return err
			}
			_, err := store.RecordErasure(r.ctx, tx, e)
			return err
		})
		if err != nil {
			return fmt.Errorf("backup: erasure %s could not be done again: %w", e.ID, err)
		}
		r.to.Progress.tell(StepErasures, int64(i+1), int64(len(since)))
	}
	r.result.Erased = len(since)
	// A content whose description was erased goes too.
	for _, id := range r.placed {
		_, err := store.BlobByID(r.ctx, r.db.Reader(), id)
		if fault.Is(err, fault.NotFound) {
			err = r.blobs.Drop(r.ctx, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// undo leaves the target as empty as it was, also when ctx has ended.
func (r *restore) undo() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), 5*time.Minute)
	defer cancel()
	var errs []error
	for _, id := range r.placed {
		errs = append(errs, r.blobs.Drop(ctx, id))
	}
	return errors.Join(errors.Join(errs...), r.closeBlobs(), r.db.AbandonRestore(ctx))
}

func (r *restore) closeBlobs() error {
	if c, ok := r.blobs.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
