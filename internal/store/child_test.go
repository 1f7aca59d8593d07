package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"preau/internal/store"
)

// childEnv makes the test binary run as a child instead of testing.
const childEnv = "PREAU_STORE_CHILD"

// child is what a child process does, given to it as JSON.
type child struct {
	Do          string // "acks", "files", "load" or "job"
	DSN         string
	DataDir     string
	Synchronous string // of SQLite; "" is the safe one
	First       int64  // number of the first row of "load"
}

func TestMain(m *testing.M) {
	if order := os.Getenv(childEnv); order != "" {
		if err := runChild(order); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func (c child) env() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return childEnv + "=" + string(b)
}

func runChild(order string) error {
	var c child
	if err := json.Unmarshal([]byte(order), &c); err != nil {
		return err
	}
	ctx := context.Background()
	o := store.Options{DSN: c.DSN, DataDir: c.DataDir}
	store.WithSynchronous(c.Synchronous)(&o)
	db, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	do := map[string]func(context.Context, child, *store.DB) error{
		"acks": childAcks, "files": childFiles, "load": childLoad, "job": childJob,
	}[c.Do]
	return errors.Join(do(ctx, c, db), db.Close())
}

// marker is a text found nowhere else in the database.
func marker(n int64) string { return fmt.Sprintf("<mark %06d>", n) }

// acknowledge says in one system call that n is kept.
func acknowledge(what string) {
	if _, err := os.Stdout.WriteString(what + "\n"); err != nil {
		os.Exit(1)
	}
}

// tracedRows is what childAcks writes: few enough to trace, enough to batch.
const tracedRows = 160

func childAcks(ctx context.Context, _ child, db *store.DB) error {
	var all sync.WaitGroup
	errs := make(chan error, 9)
	for w := range int64(8) {
		all.Go(func() {
			for i := range int64(tracedRows / 8) {
				m := marker(w*tracedRows/8 + i)
				write := db.Write
				if i%5 == 0 {
					write = db.Tx
				}
				if err := write(ctx, func(tx store.Queryer) error { return put(ctx, tx, m, strings.Repeat("x", 300)) }); err != nil {
					errs <- err
					return
				}
				acknowledge(m)
			}
		})
	}
	all.Wait()
	close(errs)
	return <-errs
}

func childFiles(ctx context.Context, c child, db *store.DB) error {
	folder, err := store.NewFolder(db, c.DataDir+"/files")
	if err != nil {
		return err
	}
	for range 5 {
		b, err := folder.Put(ctx, store.BlobMeta{SchoolID: "s", Kind: "k", MediaType: "text/plain"}, strings.NewReader("content"))
		if err != nil {
			return err
		}
		acknowledge(b.ID)
	}
	return folder.Close()
}

// childLoad writes rows that come in threes until it is killed.
func childLoad(ctx context.Context, c child, db *store.DB) error {
	var n atomic.Int64
	n.Store(c.First)
	var all sync.WaitGroup
	for w := range 24 {
		write := db.Write
		if w%8 == 0 {
			write = db.Tx
		}
		all.Go(func() {
			for {
				id := n.Add(1)
				err := write(ctx, func(tx store.Queryer) error {
					for part := range 3 {
						if err := put(ctx, tx, fmt.Sprintf("%d/%d", id, part), strings.Repeat("y", 200)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					fmt.Fprintln(os.Stderr, "child:", err)
					os.Exit(1)
				}
				acknowledge(fmt.Sprint(id))
			}
		})
	}
	all.Wait()
	return nil
}

// childJob takes a job and hangs.
func childJob(ctx context.Context, _ child, db *store.DB) error {
	store.NewRunner(db, map[string]store.JobFunc{"hang": func(ctx context.Context, j store.Job) error {
		acknowledge(j.ID)
		<-ctx.Done()
		return ctx.Err()
	}}, nil).Run(ctx)
	return nil
}
