package attempts_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydeck/internal/attempts"
	"keydeck/internal/session/sessiontest"
)

// fixture is a Guard with a clock of its own, which waiting sets on.
type fixture struct {
	*attempts.Guard
	t      *testing.T
	clock  *sessiontest.Clock
	store  *sessiontest.Memory
	waited time.Duration
}

func newFixture(t *testing.T) *fixture {
	clock := sessiontest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	f := &fixture{t: t, clock: clock, store: sessiontest.NewMemory(clock.Now)}
	f.Guard = attempts.New(f.store, clock.Now, func(ctx context.Context, d time.Duration) error {
		f.waited += d
		return ctx.Err()
	})
	return f
}

// fail tries and fails, or gives the time to wait.
func (f *fixture) fail(account, address string) time.Duration {
	f.t.Helper()
	try, err := f.Begin(f.t.Context(), account, address)
	if early, ok := errors.AsType[*attempts.WaitError](err); ok {
		return early.Wait
	}
	if err != nil {
		f.t.Fatal(err)
	}
	if err := try.Failed(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	return 0
}

func TestWaitsGrow(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for i := range 6 {
		if wait := f.fail("a@keydeck.example", "203.0.113.9"); wait > 0 {
			t.Fatalf("attempt %d has to wait for %v", i+1, wait)
		}
	}
	var waits []string
	for range 12 {
		wait := f.fail("A@keydeck.example", "203.0.113.9")
		waits = append(waits, wait.String())
		f.clock.Advance(wait)
		if again := f.fail("a@keydeck.example", "203.0.113.9"); again > 0 {
			t.Fatalf("after waiting for %v, wait for %v", wait, again)
		}
	}
	if got, want := strings.Join(waits, " "), "2s 4s 8s 16s 32s 1m4s 2m8s 4m16s 8m32s 15m0s 15m0s 15m0s"; got != want {
		t.Errorf("the waits are %s, want %s", got, want)
	}
	f.clock.Advance(75*time.Minute + time.Second)
	for range 6 {
		if wait := f.fail("a@keydeck.example", "203.0.113.9"); wait > 0 {
			t.Fatal("not forgotten")
		}
	}
}

// Guessing from somewhere else delays the right person by two seconds at most,
// and never keeps them out.
func TestNobodyIsLockedOut(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for i := range 500 {
		f.fail("a@keydeck.example", fmt.Sprintf("203.0.113.%d", i%250))
	}
	f.waited = 0
	try, err := f.Begin(t.Context(), "a@keydeck.example", "198.51.100.1")
	if err != nil {
		t.Fatal(err)
	}
	if f.waited != 2*time.Second {
		t.Errorf("delayed by %v", f.waited)
	}
	if err := try.Succeeded(t.Context()); err != nil {
		t.Error(err)
	}
	f.waited = 0
	if _, err := f.Begin(t.Context(), "b@keydeck.example", "198.51.100.1"); err != nil || f.waited > 0 {
		t.Errorf("another account: %v, delayed by %v", err, f.waited)
	}
}

// One address that tries everybody is delayed, and so are its neighbours in an
// IPv6 network, but not kept out: an office has one address.
func TestManyAccountsFromOneAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for i := range 35 {
		f.fail(fmt.Sprintf("%d@keydeck.example", i), "2001:db8::1")
	}
	f.waited = 0
	if wait := f.fail("new@keydeck.example", "2001:db8::ffff"); wait > 0 || f.waited != 500*time.Millisecond {
		t.Errorf("wait for %v, delayed by %v", wait, f.waited)
	}
	f.waited = 0
	if wait := f.fail("new@keydeck.example", "2001:db8:0:1::1"); wait > 0 || f.waited > 0 {
		t.Errorf("the network beside: wait for %v, delayed by %v", wait, f.waited)
	}
}

func TestManyAtOnceAreNoWayAround(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var let atomic.Int64
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			if _, err := f.Begin(context.Background(), "a@keydeck.example", "203.0.113.9"); err == nil {
				let.Add(1)
			}
		})
	}
	all.Wait()
	if let.Load() != 6 {
		t.Errorf("%d of 200 were let through, want 6", let.Load())
	}
}

func TestWhatDoesNotCount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for range 50 {
		try, err := f.Begin(t.Context(), "a@keydeck.example", "203.0.113.9")
		if err != nil {
			t.Fatal(err)
		}
		try.Void(t.Context())
	}
	for range 5 {
		f.fail("a@keydeck.example", "203.0.113.9")
	}
	try, err := f.Begin(t.Context(), "a@keydeck.example", "203.0.113.9")
	if err != nil {
		t.Fatal(err)
	}
	if err := try.Succeeded(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		if wait := f.fail("a@keydeck.example", "203.0.113.9"); wait > 0 {
			t.Errorf("after a success, attempt %d has to wait for %v", i+1, wait)
		}
	}
}

func TestTrouble(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.store.Fail(errors.New("gone"))
	if _, err := f.Begin(t.Context(), "a@keydeck.example", "203.0.113.9"); err == nil {
		t.Error("begun without a store")
	}
	f.store.Fail(nil)
	for i := range 20 {
		f.fail("a@keydeck.example", fmt.Sprintf("203.0.113.%d", i))
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Begin(gone, "a@keydeck.example", "203.0.113.99"); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever has gone: %v", err)
	}
}

func TestTheStoreNamesNobody(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fail("a@keydeck.example", "203.0.113.9")
	for _, key := range f.store.Keys() {
		value, err := f.store.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if text := key + string(value); strings.Contains(text, "keydeck.example") || strings.Contains(text, "203.0.113") {
			t.Errorf("%s", text)
		}
	}
}
