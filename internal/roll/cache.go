package roll

import (
	"context"
	"sync"
	"time"

	"keydeck/internal/keys"
)

// Config bounds what is kept. The zero Config is what is used.
type Config struct {
	Life  time.Duration    // how old a roll may be; zero is two minutes
	Most  int              // users of one roll; zero is 20,000
	Rolls int              // kept at the same time; zero is four
	Now   func() time.Time // nil is time.Now
}

// Cache keeps the rolls of the sessions that have asked for one of late. Its
// size is bounded: the one that was not used for longest goes first.
type Cache struct {
	cfg Config

	mu    sync.Mutex
	rolls map[string]*Roll
}

// NewCache makes an empty cache.
func NewCache(cfg Config) *Cache {
	if cfg.Life <= 0 {
		cfg.Life = 2 * time.Minute
	}
	if cfg.Most <= 0 {
		cfg.Most = 20_000
	}
	if cfg.Rolls <= 0 {
		cfg.Rolls = 4
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Cache{cfg: cfg, rolls: map[string]*Roll{}}
}

// Of gives a session's roll, and begins to read it if there is none that is
// young enough. remote speaks for the session; reading goes on when the
// context ends, since the next request wants it too.
func (c *Cache) Of(ctx context.Context, sessionID string, remote keys.Directory) *Roll {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
	now := c.cfg.Now()
	if r, found := c.rolls[sessionID]; found {
		r.used = now
		return r
	}
	c.makeRoom()
	r := &Roll{
		now: c.cfg.Now, most: c.cfg.Most, remote: remote, read: now, used: now,
		pages: map[int][]keys.User{}, changed: make(chan struct{}),
	}
	c.rolls[sessionID] = r
	go r.fill(context.WithoutCancel(ctx))
	return r
}

// Known gives a session's roll if there is a young one, or nil. It reads
// nothing.
func (c *Cache) Known(sessionID string) *Roll {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
	return c.rolls[sessionID]
}

// Forget drops a session's roll.
func (c *Cache) Forget(sessionID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rolls, sessionID)
}

// drop removes rolls that are too old, and those that could not be read: the
// next who asks tries again.
func (c *Cache) drop() {
	for id, r := range c.rolls {
		r.mu.Lock()
		stale := c.cfg.Now().Sub(r.read) >= c.cfg.Life || r.done && r.err != nil
		r.mu.Unlock()
		if stale {
			delete(c.rolls, id)
		}
	}
}

func (c *Cache) makeRoom() {
	for len(c.rolls) >= c.cfg.Rolls {
		oldest := ""
		for id, r := range c.rolls {
			if oldest == "" || r.used.Before(c.rolls[oldest].used) {
				oldest = id
			}
		}
		delete(c.rolls, oldest)
	}
}
