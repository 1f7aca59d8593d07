package store_test

import (
	"context"
	"testing"

	"preau/internal/store"
	"preau/internal/store/storetest"
)

func TestWriteAndTxAreSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if err := db.Write(ctx, func(tx store.Queryer) error { return store.PutSetting(ctx, tx, "a", "1") }); err != nil {
			t.Fatal(err)
		}
		if err := db.Tx(ctx, func(tx store.Queryer) error { return store.PutSetting(ctx, tx, "b", "2") }); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]string{"a": "1", "b": "2"} {
			if got, ok, err := store.Setting(ctx, db.Reader(), key); err != nil || !ok || got != want {
				t.Errorf("%s: got %q, %v, %v", key, got, ok, err)
			}
		}
	})
}
