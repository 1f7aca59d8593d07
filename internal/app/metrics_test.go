package app

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// The engine keeps its measures in a registry of the whole process; their
// labels are not ours to vouch for, so none of them is shown.
func TestTheEnginesMeasuresAreNotShown(t *testing.T) {
	h, _, _ := house(t)
	ended := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() { h.runMedia(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	select {
	case <-h.Media.Ready():
	case <-ended:
		t.Fatal("the engine does not start")
	}
	everything, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	ours := false
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		ours = ours || strings.HasPrefix(line, "preau_")
		if !slices.ContainsFunc([]string{"preau_", "go_", "process_", "promhttp_"}, func(p string) bool { return strings.HasPrefix(line, p) }) {
			t.Errorf("not ours: %s", line)
		}
	}
	engines := 0
	for _, family := range everything {
		if strings.HasPrefix(family.GetName(), "livekit_") {
			engines++
		}
	}
	if !ours || engines == 0 {
		t.Errorf("nothing was compared: the engine keeps %d measures, and ours are shown: %v", engines, ours)
	}
}
