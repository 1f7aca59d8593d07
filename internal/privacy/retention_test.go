package privacy

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

// dueOf is the plan by rule, rules that would do nothing left out.
func (h *house) dueOf(school string) map[string]int64 {
	h.t.Helper()
	plan, err := h.Plan(h.t.Context(), school)
	if err != nil {
		h.t.Fatal(err)
	}
	due := map[string]int64{}
	for _, d := range plan {
		if d.Rows > 0 {
			due[d.Rule] = d.Rows
		}
	}
	return due
}

// run does every job that is due now.
func (h *house) run() {
	h.t.Helper()
	runner := store.NewRunner(h.db, h.Jobs(), nil)
	for {
		ran, err := runner.Once(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if !ran {
			break
		}
	}
	if n := h.count("job", "kind IN ('night', 'retention') AND last_error IS NOT NULL"); n > 0 {
		var text string
		h.db.Reader().QueryRowContext(h.t.Context(), "SELECT last_error FROM job WHERE last_error IS NOT NULL").Scan(&text)
		h.t.Fatalf("a job failed: %s", text)
	}
}

func (h *house) runSchool(school string) {
	h.t.Helper()
	if _, err := h.RequestRun(h.t.Context(), school, "head-A"); err != nil {
		h.t.Fatal(err)
	}
	h.run()
}

// rowsOf counts every table.
func (h *house) rowsOf() map[string]int {
	all := map[string]int{}
	for _, t := range h.dataMap.Tables {
		all[t.Name] = h.count(t.Name, "1 = 1")
	}
	return all
}

func TestDryRunChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.closeYear("A")
		h.clock.Advance(800 * day)
		defer h.clock.Advance(-800 * day)
		before := h.rowsOf()
		if len(h.dueOf("school-A")) < 8 || len(h.dueOf("")) < 4 {
			t.Errorf("too little is due: %v and %v", h.dueOf("school-A"), h.dueOf(""))
		}
		if after := h.rowsOf(); !maps.Equal(after, before) {
			t.Errorf("the dry run changed something: %v, was %v", after, before)
		}
	})
}

func (h *house) closeYear(mark string) {
	h.exec("UPDATE year SET closed_at = $1 WHERE id = $2", h.db.Now(), "year-"+mark)
}

// Rows go the day their time has come and not the day before, with what hangs
// from them, in their school alone.
func TestRetentionOfAYear(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.closeYear("A")
		step := func(d time.Duration) { h.clock.Advance(d); t.Cleanup(func() { h.clock.Advance(-d) }) }
		step(90*day - time.Minute)
		if due := h.dueOf("school-A"); due["name_record.closed"] != 0 || due["seat"] != 0 {
			t.Errorf("due too early: %v", due)
		}
		step(time.Minute)
		if due := h.dueOf("school-A"); due["name_record.closed"] != 2 {
			t.Errorf("names of a closed year are not due: %v", due)
		}
		h.runSchool("school-A")
		if a, b := h.count("name_record", "school_id = 'school-A'"), h.count("name_record", "school_id = 'school-B'"); a != 0 || b != 2 {
			t.Errorf("name records left: %d in A, %d in B", a, b)
		}
		step(275 * day)
		plan, err := h.Plan(t.Context(), "school-A")
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(plan, func(d Due) bool { return d.Rule == "seat" })
		if plan[i].Rows != 2 || !slices.Contains(plan[i].With, Count{"seat_group", 2}) {
			t.Errorf("seats due: %+v", plan[i])
		}
		h.runSchool("school-A")
		for _, table := range []string{"seat", "seat_group", "seat_session", "grant_seat", "invitation_seat", "roster_group", "roster_import", "year"} {
			if n := h.count(table, "school_id = 'school-A'"); n != 0 {
				t.Errorf("%d rows of %s left", n, table)
			}
		}
		if n := h.count("seat", "school_id = 'school-B'"); n != 2 {
			t.Errorf("the other school has %d seats left", n)
		}
		if due := h.dueOf("school-A"); len(due) != 0 {
			t.Errorf("still due after the run: %v", due)
		}
		var raw string
		if err := h.db.Reader().QueryRowContext(t.Context(), "SELECT counts FROM retention_run WHERE school_id = 'school-A' AND done_at IS NOT NULL ORDER BY created_at DESC LIMIT 1").Scan(&raw); err != nil {
			t.Fatal(err)
		}
		counts := map[string]int64{}
		if err := json.Unmarshal([]byte(raw), &counts); err != nil || counts["seat"] != 2 {
			t.Errorf("counts of the run: %s (%v)", raw, err)
		}
		if n := h.count("audit", "act = 'privacy.retention' AND school_id = 'school-A'"); n != 2 {
			t.Errorf("%d runs in the trail, want 2", n)
		}
	})
}

// A year waits for its seats where the school keeps groups and years shorter.
func TestParentWaits(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.closeYear("A")
		if err := h.Shorten(t.Context(), "school-A", "year", 30, "head-A"); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(31 * day)
		defer h.clock.Advance(-31 * day)
		if due := h.dueOf("school-A"); due["year"] != 0 {
			t.Errorf("the year would go before its seats: %v", due)
		}
		h.runSchool("school-A")
		if h.count("year", "id = 'year-A'") != 1 || h.count("seat", "school_id = 'school-A'") != 2 {
			t.Error("a year went with its seats before their time")
		}
	})
}

func TestSettingsOnlyShorten(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		for _, c := range []struct {
			rule string
			days int
			kind fault.Kind
		}{
			{"seat", 366, fault.Invalid}, {"seat", 29, fault.Invalid}, {"nowhere", 1, fault.NotFound},
			{"erasure", 10, fault.NotFound}, {"staff", 365, fault.NotFound},
		} {
			if err := h.Shorten(ctx, "school-A", c.rule, c.days, "head-A"); !fault.Is(err, c.kind) {
				t.Errorf("%s %d: %v, want %s", c.rule, c.days, err, c.kind)
			}
		}
		h.closeYear("A")
		h.closeYear("B")
		if err := h.Shorten(ctx, "school-A", "seat", 60, "head-A"); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(61 * day)
		defer h.clock.Advance(-61 * day)
		if a, b := h.dueOf("school-A")["seat"], h.dueOf("school-B")["seat"]; a != 2 || b != 0 {
			t.Errorf("seats due: %d in the school that shortened, %d in the other", a, b)
		}
		// A setting beyond the map, however it came there, does not lengthen.
		h.exec("UPDATE retention_setting SET days = 100000 WHERE school_id = 'school-A' AND rule = 'seat'")
		h.clock.Advance(304 * day)
		defer h.clock.Advance(-304 * day)
		if n := h.dueOf("school-A")["seat"]; n != 2 {
			t.Error("a setting lengthened what the map says")
		}
		if err := h.Shorten(ctx, "school-A", "seat", 365, "head-A"); err != nil {
			t.Fatal(err)
		}
		if n := h.count("retention_setting", "school_id = 'school-A' AND rule = 'seat'"); n != 0 {
			t.Error("the setting was not taken back")
		}
	})
}

// Accounts whose last role ended a year ago are erased by the installation's run,
// those with a living role are not, and the journal hears of it.
func TestRetentionErasesFormerStaff(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.clock.Advance(366 * day)
		defer h.clock.Advance(-366 * day)
		if due := h.dueOf(""); due["staff"] != 2 {
			t.Fatalf("due: %v, want the two former staff", due)
		}
		if _, err := h.RequestRun(t.Context(), "", "head-A"); err != nil {
			t.Fatal(err)
		}
		h.run()
		if n := h.count("staff", "email LIKE 'erased:%' AND name = ''"); n != 2 {
			t.Errorf("%d accounts emptied", n)
		}
		if n := h.count("staff", "name = 'Directrice'"); n != 2 {
			t.Errorf("%d heads left", n)
		}
		if len(h.journal) != 2 || h.count("erasure", "subject_kind = 'staff'") != 2 {
			t.Errorf("journal: %v", h.journal)
		}
		if due := h.dueOf(""); due["staff"] != 0 {
			t.Error("erased accounts are due again")
		}
	})
}

// A run that stopped half-way goes on, and counts what it did before.
func TestRunGoesOn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range batch + 50 {
			h.exec("INSERT INTO job (id, kind, school_id, payload, run_at, created_at, done_at) VALUES ($1, 'x', 'school-A', '{}', 0, 0, $2)", store.NewID(), int64(i))
		}
		id, err := h.RequestRun(t.Context(), "school-A", "head-A")
		if err != nil {
			t.Fatal(err)
		}
		h.exec("UPDATE retention_run SET counts = '{\"job.done\":7}' WHERE id = $1", id)
		h.run()
		var raw string
		if err := h.db.Reader().QueryRowContext(t.Context(), "SELECT counts FROM retention_run WHERE id = $1", id).Scan(&raw); err != nil {
			t.Fatal(err)
		}
		counts := map[string]int64{}
		if err := json.Unmarshal([]byte(raw), &counts); err != nil || counts["job.done"] != 7+batch+50 {
			t.Errorf("counts: %s (%v)", raw, err)
		}
		rows := h.rowsOf()
		if err := h.retain(t.Context(), store.Job{ID: id, SchoolID: "school-A"}); err != nil {
			t.Fatal(err)
		}
		if after := h.rowsOf(); !maps.Equal(after, rows) {
			t.Error("a run that was done ran again")
		}
	})
}

// The night queues every school's run once, however often it is scheduled, and
// the next night.
func TestNight(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 2 {
			if err := h.Schedule(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := h.count("job", "kind = 'night'"); n != 1 {
			t.Fatalf("%d nights are queued", n)
		}
		h.run()
		if n := h.count("retention_run", "requested_by IS NULL"); n != 0 {
			t.Error("the night ran by day")
		}
		h.clock.Advance(day)
		defer h.clock.Advance(-day)
		h.run()
		for _, where := range []string{"school_id = 'school-A'", "school_id = 'school-B'", "school_id IS NULL"} {
			if n := h.count("retention_run", "requested_by IS NULL AND done_at IS NOT NULL AND "+where); n != 1 {
				t.Errorf("%d runs where %s", n, where)
			}
		}
		if n := h.count("job", "kind = 'night' AND done_at IS NULL"); n != 1 {
			t.Errorf("%d further nights are queued", n)
		}
		if len(h.journal) != 2 {
			t.Errorf("the journal has %d of the 2 erasures of the database", len(h.journal))
		}
	})
}

func TestTrail(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.exec("DELETE FROM audit")
		for i := range 120 {
			act := "seat.secret"
			if i%3 == 0 {
				act = "door.open"
			}
			err := h.db.Tx(t.Context(), func(tx store.Queryer) error {
				return store.Audit(t.Context(), tx, store.AuditEntry{SchoolID: "school-A", ActorKind: "staff", ActorID: "head-A", Act: act, At: h.db.Now() + int64(i)})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		read := func(f TrailFilter) (pages, entries int) {
			for before := ""; ; pages++ {
				page, next, err := h.Trail(context.Background(), "school-A", before, 25, f)
				if err != nil {
					t.Fatal(err)
				}
				entries += len(page)
				if next == "" {
					return pages + 1, entries
				}
				before = next
			}
		}
		for name, c := range map[string]struct {
			filter TrailFilter
			want   int
		}{
			"all":       {TrailFilter{}, 120},
			"act":       {TrailFilter{Act: "door."}, 40},
			"actor":     {TrailFilter{Actor: "head-A"}, 120},
			"nobody":    {TrailFilter{Actor: "head-B"}, 0},
			"since":     {TrailFilter{Since: h.db.Now() + 100}, 20},
			"subject":   {TrailFilter{Subject: "seat-A"}, 0},
			"two rules": {TrailFilter{Act: "seat.", Since: h.db.Now() + 90}, 20},
		} {
			if _, n := read(c.filter); n != c.want {
				t.Errorf("%s: %d entries, want %d", name, n, c.want)
			}
		}
		if page, _, err := h.Trail(context.Background(), "school-B", "", 25, TrailFilter{Act: "seat."}); err != nil || len(page) != 0 {
			t.Errorf("another school's trail: %v, %v", page, err)
		}
	})
}
