package load

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"preau/internal/demo"
	"preau/internal/lesson/lessonclient"
)

// Site is a server and the school in it.
type Site struct {
	Origin string
	School School
}

// patience bounds each wait for the server.
const patience = 60 * time.Second

// cookies are a session, as the header that carries it.
type cookies string

// teachers signs the teacher of each lesson in, while their links are fresh.
func (s *Site) teachers(ctx context.Context) ([]cookies, error) {
	all := make([]cookies, len(s.School.Lessons))
	for i, l := range s.School.Lessons {
		var err error
		if all[i], err = s.enter(ctx, "/api/v1/session/link", map[string]string{"token": l.Staff}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// pupil enters by the slip.
func (s *Site) pupil(ctx context.Context, secret demo.SeatSecret) (cookies, error) {
	keys := secret.Keys()
	return s.enter(ctx, "/api/v1/door/link", map[string]string{"auth": base64.RawURLEncoding.EncodeToString(keys.Auth[:])})
}

func (s *Site) enter(ctx context.Context, path string, body any) (cookies, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Origin+path, bytes.NewReader(raw))
	if err != nil {
		return "", err
	}
	ask.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return "", err
	}
	if answer.StatusCode >= 300 {
		return "", fmt.Errorf("%s answers %d: %s", path, answer.StatusCode, text)
	}
	var set []string
	for _, c := range answer.Cookies() {
		if c.Value != "" {
			set = append(set, c.Name+"="+c.Value)
		}
	}
	return cookies(strings.Join(set, "; ")), nil
}

// live connects somebody to a lesson; on hears each frame.
func (s *Site) live(ctx context.Context, lesson int, c cookies, on func(lessonclient.Frame)) (*lessonclient.Client, error) {
	address := "ws" + strings.TrimPrefix(s.Origin, "http") + "/api/v1/schools/" + s.School.ID + "/lessons/" + s.School.Lessons[lesson].ID + "/live"
	return lessonclient.Dial(ctx, lessonclient.Options{URL: address, Header: http.Header{"Cookie": {string(c)}}, OnFrame: on})
}

// mediaToken asks for what one connects to the engine with. A server that has
// just begun answers « later » until its engine is ready: one asks again, as a
// browser does.
func mediaToken(ctx context.Context, live *lessonclient.Client) (string, error) {
	began := time.Now()
	for {
		done, err := live.Do(ctx, "media", nil)
		if problem, refused := errors.AsType[*lessonclient.Problem](err); refused && problem.Kind == "unavailable" && time.Since(began) < patience {
			select {
			case <-time.After(200 * time.Millisecond):
				continue
			case <-ctx.Done():
			}
		}
		if err != nil {
			return "", err
		}
		var with struct{ Token string }
		return with.Token, json.Unmarshal(done.Raw, &with)
	}
}
