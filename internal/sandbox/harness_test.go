package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

const (
	owner  = "owner@keydeck.example"
	admin  = "admin@keydeck.example"
	member = "member@keydeck.example"
	full   = "full@keydeck.example"
	guest  = "guest@keydeck.example"
	twofa  = "twofa@keydeck.example"
	multi  = "multi@keydeck.example"

	cloud = "/cloudapi/v6"
	auth  = "/auth/v1"
)

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newSandbox(t testing.TB, cfg sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// client calls a sandbox in memory. Every answer of the Management API is held
// against the OpenAPI document.
type client struct {
	t    *testing.T
	s    *sandbox.Sandbox
	auth string
	spec *spec
}

// as signs in as a user by a token of an hour.
func as(t *testing.T, s *sandbox.Sandbox, email string) *client {
	t.Helper()
	token := s.Token(email, time.Hour)
	if token == "" {
		t.Fatalf("no token for %s", email)
	}
	return &client{t: t, s: s, auth: "Bearer " + token, spec: loadSpec(t)}
}

func anonymous(t *testing.T, s *sandbox.Sandbox) *client {
	t.Helper()
	return &client{t: t, s: s, spec: loadSpec(t)}
}

// answer is a decoded answer.
type answer struct {
	status int
	header http.Header
	text   string
	json   map[string]any
}

// do sends JSON, if there is a body, with headers given as name, value, ….
func (c *client) do(method, path, body string, headers ...string) answer {
	c.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if c.auth != "" {
		r.Header.Set("Authorization", c.auth)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.s.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), text: w.Body.String()}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &a.json); err != nil {
			c.t.Fatalf("%s %s answers no JSON object: %v", method, path, err)
		}
	}
	c.spec.check(c.t, r, w.Code, w.Header(), io.NopCloser(bytes.NewReader(w.Body.Bytes())))
	return a
}

// want fails the test for another status.
func (c *client) want(status int, method, path, body string, headers ...string) answer {
	c.t.Helper()
	a := c.do(method, path, body, headers...)
	if a.status != status {
		c.t.Fatalf("%s %s: status %d, want %d (%s)", method, path, a.status, status, a.message())
	}
	return a
}

// at walks into the JSON: at("metadata", "status"), at("items", 0, "id").
func (a answer) at(path ...any) any {
	var v any = a.json
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[s]
		case int:
			l, _ := v.([]any)
			if s >= len(l) {
				return nil
			}
			v = l[s]
		}
	}
	return v
}

func (a answer) str(path ...any) string {
	s, _ := a.at(path...).(string)
	return s
}

func (a answer) items() []any {
	l, _ := a.at("items").([]any)
	return l
}

func (a answer) message() string { return a.str("messages", 0, "message") }

// idOf gives a user's id, which is the same at every start.
func idOf(t *testing.T, s *sandbox.Sandbox, email string) string {
	t.Helper()
	a := as(t, s, owner).want(200, "GET", cloud+"/um/users?depth=1", "")
	for i := range a.items() {
		if a.str("items", i, "properties", "email") == email {
			return a.str("items", i, "id")
		}
	}
	t.Fatalf("no user %s", email)
	return ""
}

func s3keys(userID string, more ...string) string {
	return cloud + "/um/users/" + strings.Join(append([]string{userID, "s3keys"}, more...), "/")
}
