package store_test

import (
	"fmt"
	"testing"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

func TestAuditPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for i := range 25 {
			for _, school := range []string{"s", "other", ""} {
				err := db.Write(ctx, func(tx store.Queryer) error {
					return store.Audit(ctx, tx, store.AuditEntry{
						SchoolID: school, ActorKind: "staff", ActorID: "a", Act: fmt.Sprintf("act.%02d", i),
						SubjectKind: "seat", SubjectID: "p", Detail: map[string]string{"n": fmt.Sprint(i)},
					})
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, school := range []string{"s", "other", ""} {
			before, seen := "", 25
			for {
				page, err := store.AuditPage(ctx, db.Reader(), school, before, 10)
				if err != nil {
					t.Fatal(err)
				}
				if len(page) == 0 {
					break
				}
				for _, e := range page {
					seen--
					want := store.AuditEntry{ID: e.ID, At: e.At, SchoolID: school, ActorKind: "staff", ActorID: "a",
						Act: fmt.Sprintf("act.%02d", seen), SubjectKind: "seat", SubjectID: "p"}
					if e.Detail["n"] != fmt.Sprint(seen) || len(e.Detail) != 1 || e.At == 0 {
						t.Errorf("got %+v", e)
					}
					e.Detail = nil
					if fmt.Sprint(e) != fmt.Sprint(want) {
						t.Errorf("got %+v, want %+v", e, want)
					}
				}
				before = page[len(page)-1].ID
			}
			if seen != 0 {
				t.Errorf("school %q: %d entries were not listed", school, seen)
			}
		}
		if page, err := store.AuditPage(ctx, db.Reader(), "s", "", 1_000_000); err != nil || len(page) != 25 {
			t.Errorf("%d, %v", len(page), err)
		}
		if err := db.Write(ctx, func(tx store.Queryer) error {
			return store.Audit(ctx, tx, store.AuditEntry{ActorKind: "ghost", Act: "x"})
		}); err == nil {
			t.Error("an unknown kind of actor passed")
		}
	})
}

func TestErasures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		var want []store.Erasure
		for i := range 7 {
			err := db.Tx(ctx, func(tx store.Queryer) error {
				e, err := store.RecordErasure(ctx, tx, store.Erasure{SchoolID: "s", SubjectKind: "seat", SubjectID: fmt.Sprint(i)})
				if err != nil {
					return err
				}
				want = append(want[:i], e)
				again, err := store.RecordErasure(ctx, tx, e)
				if again != e {
					t.Errorf("recorded again as %+v", again)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		var got []store.Erasure
		for after := ""; ; after = got[len(got)-1].ID {
			page, err := store.Erasures(ctx, db.Reader(), after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || got[0].At == 0 {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestSettings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		if _, ok, err := store.Setting(ctx, db.Reader(), "k"); ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
		for _, v := range []string{"1", ""} {
			if err := db.Write(ctx, func(tx store.Queryer) error { return store.PutSetting(ctx, tx, "k", v) }); err != nil {
				t.Fatal(err)
			}
			if got, ok, err := store.Setting(ctx, db.Reader(), "k"); !ok || err != nil || got != v {
				t.Errorf("got %q, %v, %v", got, ok, err)
			}
		}
	})
}

func TestIDs(t *testing.T) {
	last := ""
	for range 10_000 {
		id := store.NewID()
		if len(id) != 36 || id[14] != '7' || id <= last {
			t.Fatalf("%s after %s", id, last)
		}
		last = id
	}
}
