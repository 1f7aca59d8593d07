package identity

import (
	"context"
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"preau/internal/httpx"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// TableHouse is what the test of the table needs, made where the house is.
type TableHouse struct {
	Gate               *Gate
	Handler            http.Handler
	Own                Place
	Other, Staff, Seat string
	Now                int64
}

// BuildForTable is a house with two schools and somebody who holds every role
// in the second.
func BuildForTable(t *testing.T) TableHouse {
	lighter(t)
	h := build(t, storetest.Open(t, store.SQLite))
	own, other := h.school("Ours"), h.school("Theirs")
	var all []GrantInput
	for _, role := range Roles() {
		g := over(other, role)
		switch role {
		case Substitute:
			g.Until = start.AddDate(0, 1, 0).UnixMilli()
		case Assistant:
			g = GrantInput{Role: role, Scope: OverSeats, SchoolID: other.ID, SeatIDs: []string{"seat1"}}
		}
		all = append(all, g)
	}
	h.person("theirs@example.fr", all...)
	return TableHouse{
		Gate: h.gate, Handler: h.server.Config.Handler, Own: Place{School: own.ID, Year: "year1", Group: "groupA", Seat: "seat1", Groups: []string{"groupA"}}, Other: other.ID,
		Staff: h.in("theirs@example.fr").cookie(StaffCookie), Seat: "seat1@" + other.ID, Now: start.UnixMilli(),
	}
}

// Beside registers a route on huma itself, as nobody should.
func Beside(api *httpx.API, path string, handler func(context.Context, *struct{}) (*struct{}, error)) {
	huma.Register(api.Huma, huma.Operation{OperationID: "beside", Method: http.MethodGet, Path: path}, handler)
}
