package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Process is a server apart from the generator, so that each has its own
// processor time.
type Process struct {
	Origin string
	PID    int
	quit   func() error // asks it to end
	kill   func() error
	ended  chan struct{} // closed when it has
	err    error         // read after ended
}

// Serve starts the binary as a server on a data folder and waits until it is
// ready. Its log goes to log.
func Serve(ctx context.Context, binary, folder string, log io.Writer) (*Process, error) {
	return ServeOn(ctx, binary, folder, "", log)
}

// ServeOn is Serve on a database that is not the folder's own, when one is named.
func ServeOn(ctx context.Context, binary, folder, database string, log io.Writer) (*Process, error) {
	address, err := free()
	if err != nil {
		return nil, err
	}
	origin := "http://" + address
	args := []string{"serve", "--data-dir", folder, "--listen", address, "--origin", origin,
		"--media-udp-port", "0", "--media-tcp-port", "0", "--metrics-listen", "none", "--backup-at", "none", "--log-level", "warn"}
	if database != "" {
		args = append(args, "--database", database)
	}
	p, err := run(exec.Command(binary, args...), log)
	if err != nil {
		return nil, err
	}
	p.Origin = origin
	if err := p.ready(ctx); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return p, nil
}

// free is an address of this machine that nobody listens on now.
func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func run(cmd *exec.Cmd, log io.Writer) (*Process, error) {
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Process{PID: cmd.Process.Pid, kill: cmd.Process.Kill, ended: make(chan struct{})}
	p.quit = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	go func() {
		p.err = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

func (p *Process) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		ask, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Origin+"/readyz", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(ask); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.ended:
			return errors.New("the server ended before it was ready")
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("the server is not ready: %w", ctx.Err())
		}
	}
}

// Stop asks the server to end, and ends it when it does not.
func (p *Process) Stop() error {
	if err := p.quit(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.ended:
		return p.err
	case <-time.After(patience):
		return errors.Join(errors.New("the server had to be killed"), p.kill())
	}
}
