package app

import (
	"net/http"
	"strings"
	"testing"
)

func TestReachable(t *testing.T) {
	tests := []struct{ addr, want string }{
		{"127.0.0.1:8080", "127.0.0.1:8080"},
		{"0.0.0.0:8080", "127.0.0.1:8080"},
		{"[::]:8080", "127.0.0.1:8080"},
		{":8080", "127.0.0.1:8080"},
		{"[::1]:8080", "[::1]:8080"},
		{"10.0.0.1:8080", "10.0.0.1:8080"},
		{"localhost:8080", "localhost:8080"},
		{"nonsense", "nonsense"},
	}
	for _, test := range tests {
		if got := Reachable(test.addr); got != test.want {
			t.Errorf("Reachable(%q) = %q, want %q", test.addr, got, test.want)
		}
	}
}

func TestBindHeaderLimit(t *testing.T) {
	a := newApp(t, testConfig(t))
	start(t, a)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Padding", strings.Repeat("a", 2*maxHeaderBytes))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("answered %d", response.StatusCode)
	}
}

func TestBindLimits(t *testing.T) {
	a := newApp(t, testConfig(t))
	start(t, a)
	for _, e := range a.endpoints() {
		s := e.server
		if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 || s.ErrorLog == nil {
			t.Errorf("the %s lacks a limit: %+v", e.name, s)
		}
		if s.ReadTimeout < s.WriteTimeout {
			t.Errorf("the %s stops reading, and so cancels a handler, before its time to answer is over", e.name)
		}
	}
}

func TestBindError(t *testing.T) {
	for addr, reason := range map[string]string{
		"192.0.2.1:80":       "cannot assign requested address",
		"no-host.invalid:80": "lookup no-host.invalid",
		"127.0.0.1:99999":    "invalid port",
	} {
		_, err := bind(Admin, addr, Config{}.complete().Logger)
		if err == nil || !strings.HasPrefix(err.Error(), "the admin server cannot listen on "+addr+": ") || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v", addr, err)
		}
	}
}
