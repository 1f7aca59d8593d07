package load

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"preau/internal/store"
)

// Saves are what was measured of saves: one answer a request, each of another
// sitting than the one before.
type Saves struct {
	Acknowledged int
	Refused      int // answered otherwise than 200
	Length       time.Duration
	P50, P99     time.Duration
	Slowest      time.Duration
	span         span
}

// Pupils share the sittings among the connections: a sitting belongs to one,
// which sends the next answer only once the last is acknowledged.
type Pupils struct {
	tokens []string
	acked  []atomic.Int64 // by sitting, the highest number that was acknowledged
}

// NewPupils are the pupils of some sittings, who have answered nothing.
func NewPupils(s Sittings) *Pupils {
	return &Pupils{tokens: s.Tokens, acked: make([]atomic.Int64, len(s.Tokens))}
}

// Save sends answers over some connections for a while.
func (p *Pupils) Save(ctx context.Context, server *Process, connections int, length time.Duration) (Saves, error) {
	end, err := watch(server.PID)
	if err != nil {
		return Saves{}, err
	}
	began := time.Now()
	ctx, cancel := context.WithDeadline(ctx, began.Add(length))
	defer cancel()
	var wg sync.WaitGroup
	took := make([][]time.Duration, connections)
	refused := make([]int, connections)
	for c := range connections {
		wg.Go(func() {
			for ctx.Err() == nil {
				if err := p.connection(ctx, server.Origin, c, connections, &took[c], &refused[c]); err != nil {
					return // the server went away: whoever measures knows why
				}
			}
		})
	}
	wg.Wait()
	out := Saves{Length: time.Since(began)}
	out.span, err = end()
	all := slices.Concat(took...)
	slices.Sort(all)
	for _, n := range refused {
		out.Refused += n
	}
	if out.Acknowledged = len(all); len(all) > 0 {
		out.P50, out.P99, out.Slowest = all[len(all)/2], all[len(all)*99/100], all[len(all)-1]
	}
	return out, err
}

// connection is one open connection, over which some pupils answer by turns.
func (p *Pupils) connection(ctx context.Context, origin string, first, step int, took *[]time.Duration, refused *int) error {
	host := strings.TrimPrefix(origin, "http://")
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for i := first; ctx.Err() == nil; i += step {
		if i >= len(p.tokens) {
			i = first
		}
		n := p.acked[i].Load() + 1
		body := fmt.Sprintf(`{"answers":[{"n":%d,"item":"q%d","data":{"r1":["c%d"]}}]}`, n, n%10+1, n%4+1)
		request := "POST /api/v1/sitting/answers HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Sitting " + p.tokens[i] + "\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
		sent := time.Now()
		if err := conn.SetDeadline(sent.Add(30 * time.Second)); err != nil {
			return err
		}
		if _, err := io.WriteString(conn, request); err != nil {
			return err
		}
		status, err := readAnswer(in)
		if err != nil {
			return err
		}
		if status != 200 {
			*refused++
			continue
		}
		*took = append(*took, time.Since(sent))
		p.acked[i].Store(n)
	}
	return nil
}

// readAnswer reads a whole HTTP/1.1 answer and gives its status.
func readAnswer(in *bufio.Reader) (int, error) {
	reader := textproto.NewReader(in)
	line, err := reader.ReadLine()
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if err != nil {
		return 0, err
	}
	header, err := reader.ReadMIMEHeader()
	if err != nil {
		return 0, err
	}
	length, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil {
		return 0, fmt.Errorf("no length in the answer: %w", err)
	}
	_, err = in.Discard(length)
	return status, err
}

// Killed saves while the server is killed at random moments, and starts it
// again each time.
func (p *Pupils) Killed(ctx context.Context, start func() (*Process, error), connections, times int, between time.Duration) error {
	for range times {
		server, err := start()
		if err != nil {
			return err
		}
		done := make(chan error, 1)
		go func() {
			_, err := p.Save(ctx, server, connections, between*2)
			done <- err
		}()
		select {
		case <-time.After(between/2 + rand.N(between)):
		case <-ctx.Done():
		}
		if err := server.kill(); err != nil {
			return err
		}
		<-server.ended
		<-done // its span cannot be read: the process is gone
	}
	return nil
}

// Verify counts the answers that were acknowledged and are not in the database,
// and those that are there twice or that nobody sent.
func (p *Pupils) Verify(ctx context.Context, db *store.DB, sittings []string) (acknowledged, lost, foreign int, err error) {
	rows, err := db.Reader().QueryContext(ctx, `SELECT sitting_id, count(*), count(DISTINCT n), max(n) FROM sitting_answer GROUP BY sitting_id`)
	if err != nil {
		return 0, 0, 0, err
	}
	defer rows.Close()
	there := map[string][3]int{}
	for rows.Next() {
		var id string
		var count, distinct, last int
		if err := rows.Scan(&id, &count, &distinct, &last); err != nil {
			return 0, 0, 0, err
		}
		there[id] = [3]int{count, distinct, last}
	}
	if len(sittings) != len(p.tokens) {
		return 0, 0, 0, errors.New("other sittings than those that saved")
	}
	for i, id := range sittings {
		acked := int(p.acked[i].Load())
		acknowledged += acked
		found := there[id]
		// Numbers run from 1; the one after the last acknowledged may be there too.
		if found[2] < acked {
			lost += acked - found[2]
		}
		lost += max(0, min(acked, found[2])-min(acked, found[1]))
		foreign += found[0] - found[1] + max(0, found[2]-acked-1)
	}
	return acknowledged, lost, foreign, rows.Err()
}

// Print writes the figures with what is to be held.
func (s Saves) Print(out io.Writer, sittings int, raw float64) {
	rate := float64(s.Acknowledged) / s.Length.Seconds()
	fmt.Fprintf(out, "saves: %d sittings, one answer a request\n", sittings)
	fmt.Fprintf(out, "  acknowledged %d in %.1f s: %.0f a second (figure: 15000 at least), %d answered otherwise\n", s.Acknowledged, s.Length.Seconds(), rate, s.Refused)
	fmt.Fprintf(out, "  p50 %s, p99 %s (figure: 250 ms at most), the slowest %s\n", ms(s.P50), ms(s.P99), ms(s.Slowest))
	fmt.Fprintf(out, "  server %.2f cores, %d MB resident; generator %.2f cores\n", s.span.cores(s.span.server), s.span.memory>>20, s.span.cores(s.span.generator))
	fmt.Fprintf(out, "  the raw group commit of the same store, no HTTP: %.0f a second, so saves are %.2f of it\n", raw, rate/raw)
}

// RawCommit is how many rows of the same table the group-commit writer takes a
// second, with as many callers.
func RawCommit(ctx context.Context, db *store.DB, sittings []string, callers int, length time.Duration) (float64, error) {
	began := time.Now()
	until, cancel := context.WithDeadline(ctx, began.Add(length))
	defer cancel()
	var done, number atomic.Int64
	number.Store(1 << 30) // beside what was saved before
	err := inParallel(callers, callers, func(int) error {
		for until.Err() == nil {
			n := number.Add(1)
			err := db.Write(ctx, func(tx store.Queryer) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO sitting_answer (sitting_id, device, n, school_id, item, data, at, late) VALUES ($1, 1, $2, 'x', 'q1', '{"r1":["c1"]}', 1, 0)`, sittings[int(n)%len(sittings)], n)
				return err
			})
			if err != nil {
				return err
			}
			done.Add(1)
		}
		return nil
	})
	return float64(done.Load()) / time.Since(began).Seconds(), err
}
