package session_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"keydeck/internal/session"
)

func TestStart(t *testing.T) {
	f := newFixture(t)
	started, cookie := signIn(t, f.Manager)
	loaded, err := load(t, f.Manager, cookie)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(started, loaded, cmpopts.IgnoreUnexported(session.Session{})); diff != "" {
		t.Errorf("started and loaded differ:\n%s", diff)
	}
	if loaded.Token.Reveal() != canary || loaded.ID() != started.ID() || !strings.HasPrefix(cookie.Value, loaded.ID()+".") {
		t.Error("the token or id differs")
	}
	if !loaded.Started.Equal(t0) || !loaded.Expires.Equal(t0.Add(limit)) {
		t.Errorf("from %v until %v", loaded.Started, loaded.Expires)
	}
}

func TestStartCookie(t *testing.T) {
	f := newFixture(t)
	_, cookie := signIn(t, f.Manager)
	want := &http.Cookie{
		Name: "__Host-keydeck", Value: cookie.Value, Path: "/", MaxAge: int(limit.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if diff := cmp.Diff(want, cookie, cmpopts.IgnoreFields(http.Cookie{}, "Raw")); diff != "" {
		t.Error(diff)
	}
}

func TestStartExpires(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		name           string
		expires, until time.Duration
		wrong          bool
	}{
		{"sooner", time.Hour, time.Hour, false},
		{"later", 99 * time.Hour, limit, false},
		{"a moment", time.Millisecond, time.Millisecond, false},
		{"now", 0, 0, true},
		{"gone", -time.Second, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, w := person(), httptest.NewRecorder()
			s.Expires = t0.Add(c.expires)
			err := f.Start(w, request(t), s)
			if (err != nil) != c.wrong {
				t.Fatal(err)
			}
			if c.wrong {
				if len(w.Header()) > 0 || len(w.Result().Cookies()) > 0 || s.ID() != "" {
					t.Error("there are parts of a session")
				}
				return
			}
			if !s.Expires.Equal(t0.Add(c.until)) {
				t.Errorf("expires %v", s.Expires)
			}
			if age := onlyCookie(t, w).MaxAge; age != max(1, int(c.until.Seconds())) {
				t.Errorf("MaxAge %d", age)
			}
		})
	}
}

// A sign-in sets a new id, whatever the request's cookie; the session of that
// cookie has ended afterwards.
func TestStartNewID(t *testing.T) {
	f := newFixture(t)
	first, before := signIn(t, f.Manager)
	if _, err := f.Values(first).Set(t.Context(), "pair", []byte("x"), time.Minute); err != nil {
		t.Fatal(err)
	}
	second, after := signIn(t, f.Manager, before)
	if first.ID() == second.ID() || before.Value == after.Value {
		t.Error("the id or the cookie is the same")
	}
	if _, err := load(t, f.Manager, before); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("the session before: %v", err)
	}
	if keys := f.store.Keys(); len(keys) != 2 { // its record and its entry in the index
		t.Errorf("left in the store: %v", keys)
	}
	planted := &http.Cookie{Name: before.Name, Value: strings.Repeat("a", 32) + "." + strings.Repeat("b", 56)}
	third, cookie := signIn(t, f.Manager, planted)
	if third.ID() == strings.Repeat("a", 32) || cookie.Value == planted.Value {
		t.Error("the planted id was accepted")
	}
	if _, err := load(t, f.Manager, planted); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("the planted cookie: %v", err)
	}
}

// The id is public: a cookie with the id and another secret ends nothing.
func TestEndByID(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	guess := &http.Cookie{Name: cookie.Name, Value: s.ID() + "." + strings.Repeat("b", 56)}
	if err := f.End(httptest.NewRecorder(), request(t, guess)); err != nil {
		t.Error(err)
	}
	signIn(t, f.Manager, guess)
	if _, err := load(t, f.Manager, cookie); err != nil {
		t.Errorf("the session has ended: %v", err)
	}
}

func TestEnd(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	other, _ := signIn(t, f.Manager)
	for _, s := range []*session.Session{s, other} {
		if _, err := f.Values(s).Set(t.Context(), "pair", []byte("x"), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	w := httptest.NewRecorder()
	if err := f.End(w, request(t, cookie)); err != nil {
		t.Fatal(err)
	}
	if gone := onlyCookie(t, w); gone.Name != cookie.Name || gone.Value != "" || gone.MaxAge >= 0 || gone.Path != "/" || !gone.Secure {
		t.Errorf("the cookie is not expired: %v", gone)
	}
	for _, key := range f.store.Keys() {
		if strings.Contains(key, s.ID()) {
			t.Errorf("left in the store: %s", key)
		}
	}
	if keys := f.store.Keys(); len(keys) != 3 {
		t.Errorf("the other session has %v", keys)
	}
	if _, err := load(t, f.Manager, cookie); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("after End: %v", err)
	}
	if err := f.End(httptest.NewRecorder(), request(t, cookie)); err != nil {
		t.Errorf("End again: %v", err)
	}
	if err := f.End(httptest.NewRecorder(), request(t)); err != nil {
		t.Errorf("End without a cookie: %v", err)
	}
}
