package session_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
	"keydeck/internal/secret"
	"keydeck/internal/session"
)

var t0 = time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)

const (
	idle  = 30 * time.Minute
	limit = 12 * time.Hour
)

// canary is as long as a real token.
var canary = "eyJCANARY" + strings.Repeat("tokencanary", 154)

// fixture is a Manager, its store, and a clock.
type fixture struct {
	*session.Manager
	store *kv.Memory
	clock *kvtest.Clock
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	clock := kvtest.NewClock(t0)
	store := kv.NewMemory(clock.Now)
	return fixture{newManager(t, store, clock.Now), store, clock}
}

func newManager(t *testing.T, backend kv.Store, now func() time.Time) *session.Manager {
	t.Helper()
	m, err := session.New(session.Config{Store: backend, Idle: idle, Max: limit, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func person() *session.Session {
	return &session.Session{
		UserID: "22222222-2222-4222-8222-222222222222", Email: "member@keydeck.example", Name: "Mia Member",
		Contract: "31415926", Role: "user", Token: secret.New(canary), TokenID: "token-1", TokenOurs: true,
	}
}

// request returns a new request with cookies.
func request(t *testing.T, brought ...*http.Cookie) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	for _, cookie := range brought {
		// Not by AddCookie, which corrects a malformed one.
		r.Header.Add("Cookie", cookie.Name+"="+cookie.Value)
	}
	return r
}

// signIn starts a session and returns it with its cookie.
func signIn(t *testing.T, m *session.Manager, brought ...*http.Cookie) (*session.Session, *http.Cookie) {
	t.Helper()
	s, w := person(), httptest.NewRecorder()
	if err := m.Start(w, request(t, brought...), s); err != nil {
		t.Fatal(err)
	}
	return s, onlyCookie(t, w)
}

func onlyCookie(t *testing.T, w *httptest.ResponseRecorder) *http.Cookie {
	t.Helper()
	set := w.Result().Cookies()
	if len(set) != 1 {
		t.Fatalf("%d cookies set, want 1", len(set))
	}
	return set[0]
}

func load(t *testing.T, m *session.Manager, brought ...*http.Cookie) (*session.Session, error) {
	t.Helper()
	w := httptest.NewRecorder()
	s, err := m.Load(w, request(t, brought...))
	if len(w.Header()) > 0 {
		t.Errorf("Load set headers: %v", w.Header())
	}
	return s, err
}

// fuzzFixture has one session and one id, issued for the form "generate".
type fuzzFixture struct {
	*session.Manager
	s  *session.Session
	id string
}

func newFuzzFixture(f *testing.F) fuzzFixture {
	f.Helper()
	clock := kvtest.NewClock(t0)
	m, err := session.New(session.Config{Store: kv.NewMemory(clock.Now), Idle: idle, Max: limit, Now: clock.Now})
	if err != nil {
		f.Fatal(err)
	}
	s := person()
	if err := m.Start(httptest.NewRecorder(), httptest.NewRequestWithContext(f.Context(), http.MethodGet, "/", nil), s); err != nil {
		f.Fatal(err)
	}
	return fuzzFixture{m, s, m.IssueIdempotencyKey(s, "generate")}
}

func openBolt(t testing.TB, path string, now func() time.Time) *kv.Bolt {
	t.Helper()
	b, err := kv.OpenBolt(kv.BoltConfig{Path: path, Now: now, LockTimeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}
