package identity_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"preau/internal/identity"
	"preau/internal/identity/identitytest"
)

func tableHouse(t *testing.T) identitytest.House {
	return identitytest.House(identity.BuildForTable(t))
}

func TestTable(t *testing.T) { identitytest.Table(t, tableHouse(t), "testdata/authorisation.txt") }

// The table's own test must be able to fail.
func TestTableCatches(t *testing.T) {
	raw, err := os.ReadFile("testdata/authorisation.txt")
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(context.Context, *struct{}) (*struct{}, error) { return nil, nil }
	page := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for name, c := range map[string]struct {
		plant func(h identitytest.House)
		file  string
		want  string
	}{
		"a new route":    {func(h identitytest.House) { h.Gate.Handle("GET /socket", identity.Staff(), page) }, string(raw), "read it and add it"},
		"a removed line": {func(identitytest.House) {}, strings.Replace(string(raw), "/api/v1/territories", "/api/v1/elsewhere", 1), "no longer true"},
		"a wider access": {func(identitytest.House) {}, strings.Replace(string(raw), "school: head administrator", "school: head office administrator", 1), "no longer true"},
		"beside the gate": {func(h identitytest.House) {
			identity.Beside(h.Gate.API(), "/schools/{school}/secrets", nothing)
		}, string(raw), "beside the gate"},
	} {
		t.Run(name, func(t *testing.T) {
			h := tableHouse(t)
			c.plant(h)
			found := strings.Join(identitytest.Problems(h, c.file), "\n")
			if !strings.Contains(found, c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
		})
	}
}
