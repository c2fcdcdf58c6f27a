package app

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func askAdmin(ready error, m *metrics, method, path string) *httptest.ResponseRecorder {
	admin := newAdmin(func(context.Context) error { return ready }, m.registry, Config{}.complete().Logger)
	answer := httptest.NewRecorder()
	admin.ServeHTTP(answer, httptest.NewRequest(method, path, nil))
	return answer
}

func TestAdmin(t *testing.T) {
	down := errors.New("open /var/lib/keydeck/sessions.db: no space left on device")
	tests := []struct {
		name         string
		method, path string
		ready        error
		want         int
		body         string
	}{
		{"up", "GET", "/healthz", nil, 200, "ok\n"},
		{"up by HEAD", "HEAD", "/healthz", nil, 200, "ok\n"},
		{"up though not ready", "GET", "/healthz", down, 200, "ok\n"},
		{"ready", "GET", "/readyz", nil, 200, "ready\n"},
		{"store down", "GET", "/readyz", down, 503, "not ready: sessions cannot be stored\n"},
		{"stopping", "GET", "/readyz", errStopping, 503, "not ready: it is stopping\n"},
		{"a change", "POST", "/healthz", nil, 405, "Method Not Allowed\n"},
		{"anything else", "GET", "/debug/pprof/", nil, 404, "404 page not found\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := askAdmin(test.ready, newMetrics("dev"), test.method, test.path)
			if answer.Code != test.want || answer.Body.String() != test.body {
				t.Errorf("%d, %q", answer.Code, answer.Body)
			}
		})
	}
}

func TestObserveUpstream(t *testing.T) {
	m := newMetrics("dev")
	m.observeUpstream("management", "POST /accesskeys", http.StatusCreated, 300*time.Millisecond)
	m.observeUpstream("cloud", "GET /um/users/{id}", http.StatusBadGateway, time.Second)
	m.observeUpstream("auth", "GET /tokens/generate", 0, time.Minute)
	text := askAdmin(nil, m, "GET", "/metrics").Body.String()
	for _, line := range []string{
		`keydeck_upstream_request_duration_seconds_count{api="management",operation="POST /accesskeys",status="2xx"} 1`,
		`keydeck_upstream_request_duration_seconds_sum{api="cloud",operation="GET /um/users/{id}",status="5xx"} 1`,
		`keydeck_upstream_request_duration_seconds_count{api="auth",operation="GET /tokens/generate",status="none"} 1`,
		"go_goroutines ",
		"process_start_time_seconds ",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("no line %q", line)
		}
	}
}
