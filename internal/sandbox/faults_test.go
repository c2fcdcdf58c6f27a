package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/sandbox"
)

const faults = "/_sandbox/faults"

func TestFaultWithStatus(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c, ctl := as(t, s, member), anonymous(t, s)
	ctl.want(200, "POST", faults, `{"method":"POST","path":"/accesskeys","times":2,"status":503,
		"body":"{\"gone\":\"fishing\"}","headers":{"Retry-After":"2"}}`)
	for range 2 {
		c.want(200, "GET", "/accesskeys", "")
		a := c.want(503, "POST", "/accesskeys", "")
		if a.str("gone") != "fishing" || a.header.Get("Retry-After") != "2" {
			t.Errorf("answer %q, Retry-After %q", a.text, a.header.Get("Retry-After"))
		}
	}
	if left, _ := ctl.want(200, "GET", faults, "").at("faults").([]any); len(left) != 0 {
		t.Errorf("faults left: %v", left)
	}
	if n := len(c.want(200, "GET", "/accesskeys", "").items()); n != 0 {
		t.Errorf("%d keys made by refused requests", n)
	}
	c.want(201, "POST", "/accesskeys", "")
}

func TestFaultMatching(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c, ctl := as(t, s, owner), anonymous(t, s)
	ctl.want(200, "POST", faults, `{"path":"/cloudapi/v6/um/users","status":429,"headers":{"X-RateLimit-Remaining":"0"}}`)
	ctl.want(200, "POST", faults, `{"path":"/auth/v1","times":5,"status":500}`)
	ctl.want(200, "POST", faults, `{"path":"/cloudapi/v6/contracts","headers":{"X-RateLimit-Remaining":"1"}}`)
	if a := c.want(200, "GET", cloud+"/contracts", ""); a.header.Get("X-RateLimit-Remaining") != "1" {
		t.Error("a fault of headers only did not set them")
	}
	a := c.want(429, "GET", s3keys("x"), "")
	if a.header.Get("X-RateLimit-Remaining") != "0" || a.header.Get("X-RateLimit-Limit") == "" {
		t.Errorf("headers %v", a.header)
	}
	c.want(200, "GET", cloud+"/um/users", "")
	c.want(500, "GET", auth+"/tokens", "")
	if left, _ := ctl.want(200, "GET", faults, "").at("faults").([]any); len(left) != 1 {
		t.Errorf("faults left: %v", left)
	}
	ctl.want(200, "DELETE", faults, "")
	c.want(200, "GET", auth+"/tokens", "")
}

func TestFaultsRefused(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	ctl := anonymous(t, s)
	for name, body := range map[string]string{
		"empty":           "",
		"no JSON":         "503",
		"unknown field":   `{"path":"/","status":503,"state":1}`,
		"two values":      `{"path":"/","status":503}{}`,
		"no path":         `{"status":503}`,
		"relative path":   `{"path":"accesskeys","status":503}`,
		"nothing to do":   `{"path":"/"}`,
		"negative times":  `{"path":"/","status":503,"times":-1}`,
		"odd status":      `{"path":"/","status":99}`,
		"odd delay":       `{"path":"/","delay":"soon"}`,
		"negative delay":  `{"path":"/","delay":"-1s"}`,
		"odd drop":        `{"path":"/","drop":"now"}`,
		"drop and status": `{"path":"/","drop":"after","status":500}`,
		"body alone":      `{"path":"/","body":"x"}`,
	} {
		if a := ctl.do("POST", faults, body); a.status != 400 || a.str("error") == "" {
			t.Errorf("%s: status %d, error %q", name, a.status, a.str("error"))
		}
	}
	ctl.want(405, "PUT", faults, "")
	ctl.want(404, "GET", "/_sandbox/nothing", "")
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSandbox(t, sandbox.Config{})
		c, ctl := as(t, s, member), anonymous(t, s)
		ctl.want(200, "POST", faults, `{"path":"/accesskeys","times":2,"delay":"2s"}`)
		start := time.Now()
		c.want(201, "POST", "/accesskeys", "")
		if waited := time.Since(start); waited != 2*time.Second {
			t.Errorf("waited %s", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		defer func() {
			if cut, _ := recover().(error); !errors.Is(cut, http.ErrAbortHandler) {
				t.Error("a client that has gone was answered")
			}
			if waited := time.Since(start); waited != 3*time.Second {
				t.Errorf("waited on for a client that has gone: %s", waited)
			}
		}()
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/accesskeys", nil))
	})
}

// TestDelayCleared: a request that a delay holds up goes on when the faults are
// cleared.
func TestDelayCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSandbox(t, sandbox.Config{})
		c, ctl := as(t, s, member), anonymous(t, s)
		ctl.want(200, "POST", faults, `{"path":"/accesskeys","delay":"1h"}`)
		start := time.Now()
		clear := time.AfterFunc(time.Second, func() { ctl.want(200, "DELETE", faults, "") })
		defer clear.Stop()
		c.want(201, "POST", "/accesskeys", "")
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("waited %s", waited)
		}
		ctl.want(200, "POST", faults, `{"path":"/accesskeys","delay":"2s"}`)
		c.want(200, "GET", "/accesskeys", "")
		if waited := time.Since(start); waited != 3*time.Second {
			t.Errorf("a delay made afterwards ends after %s", waited)
		}
	})
}

func TestDrop(t *testing.T) {
	for when, made := range map[string]int{"before": 0, "after": 1} {
		t.Run(when, func(t *testing.T) {
			s := newSandbox(t, sandbox.Config{Provisioning: -1})
			c, ctl := as(t, s, member), anonymous(t, s)
			srv := serve(t, s)
			ctl.want(200, "POST", faults, `{"method":"POST","path":"/accesskeys","drop":"`+when+`"}`)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/accesskeys", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", c.auth)
			res, err := srv.Client().Do(r)
			if err == nil {
				_ = res.Body.Close()
			}
			if !errors.Is(err, io.EOF) {
				t.Errorf("error %v, want the connection closed", err)
			}
			if n := len(c.want(200, "GET", "/accesskeys", "").items()); n != made {
				t.Errorf("%d keys, want %d", n, made)
			}
			log := ctl.want(200, "GET", "/_sandbox/requests", "")
			if log.at("requests", 0, "status") != 0.0 || log.at("requests", 0, "method") != "POST" {
				t.Errorf("logged as %v", log.at("requests", 0))
			}
		})
	}
}

func TestRequestLog(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c, ctl := as(t, s, member), anonymous(t, s)
	srv := serve(t, s)
	for _, client := range []*http.Client{srv.Client(), srv.Client(), {Transport: &http.Transport{}}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/accesskeys?limit=1", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", c.auth)
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	c.do("GET", "/nowhere/a%2Fb", "")
	log := ctl.want(200, "GET", "/_sandbox/requests", "")
	requests, _ := log.at("requests").([]any)
	if len(requests) != 4 {
		t.Fatalf("%d requests logged, want 4 and no control among them", len(requests))
	}
	first, second, third := log.at("requests", 0, "connection"), log.at("requests", 1, "connection"), log.at("requests", 2, "connection")
	if first != second || first == third || first == 0.0 {
		t.Errorf("connections %v, %v, %v", first, second, third)
	}
	if log.str("requests", 0, "path") != "/accesskeys" || log.at("requests", 0, "status") != 200.0 {
		t.Errorf("logged as %v", log.at("requests", 0))
	}
	if log.str("requests", 3, "path") != "/nowhere/a%2Fb" || log.at("requests", 3, "status") != 404.0 {
		t.Errorf("logged as %v", log.at("requests", 3))
	}
	ctl.want(200, "DELETE", "/_sandbox/requests", "")
	if log := ctl.want(200, "GET", "/_sandbox/requests", ""); strings.TrimSpace(log.text) != `{"requests":[]}` {
		t.Errorf("after clearing: %s", log.text)
	}
}

func TestRequestLogBound(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	for range 10_500 {
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/nowhere", nil))
	}
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/last", nil))
	log := anonymous(t, s).want(200, "GET", "/_sandbox/requests", "")
	requests, _ := log.at("requests").([]any)
	if n := len(requests); n > 10_000 || n < 9_000 || log.str("requests", n-1, "path") != "/last" {
		t.Errorf("%d requests kept", n)
	}
}
