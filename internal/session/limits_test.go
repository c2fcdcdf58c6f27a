package session_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/session"
)

func wantSession(t *testing.T, m *session.Manager, cookie *http.Cookie, want bool) {
	t.Helper()
	_, err := load(t, m, cookie)
	if (err == nil) != want || (err != nil && !errors.Is(err, session.ErrNoSession)) {
		t.Errorf("Load: %v, want a session: %v", err, want)
	}
}

func TestLoadIdleLimit(t *testing.T) {
	f := newFixture(t)
	_, cookie := signIn(t, f.Manager)
	for range 5 { // each use counts anew
		f.clock.Advance(idle - time.Second)
		wantSession(t, f.Manager, cookie, true)
	}
	f.clock.Advance(idle)
	wantSession(t, f.Manager, cookie, false)
}

func TestLoadAbsoluteLimit(t *testing.T) {
	f := newFixture(t)
	_, cookie := signIn(t, f.Manager)
	for at := time.Duration(0); at < limit-time.Minute; at += time.Minute {
		f.clock.Advance(time.Minute)
		wantSession(t, f.Manager, cookie, true)
	}
	f.clock.Advance(time.Minute - time.Second)
	wantSession(t, f.Manager, cookie, true)
	f.clock.Advance(time.Second)
	wantSession(t, f.Manager, cookie, false)
}

// everlasting is a backend that does not expire, so that the limits in the
// sealed record are all there is.
type everlasting struct{ *kv.Memory }

func (e everlasting) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (bool, error) {
	return e.Memory.PutIfAbsent(ctx, key, value, expires.AddDate(10, 0, 0))
}

func (e everlasting) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	return e.Memory.Put(ctx, key, value, expires.AddDate(10, 0, 0))
}

func (e everlasting) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	return e.Memory.CompareAndSwap(ctx, key, old, value, expires.AddDate(10, 0, 0))
}

func TestLoadSealedAbsoluteLimit(t *testing.T) {
	f := newFixture(t)
	m := newManager(t, everlasting{f.store}, f.clock.Now)
	_, cookie := signIn(t, m)
	for range int(limit/(10*time.Minute)) - 1 {
		f.clock.Advance(10 * time.Minute)
		wantSession(t, m, cookie, true)
	}
	f.clock.Advance(10 * time.Minute)
	wantSession(t, m, cookie, false)
}

func TestLoadSealedLimits(t *testing.T) {
	f := newFixture(t)
	m := newManager(t, everlasting{f.store}, f.clock.Now)
	s, cookie := signIn(t, m)
	if _, err := m.Values(s).Set(t.Context(), "pair", []byte("x"), time.Minute); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(time.Minute)
	if _, _, err := m.Values(s).Get(t.Context(), "pair"); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("a value after its expiry: %v", err)
	}
	f.clock.Advance(idle)
	wantSession(t, m, cookie, false)
	f.clock.Advance(limit)
	wantSession(t, m, cookie, false)
}

func TestLoadClockGoesBack(t *testing.T) {
	f := newFixture(t)
	m := newManager(t, everlasting{f.store}, f.clock.Now)
	f.clock.Advance(5 * time.Hour)
	_, cookie := signIn(t, m)
	f.clock.Advance(-time.Minute)
	wantSession(t, m, cookie, true)

	f.clock.Advance(-time.Hour) // made an hour from now: nobody can judge its age
	wantSession(t, m, cookie, false)
	f.clock.Advance(time.Hour)
	wantSession(t, m, cookie, true)

	f.clock.Advance(20 * time.Minute)
	wantSession(t, m, cookie, true)
	f.clock.Advance(-15 * time.Minute) // the idle time counts from the clock's new time
	wantSession(t, m, cookie, true)
	f.clock.Advance(idle)
	wantSession(t, m, cookie, false)
}
