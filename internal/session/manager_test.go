package session_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keydeck/internal/session"
	"keydeck/internal/session/sessiontest"
)

func TestNewSaysWhatIsWrong(t *testing.T) {
	backend := sessiontest.NewMemory(time.Now)
	good := session.Config{Backend: backend, Idle: idle, Max: limit}
	for _, c := range []struct {
		name   string
		change func(*session.Config)
		good   bool
	}{
		{"the least there must be", func(*session.Config) {}, true},
		{"a path", func(c *session.Config) { c.CookiePath = "/keys/" }, true},
		{"no backend", func(c *session.Config) { c.Backend = nil }, false},
		{"no idle limit", func(c *session.Config) { c.Idle = 0 }, false},
		{"a negative limit", func(c *session.Config) { c.Max = -1 }, false},
		{"a relative path", func(c *session.Config) { c.CookiePath = "keys" }, false},
		{"a path with attributes", func(c *session.Config) { c.CookiePath = "/; Domain=example.com" }, false},
		{"a path with a line", func(c *session.Config) { c.CookiePath = "/\r\nSet-Cookie:x" }, false},
	} {
		cfg := good
		c.change(&cfg)
		m, err := session.New(cfg)
		if (err == nil) != c.good || (m != nil) != c.good {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	m, err := session.New(good) // with the defaults
	if err != nil {
		t.Fatal(err)
	}
	s, cookie := signIn(t, m)
	wantSession(t, m, cookie, true)
	if err := m.CheckRequestID(s, "f", m.IssueRequestID(s, "f")); err != nil {
		t.Error(err)
	}
}

func TestASessionSurvivesARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	f := newFixture(t)
	before := openBolt(t, path, f.clock.Now)
	m := newManager(t, before, f.clock.Now)
	s, cookie := signIn(t, m)
	id := m.IssueRequestID(s, "generate")
	_, mine, err := m.Claim(t.Context(), s, id)
	_, kept := m.Keep(t.Context(), s, "pair", []byte("secret"), time.Minute)
	if err := errors.Join(err, kept, before.Close()); err != nil || !mine {
		t.Fatal(mine, err)
	}

	m = newManager(t, openBolt(t, path, f.clock.Now), f.clock.Now)
	again, err := load(t, m, cookie)
	if err != nil || again.Token.Reveal() != canary {
		t.Fatalf("the session is gone: %v", err)
	}
	if err := m.CheckRequestID(again, "generate", id); err != nil {
		t.Errorf("the request id: %v", err)
	}
	if _, mine, err := m.Claim(t.Context(), again, id); mine || err != nil {
		t.Errorf("claimed twice: %v", err)
	}
	if value, _, err := m.Recall(t.Context(), again, "pair"); err != nil || string(value) != "secret" {
		t.Errorf("the pair: %q, %v", value, err)
	}
}

// A session with one operation and one kept pair takes at most 8 KB, in
// records and in the file.
func TestASessionIsSmall(t *testing.T) {
	const most, many = 8 << 10, 250
	f := newFixture(t)
	path := filepath.Join(t.TempDir(), "sessions.db")
	b := openBolt(t, path, f.clock.Now)
	for _, backend := range []session.Backend{f.store, b} {
		m := newManager(t, backend, f.clock.Now)
		for range many {
			s, _ := signIn(t, m)
			_, _, claimed := m.Claim(t.Context(), s, "id")
			finished := m.Finish(t.Context(), s, "id", done("00112233445566778899"))
			_, kept := m.Keep(t.Context(), s, "pair", make([]byte, 200), time.Minute)
			if err := errors.Join(claimed, finished, kept); err != nil {
				t.Fatal(err)
			}
		}
	}
	size := 0
	for _, key := range f.store.Keys() {
		value, err := f.store.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		size += len(key) + len(value)
	}
	used := b.PagesInUse(t) * os.Getpagesize()
	t.Logf("a session takes %d bytes, %d in the file", size/many, used/many)
	if size/many > most || used/many > most {
		t.Error("that is too much")
	}
}
