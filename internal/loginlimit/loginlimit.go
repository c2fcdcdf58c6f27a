// Package loginlimit bounds the guessing of passwords. It counts failed sign-ins
// per account and address together: after a few, each further one has to wait,
// longer every time. Over all addresses, an account with failures takes one attempt
// in an interval that grows with them. Addresses from which the account has signed in
// are exempt from that, so that a stranger cannot lock its user out. An address is
// delayed for failures over all accounts. Attempts under way are bounded for each
// account, each address and in all, and are no failures. The counts are in the
// session store, so that several consoles share them; each console counts the
// attempts under way by itself. The package knows no pages.
package loginlimit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"keydeck/internal/kv"
)

// The limits allow for some mistyped passwords, and for fewer than a hundred
// guesses a day for an account from one address, 720 an hour from all.
const (
	freePerPair    = 5 // failures without a wait
	maxWait        = 15 * time.Minute
	freePerAccount = 10 // failures over all addresses without an interval
	intervalStep   = 100 * time.Millisecond
	maxInterval    = 5 * time.Second
	freePerAddress = 30 // failures over all accounts without a delay
	delayStep      = 100 * time.Millisecond
	maxDelay       = 2 * time.Second
	countTTL       = time.Hour // after the last failure and its wait
	userTTL        = 30 * 24 * time.Hour
)

// The bounds of attempts under way. That of an account over all addresses is for
// the addresses that are not known to be its user's.
const (
	maxPerPair    = 10
	maxPerAccount = 20
	maxPerAddress = 20
	maxInAll      = 200
	queuePerPlace = 100 // attempts that wait beside those of an address
	queueInAll    = 400
)

// WaitError is the error of an attempt that comes too early. The APIs are not
// called.
type WaitError struct {
	Wait time.Duration
	Busy bool // there are too many attempts at the same time; none has failed
}

func (e *WaitError) Error() string {
	if e.Busy {
		return "too many attempts at the same time"
	}
	return fmt.Sprintf("too many failed attempts: wait for %v", e.Wait.Round(time.Second))
}

// busyWait is when to try again after too many attempts at the same time.
const busyWait = 2 * time.Second

// Sign is a sign that passwords are being guessed.
type Sign string

// The signs.
const (
	OneAddress Sign = "address" // many failures of one address
	OneAccount Sign = "account" // many failures of one account
)

// Config is what [New] needs.
type Config struct {
	Store kv.Store
	Now   func() time.Time // time.Now if nil
	// Wait waits, or returns early with the context's error.
	Wait func(context.Context, time.Duration) error
	// Key hides accounts and addresses in the store. Consoles that share a store
	// share their counts if they have the same key; nil means a random one.
	Key []byte
	// Guessing is called when the failures of an address or account pass the number
	// that has no delay, and whenever they have doubled since. It may be nil.
	Guessing func(sign Sign, address string, failures int)
}

// Limiter counts failed sign-ins. It is safe for concurrent use.
type Limiter struct {
	store    kv.Store
	now      func() time.Time
	wait     func(context.Context, time.Duration) error
	secret   []byte
	guessing func(Sign, string, int)

	pairs, accounts, addresses, all *gate
}

// New returns a Limiter.
func New(cfg Config) *Limiter {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if len(cfg.Key) == 0 {
		cfg.Key = []byte(rand.Text())
	}
	if cfg.Guessing == nil {
		cfg.Guessing = func(Sign, string, int) {}
	}
	return &Limiter{
		store: cfg.Store, now: cfg.Now, wait: cfg.Wait, secret: cfg.Key, guessing: cfg.Guessing,
		pairs: newGate(maxPerPair, 0), accounts: newGate(maxPerAccount, 0),
		addresses: newGate(maxPerAddress, queuePerPlace), all: newGate(maxInAll, queueInAll),
	}
}

// Attempt is a sign-in in progress. The caller ends it with one of its methods.
type Attempt struct {
	limiter                             *Limiter
	pair, known, account, address, user string // keys of records
	from                                string
	leave                               func()
}

// Begin begins an attempt with an account from an address. It returns a [*WaitError]
// if the attempt comes too early or beside too many others, or an error of the
// store, or of the context during a delay.
func (l *Limiter) Begin(ctx context.Context, account, address string) (*Attempt, error) {
	a := l.attempt(account, address)
	exempt, err := l.has(ctx, a.known)
	if err != nil {
		return nil, err
	}
	return a, l.begin(ctx, a, exempt)
}

// BeginToken is Begin for a token, which cannot be guessed. Attempts from other
// addresses do not count, so this way in is open to a user whose account is attacked.
func (l *Limiter) BeginToken(ctx context.Context, account, address string) (*Attempt, error) {
	a := l.attempt(account, address)
	return a, l.begin(ctx, a, true)
}

func (l *Limiter) attempt(account, address string) *Attempt {
	account, place := strings.ToLower(account), network(address)
	return &Attempt{
		limiter: l, pair: l.key("pair", account, place), known: l.key("known", account, place),
		account: l.key("account", account), address: l.key("address", place), user: l.key("user", account), from: address,
	}
}

// begin begins an attempt, which may be exempt from the bounds of its account over
// all addresses.
func (l *Limiter) begin(ctx context.Context, a *Attempt, exempt bool) (err error) {
	others, err := a.enter(ctx, exempt)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			a.leave()
		}
	}()
	c, _, err := l.read(ctx, a.pair)
	if err != nil {
		return err
	}
	switch wait := c.Until.Sub(l.now()); {
	case wait > 0:
		return &WaitError{Wait: wait}
	case c.Failed >= freePerPair && others > 0: // one after the other
		return &WaitError{Wait: busyWait, Busy: true}
	}
	delay, err := l.delay(ctx, a)
	if err != nil {
		return err
	}
	if !exempt {
		wait, err := l.reserve(ctx, a.account)
		if err != nil {
			return err
		}
		delay = max(delay, wait)
	}
	if delay > 0 {
		return l.wait(ctx, delay)
	}
	return nil
}

// enter takes a slot of the pair, the address, the account and all attempts. It
// returns how many other attempts of the pair are under way.
func (a *Attempt) enter(ctx context.Context, exempt bool) (others int, err error) {
	var left []func()
	a.leave = sync.OnceFunc(func() {
		for _, leave := range left {
			leave()
		}
	})
	l := a.limiter
	for _, g := range []struct {
		gate *gate
		key  string
	}{{l.pairs, a.pair}, {l.addresses, a.address}, {l.accounts, a.account}, {l.all, ""}} {
		if exempt && g.gate == l.accounts {
			continue
		}
		leave, present, ok := g.gate.enter(ctx, g.key)
		if !ok {
			a.leave()
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			return 0, &WaitError{Wait: busyWait, Busy: true}
		}
		left = append(left, leave)
		if g.gate == l.pairs {
			others = present
		}
	}
	return others, nil
}

// waitAfter returns the time until the next attempt, which doubles with every
// failure.
func waitAfter(failed int) time.Duration {
	if failed <= freePerPair {
		return 0
	}
	return min(time.Second<<min(failed-freePerPair, 20), maxWait)
}

// delay returns the delay of an attempt because of failures from the same address.
func (l *Limiter) delay(ctx context.Context, a *Attempt) (time.Duration, error) {
	address, _, err := l.read(ctx, a.address)
	return min(time.Duration(max(address.Failed-freePerAddress, 0))*delayStep, maxDelay), err
}

// Failures is what is known of an account after a failed attempt.
type Failures struct {
	User  string // the user who signed in with the account before; "" for none
	Count int    // within an hour, from all addresses
}

// Notable reports whether the activity of the account shows it: of the first
// failure, and whenever their number has doubled.
func (f Failures) Notable() bool { return f.Count > 0 && f.Count&(f.Count-1) == 0 }

// Failed ends an attempt whose account or password was wrong.
func (a *Attempt) Failed(ctx context.Context) (Failures, error) {
	defer a.leave()
	l := a.limiter
	_, pairErr := l.increment(ctx, a.pair, true)
	account, accountErr := l.increment(ctx, a.account, false)
	address, addressErr := l.increment(ctx, a.address, false)
	if doubled(account, freePerAccount) {
		l.guessing(OneAccount, a.from, account)
	}
	if doubled(address, freePerAddress) {
		l.guessing(OneAddress, a.from, address)
	}
	user, err := l.store.Get(ctx, a.user)
	if errors.Is(err, kv.ErrNotFound) {
		err = nil
	}
	return Failures{string(user), account}, errors.Join(pairErr, accountErr, addressErr, err)
}

// doubled reports whether n is above, twice, four times … the number by one.
func doubled(n, free int) bool {
	for n > free+1 && n%2 == 0 {
		n /= 2
	}
	return n == free+1
}

// Succeeded ends an attempt of a user, resets the count of its account and address,
// and makes the address known as the account's for 30 days.
func (a *Attempt) Succeeded(ctx context.Context, user string) error {
	defer a.leave()
	l := a.limiter
	expires := l.now().Add(userTTL)
	return errors.Join(l.store.Delete(ctx, a.pair), l.store.Put(ctx, a.user, []byte(user), expires), l.store.Put(ctx, a.known, []byte(user), expires))
}

// Void ends an attempt with an unknown outcome, which does not count.
func (a *Attempt) Void() { a.leave() }
