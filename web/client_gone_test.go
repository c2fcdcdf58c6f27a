package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"keydeck/web"
)

// TestClientGone: a browser that goes away before it is answered counts as 499,
// whether its request fails for that or is carried out; one that goes away
// afterwards does not.
func TestClientGone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		leaves string // at the response to a request for this path of the APIs
		want   string
	}{
		"before the answer": {"/accesskeys", "499"},
		"not at all":        {"/none", "200"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			registry := prometheus.NewRegistry()
			c := newConsole(t, func(cfg *web.Config) { cfg.Registry = registry })
			b := c.signIn("member@keydeck.example")
			ctx, leave := context.WithCancel(t.Context())
			c.answered(func(r *http.Request) {
				if r.URL.Path == tt.leaves {
					leave()
				}
			})
			b.do(httptest.NewRequestWithContext(ctx, http.MethodGet, keysPage, nil))
			leave()
			if log := c.log.String(); !strings.Contains(log, "route="+keysPage+" status="+tt.want) {
				t.Errorf("the log lacks status=%s: %s", tt.want, log)
			}
			if got := counted(t, registry, keysPage); got != tt.want {
				t.Errorf("the metric counts %s", got)
			}
		})
	}
}

// counted returns the status that the requests of a route are counted under.
func counted(t *testing.T, registry *prometheus.Registry, route string) string {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			labels := map[string]string{}
			for _, label := range metric.GetLabel() {
				labels[label.GetName()] = label.GetValue()
			}
			if labels["route"] == route {
				return labels["status"]
			}
		}
	}
	return ""
}
