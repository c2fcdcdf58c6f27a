package e2e

import (
	"sync"
	"time"

	"keydeck/internal/app"
)

// clock is the console's and the sandbox's time, which goes on by itself and
// can be moved.
type clock struct {
	mu    sync.Mutex
	moved time.Duration
}

func newClock() *clock { return &clock{} }

func (c *clock) runs(cfg *app.Config) { cfg.Now = c.now }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.moved)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved += d
}
