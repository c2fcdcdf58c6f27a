package keys

import (
	"context"
	"sync"
	"time"

	"keydeck/internal/retry"
)

// Throttle keeps a number of calls, made for one purpose, within the rate limit
// of an API. The caller calls [Throttle.Wait] before each of them; the
// implementation of [Remote] reports the rate limit headers of the answers to
// the Throttle that it finds in the context. It is safe for concurrent use.
type Throttle struct {
	now func() time.Time

	mu    sync.Mutex
	until time.Time // no call before this
}

// NewThrottle returns a Throttle that lets calls pass. now is time.Now if nil.
func NewThrottle(now func() time.Time) *Throttle {
	if now == nil {
		now = time.Now
	}
	return &Throttle{now: now}
}

const (
	// reserve is how many of an API's calls are left to other purposes.
	reserve = 10
	// reservePause is the pause before the next call once no more than the
	// reserve is left.
	reservePause = time.Second
)

// Observe takes the number of calls that are left, as an answer reports it.
func (t *Throttle) Observe(callsLeft int) {
	if callsLeft <= reserve {
		t.Backoff(reservePause)
	}
}

// Backoff lets no call pass for a duration. A longer one that is under way
// stays.
func (t *Throttle) Backoff(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if until := t.now().Add(d); until.After(t.until) {
		t.until = until
	}
}

// Remaining returns how long no call may pass yet; zero when one may.
func (t *Throttle) Remaining() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return max(t.until.Sub(t.now()), 0)
}

// Wait waits until a call may pass, or until ctx ends, and then returns ctx's
// error.
func (t *Throttle) Wait(ctx context.Context) error {
	for {
		remaining := t.Remaining()
		if remaining == 0 {
			return ctx.Err()
		}
		if err := retry.Sleep(ctx, remaining); err != nil {
			return err
		}
	}
}

type throttleKey struct{}

// WithThrottle returns a context whose calls report to t.
func WithThrottle(ctx context.Context, t *Throttle) context.Context {
	return context.WithValue(ctx, throttleKey{}, t)
}

// ThrottleFrom returns the Throttle of a context, or nil.
func ThrottleFrom(ctx context.Context) *Throttle {
	t, _ := ctx.Value(throttleKey{}).(*Throttle)
	return t
}
