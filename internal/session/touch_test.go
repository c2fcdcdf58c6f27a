package session_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/session"
)

// counted is a store that counts swaps, or fails them.
type counted struct {
	*kv.Memory
	swaps int
	err   error
}

func (c *counted) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	c.swaps++
	if c.err != nil {
		return false, c.err
	}
	return c.Memory.CompareAndSwap(ctx, key, old, value, expires)
}

func TestLoadTouch(t *testing.T) {
	f := newFixture(t)
	store := &counted{Memory: f.store}
	m := newManager(t, store, f.clock.Now)
	_, cookie := signIn(t, m)
	for range 601 { // ten minutes
		if _, err := load(t, m, cookie); err != nil {
			t.Fatal(err)
		}
		f.clock.Advance(time.Second)
	}
	if store.swaps != 10 {
		t.Errorf("written %d times in ten minutes", store.swaps)
	}
	s, err := load(t, m, cookie)
	if err != nil || f.clock.Now().Sub(s.LastUsed) > time.Minute {
		t.Errorf("last used %v, %v", s.LastUsed, err)
	}
}

func TestLoadTouchShortIdle(t *testing.T) {
	f := newFixture(t)
	m, err := session.New(session.Config{Store: f.store, Idle: 20 * time.Second, Max: limit, Now: f.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, cookie := signIn(t, m)
	for range 20 {
		f.clock.Advance(10 * time.Second)
		wantSession(t, m, cookie, true)
	}
	f.clock.Advance(20 * time.Second)
	wantSession(t, m, cookie, false)
}

func TestLoadTouchFails(t *testing.T) {
	f := newFixture(t)
	m := newManager(t, &counted{Memory: f.store, err: errors.New("disk full")}, f.clock.Now)
	_, cookie := signIn(t, m)
	f.clock.Advance(20 * time.Minute)
	wantSession(t, m, cookie, true)
	f.clock.Advance(10 * time.Minute)
	wantSession(t, m, cookie, false)
}

// endsAt is a store in which a session is ended between a read and the swap.
type endsAt struct {
	*kv.Memory
	end func()
}

func (e *endsAt) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	e.end()
	return e.Memory.CompareAndSwap(ctx, key, old, value, expires)
}

func TestLoadTouchEnded(t *testing.T) {
	f := newFixture(t)
	_, cookie := signIn(t, f.Manager)
	m := newManager(t, &endsAt{f.store, func() {
		if err := f.End(httptest.NewRecorder(), request(t, cookie)); err != nil {
			t.Error(err)
		}
	}}, f.clock.Now)
	f.clock.Advance(2 * time.Minute)
	if _, err := load(t, m, cookie); err != nil {
		t.Fatal(err) // it existed when it was read
	}
	if keys := f.store.Keys(); len(keys) != 0 {
		t.Errorf("in the store again: %v", keys)
	}
	wantSession(t, f.Manager, cookie, false)
}

// The record of a session expires when the session does.
func TestStartRecordExpiry(t *testing.T) {
	f := newFixture(t)
	b := openBolt(t, filepath.Join(t.TempDir(), "s.db"), f.clock.Now)
	m := newManager(t, b, f.clock.Now)
	wantSwept := func(want int) {
		t.Helper()
		if removed, err := b.Sweep(t.Context()); removed != want || err != nil {
			t.Errorf("swept %d, %v; want %d", removed, err, want)
		}
	}
	_, cookie := signIn(t, m)
	f.clock.Advance(idle - time.Second)
	wantSwept(0)
	wantSession(t, m, cookie, true)
	f.clock.Advance(idle - time.Second)
	wantSwept(0)
	f.clock.Advance(time.Second)
	wantSwept(2) // its record and its entry in the index

	s := person()
	s.Expires = f.clock.Now().Add(time.Minute)
	if err := m.Start(httptest.NewRecorder(), request(t), s); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(time.Minute)
	wantSwept(2)
}
