package lesson

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"preau/internal/privacy"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// openRow puts an open lesson in the database.
func openRow(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.Tx(t.Context(), func(tx store.Queryer) error {
		if _, err := tx.ExecContext(t.Context(), `INSERT INTO lesson (id, school_id, title, created_by, created_at, starts_at, minutes, preset, guests_version, epoch, next_n)
			VALUES ('l', 's', 'x', 'staff', 0, 0, 55, 'cours', 0, 0, 1)`); err != nil {
			return err
		}
		return (&Service{}).openIn(t.Context(), tx, lessonRow{ID: "l", School: "s", Preset: "cours"}, 5)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever takes the lesson last owns it: the one before writes nothing more,
// nor does anybody under a number that is not the next.
func TestLeaseIsFenced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		openRow(t, db)
		read := func() (ns []int64) {
			if err := readLog(ctx, db.Reader(), "l", func(r Record, _ int64) error { ns = append(ns, r.N); return nil }); err != nil {
				t.Fatal(err)
			}
			return ns
		}
		first, err := takeLease(ctx, db, "s", "l")
		if err != nil {
			t.Fatal(err)
		}
		say := func(n int64) []Record { return []Record{{N: n, By: "p1", Event: Said{Text: "x", To: "all"}}} }
		if err := first.append(ctx, say(2), nil); err != nil {
			t.Fatal(err)
		}
		for _, n := range []int64{2, 4} {
			if err := first.append(ctx, say(n), nil); !errors.Is(err, errLease) {
				t.Errorf("event %d: %v", n, err)
			}
		}
		failed := errors.New("beside")
		if err := first.append(ctx, say(3), []change{func(context.Context, store.Queryer) error { return failed }}); !errors.Is(err, failed) {
			t.Errorf("a change that fails: %v", err)
		}
		second, err := takeLease(ctx, db, "s", "l")
		if err != nil || second.epoch != first.epoch+1 {
			t.Fatal(second, err)
		}
		if err := first.append(ctx, say(3), nil); !errors.Is(err, errLease) {
			t.Errorf("the former owner: %v", err)
		}
		var many []Record
		for n := range int64(250) {
			many = append(many, say(3+n)...)
		}
		if err := second.append(ctx, many, nil); err != nil {
			t.Fatal(err)
		}
		if err := second.append(ctx, []Record{{N: 253, Event: Ended{}}}, []change{func(ctx context.Context, tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, `UPDATE lesson SET ended_at = 9 WHERE id = 'l'`)
			return err
		}}); err != nil {
			t.Fatal(err)
		}
		if err := second.append(ctx, say(254), nil); !errors.Is(err, errLease) {
			t.Errorf("after the end: %v", err)
		}
		if _, err := takeLease(ctx, db, "s", "l"); !errors.Is(err, errLease) {
			t.Errorf("an ended lesson is taken: %v", err)
		}
		if got := read(); len(got) != 253 || !slices.IsSorted(got) || got[252] != 253 {
			t.Errorf("the log has %d events: %v", len(got), got)
		}
	})
}

// Each field of each event is declared in the data map, and no other.
func TestEventFieldsAreDeclared(t *testing.T) {
	declared := map[string]bool{}
	for _, f := range privacy.DataMap().Table("lesson_event").Column("data").Fields {
		declared[f.Of+"."+f.Name] = true
	}
	for _, e := range Events() {
		of := reflect.TypeOf(e)
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			if name == "" {
				t.Errorf("%s.%s has no name in the log", e.kind(), of.Field(i).Name)
			}
			if !declared[e.kind()+"."+name] {
				t.Errorf("%s.%s is not in the data map", e.kind(), name)
			}
			delete(declared, e.kind()+"."+name)
		}
		if again, err := decodeEvent(e.kind(), encodeEvent(e)); err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("%s is read back as %v (%v)", e.kind(), again, err)
		}
	}
	for name := range declared {
		t.Errorf("%s is declared and is no event's", name)
	}
}

// What a person reads about how long messages stay is what the rule does.
func TestMessagesStayAsSaid(t *testing.T) {
	for _, r := range privacy.DataMap().Table("lesson_event").Rules {
		if r.ID == "lesson_event.words" && r.Days*24 == messagesKept {
			return
		}
	}
	t.Error("the data map does not keep messages for as long as is said")
}
