// Thirty enters a lesson as pupils would, each with a slip, all at the same
// time, for network.test.ts: it runs in a network of theirs, where thirty
// browsers would be too much for the machine of the tests. It reads the lesson
// on standard input, writes there what each pupil received once every one has
// received enough or the time is over, and ends when its input is closed.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"preau/internal/lesson/lessonclient"
	"preau/internal/load/rtc"
)

// plan is what the test asks.
type plan struct {
	Origin string   `json:"origin"`
	Live   string   `json:"live"`    // path of the lesson's WebSocket
	Auths  []string `json:"auths"`   // what derives from each slip's secret
	Tracks int      `json:"tracks"`  // that each pupil waits for
	Enough uint64   `json:"packets"` // of each track
	Within int      `json:"seconds"`
}

// pupil is what became of one.
type pupil struct {
	Error   string   `json:"error,omitempty"`
	Packets []uint64 `json:"packets"` // of each track
	Lost    uint64   `json:"lost"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	reader := json.NewDecoder(in)
	var p plan
	if err := reader.Decode(&p); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(p.Within)*time.Second)
	defer cancel()
	all := make([]pupil, len(p.Auths))
	stay, leave := context.WithCancel(context.Background())
	var arrived, left sync.WaitGroup
	arrived.Add(len(all))
	for i, auth := range p.Auths {
		left.Go(func() {
			leaving, err := attend(ctx, p, auth, &all[i])
			if err != nil {
				all[i].Error = err.Error()
			}
			arrived.Done()
			<-stay.Done()
			leaving()
		})
	}
	arrived.Wait()
	err := json.NewEncoder(out).Encode(all)
	io.Copy(io.Discard, in)
	leave()
	left.Wait()
	return err
}

// attend enters, joins and waits for enough of each track. leave is never nil.
func attend(ctx context.Context, p plan, auth string, got *pupil) (leave func(), err error) {
	leave = func() {}
	session, err := enter(ctx, p.Origin, auth)
	if err != nil {
		return leave, err
	}
	lesson, err := lessonclient.Dial(ctx, lessonclient.Options{URL: "ws" + p.Origin[len("http"):] + p.Live, Header: http.Header{"Cookie": {session.Name + "=" + session.Value}}})
	if err != nil {
		return leave, err
	}
	leave = lesson.Close
	answer, err := lesson.Do(ctx, "media", nil)
	if err != nil {
		return leave, err
	}
	var pass struct{ Token string }
	if err := json.Unmarshal(answer.Raw, &pass); err != nil {
		return leave, err
	}
	client, err := rtc.Join(ctx, rtc.Options{Server: p.Origin, Token: pass.Token})
	if err != nil {
		return leave, err
	}
	leave = func() { client.Leave(); lesson.Close() }
	for {
		got.Packets, got.Lost = nil, 0
		full := 0
		for _, r := range client.ReceivedAll() {
			got.Packets = append(got.Packets, r.Packets.Load())
			got.Lost += r.Lost()
			if r.Packets.Load() >= p.Enough {
				full++
			}
		}
		if full >= p.Tracks {
			return leave, nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-client.Ended():
			return leave, fmt.Errorf("signalling ended")
		case <-ctx.Done():
			return leave, ctx.Err()
		}
	}
}

// enter gives the session of a slip.
func enter(ctx context.Context, origin, auth string) (*http.Cookie, error) {
	body, err := json.Marshal(map[string]any{"auth": auth})
	if err != nil {
		return nil, err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, origin+"/api/v1/door/link", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	ask.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode >= 300 || len(answer.Cookies()) == 0 {
		return nil, fmt.Errorf("the door answers %d %s", answer.StatusCode, said)
	}
	return answer.Cookies()[0], nil
}
