package journal

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"preau/internal/store"
)

// flushEvery is how long a visit is counted in memory alone: a server that dies
// loses that many.
const flushEvery = 20 * time.Second

// tally counts visits by piece. It knows nothing of who came: somebody who
// comes twice is two visits, and a class behind one screen is one.
type tally struct {
	mu sync.Mutex
	of map[string]int64 // under mu
}

func newTally() *tally { return &tally{of: map[string]int64{}} }

func (t *tally) add(piece string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[piece]++
}

// take empties the tally.
func (t *tally) take() map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	of := t.of
	t.of = map[string]int64{}
	return of
}

func (t *tally) giveBack(of map[string]int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, n := range of {
		t.of[id] += n
	}
}

// counts says whether a request is a visit, by what it says itself: not one that
// a browser makes ahead, nor a robot that says so. Nothing of it is kept.
func counts(r *http.Request) bool {
	if r.Method != http.MethodGet || r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") == "prefetch" {
		return false
	}
	agent := strings.ToLower(r.UserAgent())
	for _, robot := range []string{"bot", "crawl", "spider", "slurp", "curl", "wget", "python", "feed"} {
		if strings.Contains(agent, robot) {
			return false
		}
	}
	return agent != ""
}

// visitsAtOnce bounds one transaction.
const visitsAtOnce = 500

func (s *Service) flushVisits(ctx context.Context) error {
	left := s.visits.take()
	for len(left) > 0 {
		some := map[string]int64{}
		for id, n := range left {
			if len(some) == visitsAtOnce {
				break
			}
			some[id] = n
		}
		err := s.db.Tx(ctx, func(tx store.Queryer) error {
			for id, n := range some {
				if _, err := tx.ExecContext(ctx, "UPDATE journal_piece SET visits = visits + $2 WHERE id = $1", id, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.visits.giveBack(left)
			return err
		}
		for id := range some {
			delete(left, id)
		}
	}
	return nil
}
