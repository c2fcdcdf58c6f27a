package app

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestBindSandbox(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		addr    string
		expose  bool
		refused bool
	}{
		{"127.0.0.1:0", false, false}, {"localhost:0", false, false},
		{"0.0.0.0:0", false, true}, {":0", false, true}, {"0.0.0.0:0", true, false},
	} {
		e, err := bindSandbox(Sandbox, c.addr, SandboxConfig{Expose: c.expose, Logger: slog.New(slog.DiscardHandler)})
		if errors.Is(err, ErrExposed) != c.refused || err != nil != c.refused {
			t.Errorf("%s, exposed %v: %v", c.addr, c.expose, err)
		}
		e.close()
	}
}

func TestGuardControls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method, path, host string
		header                   [2]string
		exposed, refused         bool
	}{
		{"a program", "POST", "/_sandbox/faults", "127.0.0.1:9000", [2]string{}, false, false},
		{"own origin", "POST", "/_sandbox/faults", "127.0.0.1:9000", [2]string{"Origin", "http://127.0.0.1:9000"}, false, false},
		{"another site", "POST", "/_sandbox/faults", "127.0.0.1:9000", [2]string{"Origin", "http://evil.example"}, false, true},
		{"another site, exposed", "POST", "/_sandbox/faults", "10.1.2.3:9000", [2]string{"Origin", "http://evil.example"}, true, true},
		{"another site, deleting", "DELETE", "/_sandbox/faults", "127.0.0.1:9000", [2]string{"Sec-Fetch-Site", "cross-site"}, false, true},
		{"a name that resolves here", "POST", "/_sandbox/faults", "evil.example:9000", [2]string{"Origin", "http://evil.example:9000"}, false, true},
		{"a name that resolves here, reading", "GET", "/_sandbox/requests", "evil.example:9000", [2]string{}, false, true},
		{"another machine, exposed", "POST", "/_sandbox/faults", "10.1.2.3:9000", [2]string{}, true, false},
		{"an API", "POST", "/accesskeys", "evil.example:9000", [2]string{"Origin", "http://evil.example"}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(c.method, c.path, nil)
			r.Host = c.host
			if c.header[0] != "" {
				r.Header.Set(c.header[0], c.header[1])
			}
			w := httptest.NewRecorder()
			guardControls(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), c.exposed).ServeHTTP(w, r)
			if refused := w.Code == http.StatusForbidden; refused != c.refused {
				t.Errorf("answered %d", w.Code)
			}
		})
	}
}
