package session_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"keydeck/internal/session"
)

func TestCheckIdempotencyKey(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	other, _ := signIn(t, f.Manager)
	id := f.IssueIdempotencyKey(s, "generate")
	if again := f.IssueIdempotencyKey(s, "generate"); again == id || id == "" || len(id) > 64 {
		t.Errorf("issued %q and %q", id, again)
	}
	again, err := load(t, f.Manager, cookie)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		s    *session.Session
		form string
		id   string
		want error
	}{
		{"good", s, "generate", id, nil},
		{"in a later request", again, "generate", id, nil},
		{"another session's", other, "generate", id, session.ErrBadIdempotencyKey},
		{"another form's", s, "renew", id, session.ErrBadIdempotencyKey},
		{"missing", s, "generate", "", session.ErrBadIdempotencyKey},
		{"over-long", s, "generate", id + strings.Repeat("a", 1<<20), session.ErrBadIdempotencyKey},
		{"moved boundary", s, "generate\x00" + id[:3], id[3:], session.ErrBadIdempotencyKey},
		{"no session", nil, "generate", id, session.ErrBadIdempotencyKey},
		{"a session from nowhere", person(), "generate", id, session.ErrBadIdempotencyKey},
	} {
		if err := f.CheckIdempotencyKey(c.s, c.form, c.id); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for i := range id {
		changed := []byte(id)
		changed[i] ^= 1
		if err := f.CheckIdempotencyKey(s, "generate", string(changed)); !errors.Is(err, session.ErrBadIdempotencyKey) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		changed[i] = bytes.ToUpper([]byte(id))[i]
		if err := f.CheckIdempotencyKey(s, "generate", string(changed)); string(changed) != id && err == nil {
			t.Errorf("byte %d has another spelling", i)
		}
	}
}

func TestCheckIdempotencyKeyAge(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	id := f.IssueIdempotencyKey(s, "generate")
	for _, c := range []struct {
		at   time.Duration
		want error
	}{
		{time.Hour - time.Second, nil},
		{time.Hour, session.ErrBadIdempotencyKey},
		{-time.Minute, nil},                        // the clock was set right
		{-time.Hour, session.ErrBadIdempotencyKey}, // and this is no time at all
	} {
		f.clock.Advance(c.at)
		if err := f.CheckIdempotencyKey(s, "generate", id); !errors.Is(err, c.want) {
			t.Errorf("after %v: %v", c.at, err)
		}
		f.clock.Advance(-c.at)
	}
}

func TestIssueIdempotencyKeyNoRandomness(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	m, err := session.New(session.Config{
		Store: f.store, Idle: idle, Max: limit, Now: f.clock.Now, Random: iotest.ErrReader(errors.New("dry")),
	})
	if err != nil {
		t.Fatal(err)
	}
	if id := m.IssueIdempotencyKey(s, "generate"); id != "" {
		t.Errorf("issued %q", id)
	}
	if err := m.Start(nil, request(t), person()); err == nil || len(f.store.Keys()) != 2 {
		t.Errorf("started: %v", err)
	}
	if id := f.IssueIdempotencyKey(person(), "generate"); id != "" {
		t.Errorf("issued %q for a session from nowhere", id)
	}
}

func FuzzCheckIdempotencyKey(f *testing.F) {
	fix := newFuzzFixture(f)
	for _, seed := range []string{"", "-", "--", "t1-aaaaaaaaaaaaaaaa-", "-9-9-9", strings.Repeat("z", 96), "zzzzzzzzzzzzzzzzzz-a-b", "\x00-\xff-"} {
		f.Add("generate", seed)
	}
	f.Add("\x00", fix.id)
	f.Fuzz(func(t *testing.T, form, id string) {
		err := fix.CheckIdempotencyKey(fix.s, form, id)
		if issued := form == "generate" && id == fix.id; (err == nil) != issued {
			t.Errorf("%q for %q: %v", id, form, err)
		}
	})
}
