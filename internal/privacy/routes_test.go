package privacy

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/sheet"
)

// serve puts the routes behind a gate that takes the session's token for the
// role of its holder in school-A.
func (h *house) serve() *httptest.Server {
	h.t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		h.t.Fatal(err)
	}
	api := httpx.New(httpx.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Catalogue: texts})
	staffOf := func(_ context.Context, token string) (*identity.StaffPrincipal, error) {
		return &identity.StaffPrincipal{
			ID: "head-A", SessionID: "s", FreshAt: h.proved,
			Grants: []identity.Grant{{ID: "g", Role: identity.Role(token), Scope: identity.OverSchool, ScopeID: "school-A", SchoolID: "school-A"}},
		}, nil
	}
	gate := identity.NewGate(api, staffOf, identity.Roster{
		SeatOf: func(context.Context, string) (*identity.SeatPrincipal, error) { return nil, nil },
		Locate: func(_ context.Context, p identity.Place) (identity.Place, error) { return p, nil },
	}, h.clock.Now)
	h.Routes(gate)
	h.proved = h.db.Now()
	server := httptest.NewServer(api.Handler())
	h.t.Cleanup(server.Close)
	return server
}

func ask(t *testing.T, server *httptest.Server, role, method, path, body string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if role != "" {
		req.AddCookie(&http.Cookie{Name: "preau_staff", Value: role})
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw), res.Header
}

func TestRoutes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		server := h.serve()
		const school = "/api/v1/schools/school-A"
		for _, c := range []struct {
			role, method, path, body string
			status                   int
			holds                    string
		}{
			{"", "GET", school + "/notice", "", 200, `"name":"Claude Martin","role":"DASEN"`},
			{"", "GET", "/api/v1/notices", "", 200, `"school":"school-A"`},
			{"", "GET", school + "/privacy/register", "", 401, ""},
			{"teacher", "GET", school + "/privacy/register", "", 403, ""},
			{"dpo", "GET", "/api/v1/schools/school-B/privacy/register", "", 403, ""},
			{"dpo", "GET", school + "/privacy/register", "", 200, `"activities"`},
			{"dpo", "GET", school + "/privacy/register.csv", "", 200, "Responsable de traitement"},
			{"dpo", "GET", school + "/privacy/register.ods", "", 200, "mimetype" + sheet.ODSType},
			{"teacher", "GET", school + "/privacy/register.csv", "", 403, ""},
			{"dpo", "GET", "/api/v1/schools/school-B/privacy/register.ods", "", 403, ""},
			{"administrator", "GET", school + "/privacy/map", "", 200, `"preau_seat"`},
			{"dpo", "GET", school + "/privacy/retention", "", 200, `"rule":"seat_session.key"`},
			{"administrator", "POST", school + "/privacy/retention", "", 403, ""},
			{"dpo", "POST", school + "/privacy/retention", "", 200, `"id"`},
			{"dpo", "PUT", school + "/privacy/retention/seat", `{"days":60}`, 204, ""},
			{"dpo", "PUT", school + "/privacy/retention/seat", `{"days":600}`, 422, `"field":"days"`},
			{"dpo", "GET", school + "/privacy/audit?act=privacy.&limit=2", "", 200, `"privacy.shorten"`},
			{"dpo", "GET", school + "/privacy/audit?limit=501", "", 422, ""},
			{"dpo", "GET", school + "/privacy/former-staff", "", 200, `"staff-A@ecole.example"`},
			{"administrator", "GET", school + "/seats/seat-A/export", "", 403, ""},
			{"head", "GET", school + "/seats/seat-A/export", "", 200, "Loutre seat-A"},
			{"head", "GET", school + "/seats/seat-B/export", "", 404, ""},
			{"head", "GET", school + "/staff/staff-A/export", "", 200, "staff-A@ecole.example"},
			{"teacher", "GET", "/api/v1/me/export", "", 200, "Directrice"},
			{"head", "POST", school + "/seats/seat-A/erase", `{"reason":"whim"}`, 422, ""},
			{"head", "POST", school + "/seats/seat-A/erase", `{"reason":"asked"}`, 200, `"id"`},
			{"head", "POST", school + "/seats/seat-A/erase", `{"reason":"asked"}`, 404, ""},
			{"head", "POST", school + "/staff/staff-A/erase", `{"reason":"left"}`, 200, `"id"`},
			{"dpo", "GET", school + "/privacy/former-staff", "", 200, `"items":[]`},
		} {
			status, body, _ := ask(t, server, c.role, c.method, c.path, c.body)
			if status != c.status || !strings.Contains(body, c.holds) {
				t.Errorf("%s %s as %q: %d %.300s", c.method, c.path, c.role, status, body)
			}
		}
		if n := h.count("audit", "act = 'privacy.export' AND subject_id IN ('seat-A', 'staff-A', 'head-A')"); n != 3 {
			t.Errorf("%d exports in the trail, want 3", n)
		}
	})
}

// An erasure asks who one is again when the proof is old.
func TestEraseAsksProof(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		server := h.serve()
		h.proved = h.db.Now() - 3600_000
		for _, path := range []string{"/seats/seat-A/erase", "/staff/staff-A/erase"} {
			status, body, _ := ask(t, server, "head", "POST", "/api/v1/schools/school-A"+path, `{"reason":"asked"}`)
			if status != 401 || !strings.Contains(body, "proveAgain") {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
		if len(h.journal) != 0 {
			t.Error("something was erased")
		}
	})
}

func TestMapViewIsWhole(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v, err := h.view(t.Context(), "school-A", i18n.French)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "datamap.") || len(v.Tables) != len(h.dataMap.Tables) {
			t.Errorf("a text is missing: %.400s", raw)
		}
		for _, table := range v.Tables {
			if len(table.Limits) == 0 || len(table.Columns) == 0 {
				t.Errorf("%s has no end or no column", table.Name)
			}
		}
	})
}
