package keys

import (
	"context"
	"sync"
	"time"
)

// Pace keeps many calls, made for one thing, within what an API takes. Whoever
// makes them asks it before each; the implementation of [Remote] tells it what
// the API's answers say of its limits, if it finds it in the context.
type Pace struct {
	now  func() time.Time
	wait func(context.Context, time.Duration) error

	mu    sync.Mutex
	until time.Time // no call before this
}

// NewPace makes a pace. now is time.Now if nil.
func NewPace(now func() time.Time) *Pace {
	if now == nil {
		now = time.Now
	}
	return &Pace{now: now, wait: func(ctx context.Context, d time.Duration) error {
		if !pause(ctx, d) {
			return ctx.Err()
		}
		return nil
	}}
}

const (
	// spare is how many of an API's calls are left to others.
	spare = 10
	// ease is how long is waited when there are no more than those.
	ease = time.Second
)

// Told takes what an answer says: how many calls are left.
func (p *Pace) Told(remaining int) {
	if remaining <= spare {
		p.Hold(ease)
	}
}

// Hold lets no call pass for a while.
func (p *Pace) Hold(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(d); until.After(p.until) {
		p.until = until
	}
}

// Held is how long no call may pass yet.
func (p *Pace) Held() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(p.until.Sub(p.now()), 0)
}

// Wait waits until a call may pass, or for the context to end, which is its
// error.
func (p *Pace) Wait(ctx context.Context) error {
	for {
		held := p.Held()
		if held == 0 {
			return ctx.Err()
		}
		if err := p.wait(ctx, held); err != nil {
			return err
		}
	}
}

type paceKey struct{}

// WithPace has the calls made under a context tell their pace.
func WithPace(ctx context.Context, p *Pace) context.Context {
	return context.WithValue(ctx, paceKey{}, p)
}

// PaceOf finds the pace of a context, or nil.
func PaceOf(ctx context.Context) *Pace {
	p, _ := ctx.Value(paceKey{}).(*Pace)
	return p
}
