package store

import (
	"context"
	"testing"
)

func TestOpenWriteReopen(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	db, err := Open(ctx, Options{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Write(ctx, func(tx Queryer) error { return PutSetting(ctx, tx, "a", "1") }); err != nil {
		t.Fatal(err)
	}
	if err := db.Tx(ctx, func(tx Queryer) error { return PutSetting(ctx, tx, "b", "2") }); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"a", "b"} {
		if _, ok, err := Setting(ctx, db.Reader(), k); err != nil || !ok {
			t.Fatal(k, ok, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	ro, err := Open(ctx, Options{DataDir: dir, Mode: ReadOnly})
	if err != nil {
		t.Fatal(err)
	}
	defer ro.Close()
	if v, ok, err := Setting(ctx, ro.Reader(), "b"); err != nil || !ok || v != "2" {
		t.Fatal(v, ok, err)
	}
}
