package identity

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"preau/internal/fault"
	"preau/internal/httpx"
)

// Access says who may call a route. The zero value lets nobody in.
type Access struct {
	public bool
	same   bool // the same answer to everybody
	seat   bool // a seat that is in
	door   bool // also a seat that waits for an answer
	staff  bool // any staff with a session
	roles  []Role
	part   bool
	fresh  bool
}

// Public lets everybody in.
func Public() Access { return Access{public: true} }

// Same is Public for what is the same to everybody: nobody is looked up, so
// that it costs no query, and pages still open to say that the database fails.
func Same() Access { return Access{public: true, same: true} }

// Seat lets a pupil in whose session is open (not one still waiting).
func Seat() Access { return Access{seat: true} }

// AtDoor lets in a pupil whose session is open or waits for staff's answer.
func AtDoor() Access { return Access{seat: true, door: true} }

// Staff lets any staff in, for what is their own.
func Staff() Access { return Access{staff: true} }

// Only lets staff in who hold one of the roles over the whole of what the path
// names: {school}, {year}, {group}, {seat}. A path that names no school asks for
// a grant over the installation.
func Only(roles ...Role) Access { return Access{roles: roles} }

// OrSeat also lets a seat of the same school in.
func (a Access) OrSeat() Access { a.seat = true; return a }

// Part is content with one of the roles over anything inside the school; the
// handler shows no more than Principal.ReachIn allows.
func (a Access) Part() Access { a.part = true; return a }

// Fresh also asks that the person has proved who they are in the last quarter
// of an hour.
func (a Access) Fresh() Access { a.fresh = true; return a }

const freshFor = 15 * time.Minute

// Entry is one line of the authorisation table.
type Entry struct {
	Method, Path string
	Access       Access
}

// Roster is what the gate asks of the domain that owns seats; app wires it.
type Roster struct {
	// SeatOf gives the seat behind a session cookie, nil when there is none.
	SeatOf func(ctx context.Context, token string) (*SeatPrincipal, error)
	// Locate completes a place: the groups of its seat, the year of its group or
	// seat. It answers NotFound when group, year or seat is not of that school.
	Locate func(ctx context.Context, place Place) (Place, error)
}

// Gate registers every route with its access and stands before each of them.
type Gate struct {
	api     *httpx.API
	staffOf func(ctx context.Context, token string) (*StaffPrincipal, error)
	roster  Roster
	now     func() time.Time
	entries []Entry
}

// NewGate makes the gate of an API. staffOf gives the staff behind a session
// cookie, nil when there is none.
func NewGate(api *httpx.API, staffOf func(ctx context.Context, token string) (*StaffPrincipal, error), roster Roster, now func() time.Time) *Gate {
	return &Gate{api: api, staffOf: staffOf, roster: roster, now: now}
}

// API is the router under the gate.
func (g *Gate) API() *httpx.API { return g.api }

// Entries is the authorisation table: every route that exists.
func (g *Gate) Entries() []Entry { return slices.Clone(g.entries) }

// Decide says whether the gate lets a caller through a route about a place, by
// the very rule that every request meets; nil is yes. It is for the test of
// the whole table.
func (g *Gate) Decide(ctx context.Context, e Entry, p Principal, place Place) error {
	return g.allow(ctx, p, e.Access, place)
}

// Cookie names of the two kinds of session, for httpx.API.Cookie.
const (
	StaffCookie = "staff"
	SeatCookie  = "seat"
)

// Op describes a route for the OpenAPI document. ID is also the name of the
// client's function. MaxBody is in bytes, 1 MiB when zero.
type Op struct {
	ID      string
	Tag     string
	Summary string
	MaxBody int64
	Status  int // of success, when not the default
}

// Route registers a typed route. path is relative to /api/v1.
func Route[I, O any](g *Gate, method, path string, access Access, op Op, handler func(context.Context, *I) (*O, error)) {
	g.entries = append(g.entries, Entry{method, httpx.Prefix + path, access})
	huma.Register(g.api.Huma, huma.Operation{
		OperationID: op.ID, Method: method, Path: path, Summary: op.Summary, Tags: []string{op.Tag},
		MaxBodyBytes: op.MaxBody, DefaultStatus: op.Status, BodyReadTimeout: 30 * time.Second,
		Middlewares: huma.Middlewares{func(hc huma.Context, next func(huma.Context)) {
			r, w := humago.Unwrap(hc)
			httpx.Matched(r.Context(), httpx.Prefix+path)
			ctx, err := g.admit(r, access, hc.Param)
			if err != nil {
				g.api.WriteError(w, r, err)
				return
			}
			next(huma.WithContext(hc, ctx))
		}},
	}, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, g.api.ProblemOf(ctx, err)
		}
		return out, nil
	})
}

// Handle registers any other route: files, WebSockets, pages. The pattern is
// ServeMux's, with its method.
func (g *Gate) Handle(pattern string, access Access, handler http.Handler) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		method, path = "", pattern
	}
	g.entries = append(g.entries, Entry{method, path, access})
	g.api.Mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		httpx.Matched(r.Context(), path)
		ctx, err := g.admit(r, access, r.PathValue)
		if err != nil {
			g.api.WriteError(w, r, err)
			return
		}
		handler.ServeHTTP(w, r.WithContext(ctx))
	})
}

// admit finds who calls and whether the route is theirs.
func (g *Gate) admit(r *http.Request, access Access, param func(string) string) (context.Context, error) {
	ctx := r.Context()
	if access.same {
		return ctx, nil
	}
	var p Principal
	var err error
	if token := g.api.ReadCookie(r, StaffCookie); token != "" {
		if p.Staff, err = g.staffOf(ctx, token); err != nil {
			return nil, err
		}
	}
	if token := g.api.ReadCookie(r, SeatCookie); token != "" {
		if p.Seat, err = g.roster.SeatOf(ctx, token); err != nil {
			return nil, err
		}
	}
	if err := g.allow(ctx, p, access, Place{School: param("school"), Year: param("year"), Group: param("group"), Seat: param("seat")}); err != nil {
		return nil, err
	}
	ctx = context.WithValue(ctx, browserKey{}, browser{
		staffToken: g.api.ReadCookie(r, StaffCookie), known: g.api.ReadCookie(r, KnownCookie),
		device: deviceLabel(r.UserAgent()), address: network(httpx.ClientIP(ctx)),
	})
	return With(ctx, p), nil
}

// allow is the whole rule of the authorisation table.
func (g *Gate) allow(ctx context.Context, p Principal, access Access, place Place) error {
	if access.public {
		return nil
	}
	if access.seat && p.Seat != nil && (!p.Seat.Waiting || access.door) && (place.School == "" || place.School == p.Seat.SchoolID) {
		theirs, err := g.isOf(ctx, p.Seat, place)
		if err != nil {
			return err
		}
		if theirs {
			return nil
		}
		if p.Staff == nil {
			return fault.New(fault.Forbidden, "http.not_allowed")
		}
	}
	if p.Staff == nil {
		if access.seat && !access.staff && access.roles == nil {
			return fault.New(fault.Unauthenticated, "http.enter_first")
		}
		return fault.New(fault.Unauthenticated, "http.sign_in")
	}
	if err := g.allowStaff(ctx, p, access, place); err != nil {
		return err
	}
	if access.fresh {
		return proven(p, g.now().UnixMilli())
	}
	return nil
}

// proven asks that the staff calling has proved who they are of late.
func proven(p Principal, now int64) error {
	if now-p.Staff.FreshAt > freshFor.Milliseconds() {
		return fault.New(fault.Unauthenticated, "identity.prove_again").With("proveAgain", true)
	}
	return nil
}

// isOf says whether the seat, group and year that the place names are the
// seat's own.
func (g *Gate) isOf(ctx context.Context, seat *SeatPrincipal, place Place) (bool, error) {
	if place.Seat == "" && place.Group == "" && place.Year == "" {
		return true, nil
	}
	if place.Seat != "" && place.Seat != seat.ID {
		return false, nil
	}
	own, err := g.roster.Locate(ctx, Place{School: seat.SchoolID, Seat: seat.ID})
	if err != nil {
		return false, err
	}
	return (place.Group == "" || slices.Contains(own.Groups, place.Group)) && (place.Year == "" || place.Year == own.Year), nil
}

func (g *Gate) allowStaff(ctx context.Context, p Principal, access Access, place Place) error {
	if access.staff {
		return nil
	}
	refused := fault.New(fault.Forbidden, "http.not_allowed")
	if len(access.roles) == 0 || place.School != "" && !p.Within(place.School, access.roles...) {
		return refused // before any look-up, so that another school's ids answer alike
	}
	if access.part {
		if place.School == "" {
			return refused
		}
		return nil
	}
	if place.Group != "" || place.Seat != "" || place.Year != "" {
		var err error
		if place, err = g.roster.Locate(ctx, place); err != nil {
			return err
		}
	}
	if !p.Holds(place, access.roles...) {
		return refused
	}
	return nil
}
