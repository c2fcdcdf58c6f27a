package ionos

import (
	"context"
	"sync"
)

// limiter bounds the requests in flight per token, so that one user exhausts
// neither the contract's rate limit nor the connections that all users share.
// Further requests wait until the end of their context.
type limiter struct {
	maxInFlight int

	mu    sync.Mutex
	slots map[string]*slots // by token, while requests use or await them
}

// slots are the places of one token.
type slots struct {
	taken chan struct{}
	users int // requests in flight and waiting
}

func newLimiter(maxInFlight int) *limiter {
	return &limiter{maxInFlight: maxInFlight, slots: map[string]*slots{}}
}

// acquire waits for a slot and returns the function that releases it, or the
// context's error. Requests without a token, which are sign-ins, are not
// limited.
func (l *limiter) acquire(ctx context.Context, token string) (release func(), err error) {
	if token == "" {
		return func() {}, nil
	}
	s := l.slotsOf(token)
	select {
	case s.taken <- struct{}{}:
		return func() {
			<-s.taken
			l.leave(token, s)
		}, nil
	case <-ctx.Done():
		l.leave(token, s)
		return nil, ctx.Err()
	}
}

func (l *limiter) slotsOf(token string) *slots {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.slots[token]
	if s == nil {
		s = &slots{taken: make(chan struct{}, l.maxInFlight)}
		l.slots[token] = s
	}
	s.users++
	return s
}

// leave drops the slots with their last user: tokens are not kept.
func (l *limiter) leave(token string, s *slots) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.users--; s.users == 0 {
		delete(l.slots, token)
	}
}
