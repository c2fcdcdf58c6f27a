package session_test

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/session"
)

func (f fixture) wantKept(t *testing.T, s *session.Session, name, want string) {
	t.Helper()
	got, _, err := f.Values(s).Get(t.Context(), name)
	switch {
	case want == "" && !errors.Is(err, kv.ErrNotFound):
		t.Errorf("Get(%q) = %q, %v; want ErrNotFound", name, got, err)
	case want != "" && (err != nil || string(got) != want):
		t.Errorf("Get(%q) = %q, %v; want %q", name, got, err, want)
	}
}

func (f fixture) mustKeep(t *testing.T, s *session.Session, name, value string, ttl time.Duration) time.Time {
	t.Helper()
	until, err := f.Values(s).Set(t.Context(), name, []byte(value), ttl)
	if err != nil {
		t.Fatal(err)
	}
	return until
}

func TestSet(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	f.wantKept(t, s, "pair", "")
	until := f.mustKeep(t, s, "pair", "secret \x00\xff", 10*time.Minute)
	if !until.Equal(t0.Add(10 * time.Minute)) {
		t.Errorf("until %v", until)
	}
	f.clock.Advance(10*time.Minute - time.Second)
	later, err := load(t, f.Manager, cookie)
	if err != nil {
		t.Fatal(err)
	}
	value, again, err := f.Values(later).Get(t.Context(), "pair")
	if err != nil || !bytes.Equal(value, []byte("secret \x00\xff")) || !again.Equal(until) {
		t.Errorf("%q until %v, %v", value, again, err)
	}
	f.clock.Advance(time.Second)
	f.wantKept(t, s, "pair", "")
}

func TestSetReplaces(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	other, _ := signIn(t, f.Manager)
	f.mustKeep(t, s, "a", "1", time.Minute)
	f.mustKeep(t, s, "b", "2", time.Minute)
	f.mustKeep(t, s, "a", "3", time.Minute)
	f.mustKeep(t, other, "a", "4", time.Minute)
	for range 2 {
		if err := f.Values(s).Delete(t.Context(), "b"); err != nil {
			t.Error(err)
		}
	}
	f.wantKept(t, s, "a", "3")
	f.wantKept(t, s, "b", "")
	f.wantKept(t, other, "a", "4")
}

func TestSetEndsWithSession(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	if until := f.mustKeep(t, s, "a", "1", 2*limit); !until.Equal(s.Expires) {
		t.Errorf("until %v", until)
	}
	if err := f.End(httptest.NewRecorder(), request(t, cookie)); err != nil {
		t.Fatal(err)
	}
	// A request that was loaded before the end, and goes on.
	f.wantKept(t, s, "a", "")
	if _, err := f.Values(s).Set(t.Context(), "b", []byte("2"), time.Minute); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("Set after End: %v", err)
	}
	if keys := f.store.Keys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
}

func TestSetRefused(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	if _, err := f.Values(s).Set(t.Context(), "a", make([]byte, 32<<10+1), time.Minute); err == nil {
		t.Error("kept too large a value")
	}
	f.mustKeep(t, s, strings.Repeat("long name \x00", 1000), strings.Repeat("v", 32<<10), time.Minute)
	if _, err := f.Values(person()).Set(t.Context(), "a", nil, time.Minute); err == nil {
		t.Error("kept for a session from nowhere")
	}
	if _, _, err := f.Values(person()).Get(t.Context(), "a"); err == nil {
		t.Error("recalled for a session from nowhere")
	}
	if err := f.Values(nil).Delete(t.Context(), "a"); err == nil {
		t.Error("forgotten for no session")
	}
	trouble := errors.New("disk on fire")
	f.store.Fail(trouble)
	_, set := f.Values(s).Set(t.Context(), "a", nil, time.Minute)
	_, _, get := f.Values(s).Get(t.Context(), "a")
	for name, err := range map[string]error{"Set": set, "Get": get, "Delete": f.Values(s).Delete(t.Context(), "a")} {
		if !errors.Is(err, trouble) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
