// Package attempts slows the guessing of passwords down. Failed sign-ins are
// counted per account and address together: after a few, each next one has to
// wait, longer every time. Over all addresses of an account, and over all
// accounts of an address, there is only a short delay, so that nobody can lock
// another person out. Counts lie in the session store, so that several consoles
// share them. It knows nothing of how people sign in, or of pages.
package attempts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"keydeck/internal/session"
)

// The limits. Whoever mistypes gets some tries; whoever guesses gets fewer than
// a hundred a day for an account, from an address.
const (
	freeOfPair    = 5 // failures without a wait
	longestWait   = 15 * time.Minute
	freeOfAccount = 10 // over all addresses, without a delay
	freeOfAddress = 30 // over all accounts
	delayStep     = 100 * time.Millisecond
	longestDelay  = 2 * time.Second
	// forgotten is how long after the last failure all is forgotten.
	forgotten = time.Hour
)

// WaitError is an attempt that comes too early. Nobody was asked.
type WaitError struct{ Wait time.Duration }

func (e *WaitError) Error() string {
	return fmt.Sprintf("too many failed attempts: wait for %v", e.Wait.Round(time.Second))
}

// Guard counts. It is safe for concurrent use.
type Guard struct {
	store session.Backend
	now   func() time.Time
	wait  func(context.Context, time.Duration) error
}

// New makes a Guard. now is the clock, and wait waits, or ends early with the
// context's error.
func New(store session.Backend, now func() time.Time, wait func(context.Context, time.Duration) error) *Guard {
	return &Guard{store, now, wait}
}

// Try is an attempt under way. One of its methods is to be called at the end.
type Try struct {
	guard                  *Guard
	pair, account, address string // keys of the counts
}

// count is how often something has failed.
type count struct {
	Failed int
	Until  time.Time // before which there is no next one
}

// Begin asks to try an account from an address. The attempt counts as failed
// until it is known to be otherwise, so that many at once are no way around. It
// is a [*WaitError] when there is to be none yet; another error is the store's,
// or the context's during a delay.
func (g *Guard) Begin(ctx context.Context, account, address string) (*Try, error) {
	account, address = strings.ToLower(account), network(address)
	t := &Try{g, key("pair", account, address), key("account", account), key("address", address)}
	var early *WaitError
	err := g.change(ctx, t.pair, func(c *count) bool {
		now := g.now()
		if early = nil; now.Before(c.Until) {
			early = &WaitError{c.Until.Sub(now)}
			return false
		}
		c.Failed++
		c.Until = now.Add(waitAfter(c.Failed))
		return true
	})
	switch {
	case err != nil:
		return nil, err
	case early != nil:
		return nil, early
	}
	delay, err := g.delay(ctx, t)
	if err == nil && delay > 0 {
		err = g.wait(ctx, delay)
	}
	if err != nil {
		t.Void(context.WithoutCancel(ctx))
		return nil, err
	}
	return t, nil
}

// waitAfter is the time until the next attempt: it doubles.
func waitAfter(failed int) time.Duration {
	if failed <= freeOfPair {
		return 0
	}
	return min(time.Second<<min(failed-freeOfPair, 20), longestWait)
}

// delay is what an attempt is held up by what others have failed at.
func (g *Guard) delay(ctx context.Context, t *Try) (time.Duration, error) {
	account, _, err := g.read(ctx, t.account)
	if err != nil {
		return 0, err
	}
	address, _, err := g.read(ctx, t.address)
	over := max(account.Failed-freeOfAccount, address.Failed-freeOfAddress, 0)
	return min(time.Duration(over)*delayStep, longestDelay), err
}

// Failed says that the account or its password was wrong.
func (t *Try) Failed(ctx context.Context) error {
	more := func(c *count) bool { c.Failed++; return true }
	return errors.Join(t.guard.change(ctx, t.account, more), t.guard.change(ctx, t.address, more))
}

// Succeeded has the count of this account and address begin anew.
func (t *Try) Succeeded(ctx context.Context) error { return t.guard.store.Delete(ctx, t.pair) }

// Void has the attempt not count, since nobody could say whether it was right.
// Should the store fail it does count, which is the lesser harm.
func (t *Try) Void(ctx context.Context) {
	_ = t.guard.change(ctx, t.pair, func(c *count) bool {
		c.Failed, c.Until = max(0, c.Failed-1), time.Time{}
		return true
	})
}

// change changes a count, atomically, unless f reports that there is nothing to
// do.
func (g *Guard) change(ctx context.Context, key string, f func(*count) bool) error {
	for {
		c, stored, err := g.read(ctx, key)
		if err != nil || !f(&c) {
			return err
		}
		fresh, err := json.Marshal(c)
		if err != nil {
			return err
		}
		expires := g.now().Add(forgotten + longestWait)
		var written bool
		if stored == nil {
			written, err = g.store.PutIfAbsent(ctx, key, fresh, expires)
		} else {
			written, err = g.store.CompareAndSwap(ctx, key, stored, fresh, expires)
		}
		if err != nil || written {
			return err
		}
	}
}

// read gives a count, and how it is stored; nil where it is not. What another
// version has written counts as nothing.
func (g *Guard) read(ctx context.Context, key string) (c count, stored []byte, err error) {
	stored, err = g.store.Get(ctx, key)
	if errors.Is(err, session.ErrNotFound) {
		return count{}, nil, nil
	}
	if err != nil {
		return count{}, nil, err
	}
	if json.Unmarshal(stored, &c) != nil {
		c = count{}
	}
	return c, stored, nil
}

// key hides what is counted: a stolen store says nothing of accounts.
func key(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte("keydeck 1 attempts\x00" + kind + "\x00" + strings.Join(parts, "\x00")))
	return "attempts/" + kind + "-" + hex.EncodeToString(sum[:16])
}

// network is the address, or of IPv6 the network that one customer has all of.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Is4() || a.Is4In6() {
		return address
	}
	prefix, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
