package loginlimit

import (
	"context"
	"sync"
	"time"
)

// maxQueued is how long an attempt waits for others from its address to end.
const maxQueued = 5 * time.Second

// gate bounds the attempts under way for each key, in this process.
type gate struct {
	limit int // under way at the same time
	queue int // waiting beside them

	mu   sync.Mutex
	keys map[string]*passage
}

// passage is a key with attempts under way or waiting.
type passage struct {
	slots   chan struct{}
	present int
}

func newGate(limit, queue int) *gate {
	return &gate{limit: limit, queue: queue, keys: map[string]*passage{}}
}

// enter waits for a slot. It returns false if there is none in time, or too many
// wait already. others is how many attempts the key had before.
func (g *gate) enter(ctx context.Context, key string) (leave func(), others int, ok bool) {
	g.mu.Lock()
	p := g.keys[key]
	if p == nil {
		p = &passage{slots: make(chan struct{}, g.limit)}
		g.keys[key] = p
	}
	if others = p.present; others >= g.limit+g.queue {
		g.mu.Unlock()
		return nil, others, false
	}
	p.present++
	g.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, maxQueued)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots; g.left(key, p) }, others, true
	case <-ctx.Done():
		g.left(key, p)
		return nil, others, false
	}
}

func (g *gate) left(key string, p *passage) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.present--; p.present == 0 {
		delete(g.keys, key)
	}
}
