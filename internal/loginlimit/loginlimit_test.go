package loginlimit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
	"keydeck/internal/loginlimit"
)

// fixture is a Limiter with a clock of its own, which waiting sets on.
type fixture struct {
	*loginlimit.Limiter
	t      *testing.T
	clock  *kvtest.Clock
	store  *kv.Memory
	waited time.Duration
}

func newFixture(t *testing.T) *fixture {
	clock := kvtest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	f := &fixture{t: t, clock: clock, store: kv.NewMemory(clock.Now)}
	f.Limiter = loginlimit.New(loginlimit.Config{Store: f.store, Now: clock.Now, Wait: func(ctx context.Context, d time.Duration) error {
		f.waited += d
		clock.Advance(d)
		return ctx.Err()
	}})
	return f
}

// fail tries and fails, or gives the time to wait.
func (f *fixture) fail(account, address string) time.Duration {
	f.t.Helper()
	try, err := f.Begin(f.t.Context(), account, address)
	if early, ok := errors.AsType[*loginlimit.WaitError](err); ok {
		return early.Wait
	}
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := try.Failed(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	return 0
}

func TestWaitAfter(t *testing.T) {
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

// attack fails n times to sign in with an account, each time from another address.
func (f *fixture) attack(account string, n int) {
	f.t.Helper()
	for i := range n {
		if wait := f.fail(account, fmt.Sprintf("203.0.%d.%d", i/250, i%250)); wait > 0 {
			f.t.Fatalf("attempt %d has to wait for %v", i+1, wait)
		}
	}
}

const account, home = "a@keydeck.example", "198.51.100.1"

// signIn succeeds, and returns how long it was delayed.
func (f *fixture) signIn(begin func(context.Context, string, string) (*loginlimit.Attempt, error), account, address string) time.Duration {
	f.t.Helper()
	f.waited = 0
	attempt, err := begin(f.t.Context(), account, address)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := attempt.Succeeded(f.t.Context(), "user"); err != nil {
		f.t.Fatal(err)
	}
	return f.waited
}

// TestBeginOtherAddress: guessing from elsewhere takes longer with each failure, and
// keeps no user out: neither from a known address, nor with a token, nor, with a
// short wait, from a new address.
func TestBeginOtherAddress(t *testing.T) {
	t.Parallel()
	for name, c := range otherAddressCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.run(newFixture(t)); got != c.want {
				t.Errorf("delayed by %v, want %v", got, c.want)
			}
		})
	}
}

var otherAddressCases = map[string]struct {
	run  func(f *fixture) time.Duration
	want time.Duration
}{
	"few failures": {func(f *fixture) time.Duration {
		f.attack(account, 10)
		return f.waited
	}, 0},
	"interval grows": {func(f *fixture) time.Duration {
		f.attack(account, 15)
		return f.waited
	}, 100*time.Millisecond + 200*time.Millisecond + 300*time.Millisecond},
	"interval is bounded": {func(f *fixture) time.Duration {
		f.attack(account, 200)
		f.waited = 0
		f.attack(account, 10)
		return f.waited
	}, 50 * time.Second},
	"new address": {func(f *fixture) time.Duration {
		f.attack(account, 500)
		return f.signIn(f.Begin, account, home)
	}, 5 * time.Second},
	"new address, after the attack": {func(f *fixture) time.Duration {
		f.attack(account, 500)
		f.clock.Advance(5 * time.Second)
		return f.signIn(f.Begin, account, home)
	}, 0},
	"known address": {func(f *fixture) time.Duration {
		f.signIn(f.Begin, account, home)
		f.attack(account, 500)
		return f.signIn(f.Begin, account, home)
	}, 0},
	"address that was known a month ago": {func(f *fixture) time.Duration {
		f.signIn(f.Begin, account, home)
		f.clock.Advance(31 * 24 * time.Hour)
		f.attack(account, 500)
		return f.signIn(f.Begin, account, home)
	}, 5 * time.Second},
	"token": {func(f *fixture) time.Duration {
		f.attack(account, 500)
		return f.signIn(f.BeginToken, account, home)
	}, 0},
	"another account": {func(f *fixture) time.Duration {
		f.attack(account, 500)
		return f.signIn(f.Begin, "b@keydeck.example", home)
	}, 0},
}

// TestBeginTurnTaken: one attempt waits for the next turn of an attacked account.
// Others are refused at once, and a refusal moves no turn.
func TestBeginTurnTaken(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.attack("a@keydeck.example", 60)
	now := f.clock.Now()
	if _, err := f.Begin(t.Context(), "a@keydeck.example", "198.51.100.1"); err != nil { // the next turn
		t.Fatal(err)
	}
	f.clock.Advance(now.Sub(f.clock.Now())) // while it waits
	for range 100 {
		_, err := f.Begin(t.Context(), "a@keydeck.example", "198.51.100.2")
		early, ok := errors.AsType[*loginlimit.WaitError](err)
		if !ok || !early.Busy || early.Wait > 10*time.Second {
			t.Fatalf("got %v", err)
		}
	}
	f.clock.Advance(5 * time.Second)
	if _, err := f.Begin(t.Context(), "a@keydeck.example", "198.51.100.2"); err != nil {
		t.Error(err)
	}
}

// TestBeginAccountUnderWay: attempts under way with an account are bounded over all
// addresses, but for those that are its user's.
func TestBeginAccountUnderWay(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	attempt, err := f.Begin(t.Context(), "a@keydeck.example", "198.51.100.1")
	if err != nil {
		t.Fatal(err)
	}
	if err := attempt.Succeeded(t.Context(), "user"); err != nil {
		t.Fatal(err)
	}
	let := 0
	for i := range 100 {
		if _, err := f.Begin(t.Context(), "a@keydeck.example", fmt.Sprintf("203.0.113.%d", i)); err == nil {
			let++
		}
	}
	if let != 20 {
		t.Errorf("%d of 100 were let through, want 20", let)
	}
	if _, err := f.Begin(t.Context(), "a@keydeck.example", "198.51.100.1"); err != nil {
		t.Errorf("known address: %v", err)
	}
	if _, err := f.BeginToken(t.Context(), "a@keydeck.example", "198.51.100.2"); err != nil {
		t.Errorf("token: %v", err)
	}
}

// One address that tries everybody is delayed, and so are its neighbours in an
// IPv6 network, but not kept out: an office has one address.
func TestBeginOneAddress(t *testing.T) {
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

func TestBeginConcurrent(t *testing.T) {
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
	if let.Load() != 10 {
		t.Errorf("%d of 200 were let through, want 10", let.Load())
	}
}

func TestVoid(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for range 50 {
		try, err := f.Begin(t.Context(), "a@keydeck.example", "203.0.113.9")
		if err != nil {
			t.Fatal(err)
		}
		try.Void()
	}
	for range 5 {
		f.fail("a@keydeck.example", "203.0.113.9")
	}
	try, err := f.Begin(t.Context(), "a@keydeck.example", "203.0.113.9")
	if err != nil {
		t.Fatal(err)
	}
	if err := try.Succeeded(t.Context(), "user"); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		if wait := f.fail("a@keydeck.example", "203.0.113.9"); wait > 0 {
			t.Errorf("after a success, attempt %d has to wait for %v", i+1, wait)
		}
	}
}

func TestBeginStoreError(t *testing.T) {
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
		t.Errorf("canceled context: %v", err)
	}
}

func TestKeyHoldsNoName(t *testing.T) {
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

// TestKeySecret: the names of records depend on a key that is not in the store, so
// that they cannot be found by hashing a list of accounts. Consoles with the same key
// share their counts.
func TestKeySecret(t *testing.T) {
	t.Parallel()
	clock := kvtest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	store := kv.NewMemory(clock.Now)
	fail := func(key string) {
		t.Helper()
		l := loginlimit.New(loginlimit.Config{Store: store, Now: clock.Now, Key: []byte(key)})
		attempt, err := l.Begin(t.Context(), "a@keydeck.example", "203.0.113.9")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := attempt.Failed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	fail("one")
	first := len(store.Keys())
	fail("one")
	if n := len(store.Keys()); n != first {
		t.Errorf("%d records with the same key, want %d", n, first)
	}
	fail("another")
	if n := len(store.Keys()); n != 2*first {
		t.Errorf("%d records with another key, want %d", n, 2*first)
	}
}
