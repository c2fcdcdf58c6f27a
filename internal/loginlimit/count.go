package loginlimit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"time"

	"keydeck/internal/kv"
)

// count is a number of failures.
type count struct {
	Failed int
	Until  time.Time // the earliest time of the next attempt
}

// increment adds a failure to a count and returns the new number. With waits, the
// next attempt has to wait.
func (l *Limiter) increment(ctx context.Context, key string, waits bool) (failed int, err error) {
	err = l.update(ctx, key, func(c *count) error {
		c.Failed++
		if waits {
			c.Until = l.now().Add(waitAfter(c.Failed))
		}
		failed = c.Failed
		return nil
	})
	return failed, err
}

// reserve takes an account's next turn, of which there is one in an interval. It
// returns the time until then, or a [*WaitError] if another attempt has that turn.
func (l *Limiter) reserve(ctx context.Context, key string) (wait time.Duration, err error) {
	c, _, err := l.read(ctx, key)
	if err != nil || c.Failed <= freePerAccount {
		return 0, err
	}
	err = l.update(ctx, key, func(c *count) error {
		now, interval := l.now(), min(time.Duration(c.Failed-freePerAccount)*intervalStep, maxInterval)
		wait = max(c.Until.Sub(now), 0)
		if wait > interval {
			return &WaitError{Wait: wait, Busy: true}
		}
		c.Until = now.Add(wait + interval)
		return nil
	})
	return wait, err
}

// update changes a count atomically, unless change returns an error.
func (l *Limiter) update(ctx context.Context, key string, change func(*count) error) error {
	for {
		c, stored, err := l.read(ctx, key)
		if err != nil {
			return err
		}
		if err := change(&c); err != nil {
			return err
		}
		updated, err := json.Marshal(c)
		if err != nil {
			return err
		}
		var written bool
		if expires := l.now().Add(countTTL + maxWait); stored == nil {
			written, err = l.store.PutIfAbsent(ctx, key, updated, expires)
		} else {
			written, err = l.store.CompareAndSwap(ctx, key, stored, updated, expires)
		}
		if err != nil || written {
			return err
		}
	}
}

// has reports whether there is a record.
func (l *Limiter) has(ctx context.Context, key string) (bool, error) {
	_, err := l.store.Get(ctx, key)
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// read returns a count and its stored form, which is nil if there is none. A
// value that cannot be decoded counts as zero.
func (l *Limiter) read(ctx context.Context, key string) (c count, stored []byte, err error) {
	stored, err = l.store.Get(ctx, key)
	if errors.Is(err, kv.ErrNotFound) {
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

// key returns the key of a record. It is a keyed hash: without the key, which is
// not in the store, a list of addresses does not tell which of them are in it.
func (l *Limiter) key(kind string, parts ...string) string {
	h := hmac.New(sha256.New, l.secret)
	_, _ = h.Write([]byte(kind + "\x00" + strings.Join(parts, "\x00")))
	return "attempts/" + kind + "-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// network returns the address, or for IPv6 the /64 network, which one customer
// has.
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
