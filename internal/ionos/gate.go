package ionos

import (
	"context"
	"sync"
)

// gate bounds how many requests are under way with one token, so that nobody
// by themselves uses up what a contract may ask of the APIs, or the connections
// of everybody. Who comes later waits, within their time.
type gate struct {
	most int

	mu    sync.Mutex
	lanes map[string]*lane // by token, as long as somebody is in it
}

type lane struct {
	places chan struct{}
	users  int // those within and those waiting
}

func newGate(most int) *gate { return &gate{most: most, lanes: map[string]*lane{}} }

// enter waits for a place, or for the end of the context, which is its error.
// Sign-ins have no token yet, and are not held.
func (g *gate) enter(ctx context.Context, token string) (leave func(), err error) {
	if token == "" {
		return func() {}, nil
	}
	l := g.lane(token)
	select {
	case l.places <- struct{}{}:
		return func() {
			<-l.places
			g.release(token, l)
		}, nil
	case <-ctx.Done():
		g.release(token, l)
		return nil, ctx.Err()
	}
}

func (g *gate) lane(token string) *lane {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.lanes[token]
	if l == nil {
		l = &lane{places: make(chan struct{}, g.most)}
		g.lanes[token] = l
	}
	l.users++
	return l
}

// release forgets a lane with its last user: tokens are not kept.
func (g *gate) release(token string, l *lane) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(g.lanes, token)
	}
}
