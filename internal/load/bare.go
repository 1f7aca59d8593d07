package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os/exec"
	"sync"
	"time"

	"preau/internal/media"
)

// The bare engine runs in a process of its own, without lessons, database or
// pages. Over its standard input and output it says where it is, then gives a
// token for each place it is asked for.
type (
	bareReady struct{ Origin string }
	bareAsk   struct {
		Room, Identity string
		Rights         media.Rights
	}
	bareToken struct{ Token, Error string }
)

// ServeBare is that process, until in ends.
func ServeBare(ctx context.Context, in io.Reader, out io.Writer) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	origin := "http://" + l.Addr().String()
	engine := media.New(media.Options{Log: slog.New(slog.DiscardHandler), Origin: origin, Loopback: true})
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	server := &http.Server{Handler: engine.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l)
	defer server.Close()
	select {
	case <-engine.Ready():
		err = answerBare(ctx, engine, origin, in, out)
	case err = <-ended:
		ended <- nil
	}
	cancel()
	return errors.Join(err, <-ended)
}

func answerBare(ctx context.Context, engine media.Engine, origin string, in io.Reader, out io.Writer) error {
	asks, answers := json.NewDecoder(in), json.NewEncoder(out)
	if err := answers.Encode(bareReady{origin}); err != nil {
		return err
	}
	for {
		var ask bareAsk
		if err := asks.Decode(&ask); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		var answer bareToken
		token, err := engine.Token(ctx, media.Grant{Room: ask.Room, Identity: ask.Identity, Rights: ask.Rights})
		if answer.Token = token; err != nil {
			answer.Error = err.Error()
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
}

// Bare is the generator's end of a bare engine.
type Bare struct {
	*Process
	mu    sync.Mutex // one question at a time
	asks  *json.Encoder
	hears *json.Decoder
}

// StartBare starts the binary as a bare engine and waits until it is ready.
func StartBare(binary string, log io.Writer) (*Bare, error) {
	cmd := exec.Command(binary, "load", "engine")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, outOf := io.Pipe()
	cmd.Stdout = outOf
	p, err := run(cmd, log)
	if err != nil {
		return nil, err
	}
	b := newBare(in, out)
	b.Process, p.quit = p, in.Close
	go func() {
		<-p.ended
		outOf.CloseWithError(errors.New("the bare engine ended"))
	}()
	var ready bareReady
	if err := b.hears.Decode(&ready); err != nil {
		return nil, errors.Join(err, b.Stop())
	}
	p.Origin = ready.Origin
	return b, nil
}

func newBare(in io.Writer, out io.Reader) *Bare {
	return &Bare{asks: json.NewEncoder(in), hears: json.NewDecoder(out)}
}

// Enter is how people enter the bare engine's rooms.
func (b *Bare) Enter(_ context.Context, lesson, person int) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ask := bareAsk{Room: fmt.Sprintf("room%d", lesson), Identity: fmt.Sprintf("p%d", person), Rights: media.Rights{Microphone: true, Camera: true, Screen: person == 0}}
	if err := b.asks.Encode(ask); err != nil {
		return "", err
	}
	var answer bareToken
	if err := b.hears.Decode(&answer); err != nil {
		return "", err
	}
	if answer.Error != "" {
		return "", errors.New(answer.Error)
	}
	return answer.Token, nil
}
