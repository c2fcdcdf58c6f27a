package session_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/session"
)

func TestNew(t *testing.T) {
	backend := kv.NewMemory(time.Now)
	good := session.Config{Store: backend, Idle: idle, Max: limit}
	for _, c := range []struct {
		name   string
		change func(*session.Config)
		good   bool
	}{
		{"the least there must be", func(*session.Config) {}, true},
		{"a path", func(c *session.Config) { c.CookiePath = "/keys/" }, true},
		{"no store", func(c *session.Config) { c.Store = nil }, false},
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
	if err := m.CheckIdempotencyKey(s, "f", m.IssueIdempotencyKey(s, "f")); err != nil {
		t.Error(err)
	}
}

func TestLoadAfterRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	f := newFixture(t)
	before := openBolt(t, path, f.clock.Now)
	m := newManager(t, before, f.clock.Now)
	s, cookie := signIn(t, m)
	id := m.IssueIdempotencyKey(s, "generate")
	_, kept := m.Values(s).Set(t.Context(), "pair", []byte("secret"), time.Minute)
	if err := errors.Join(kept, before.Close()); err != nil {
		t.Fatal(err)
	}

	m = newManager(t, openBolt(t, path, f.clock.Now), f.clock.Now)
	again, err := load(t, m, cookie)
	if err != nil || again.Token.Reveal() != canary {
		t.Fatalf("the session is gone: %v", err)
	}
	if err := m.CheckIdempotencyKey(again, "generate", id); err != nil {
		t.Errorf("the idempotency key: %v", err)
	}
	if value, _, err := m.Values(again).Get(t.Context(), "pair"); err != nil || string(value) != "secret" {
		t.Errorf("the pair: %q, %v", value, err)
	}
}

// A session with one value takes at most 8 KB in the store, and
// 16 KB in the file, which grows by doubling.
func TestStartSize(t *testing.T) {
	const most, many = 8 << 10, 250
	f := newFixture(t)
	path := filepath.Join(t.TempDir(), "sessions.db")
	b := openBolt(t, path, f.clock.Now)
	for _, backend := range []kv.Store{f.store, b} {
		m := newManager(t, backend, f.clock.Now)
		for range many {
			s, _ := signIn(t, m)
			if _, err := m.Values(s).Set(t.Context(), "pair", make([]byte, 200), time.Minute); err != nil {
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
	file, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	used := int(file.Size()) // which is grown by doubling
	t.Logf("a session takes %d bytes, %d in the file", size/many, used/many)
	if size/many > most || used/many > 2*most {
		t.Error("that is too much")
	}
}
