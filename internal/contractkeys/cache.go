package contractkeys

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// Config bounds what a [Cache] keeps and how long. A zero field stands for the
// default, except that Users is needed.
type Config struct {
	Users *directory.Cache

	TTL          time.Duration // how long a reading is shown: 5 minutes
	MaxContracts int           // contracts: 16
	MaxTotal     int           // users and keys of all contracts together: 120,000
	MaxRunning   int           // contracts that are being read at the same time: 4

	Now func() time.Time // time.Now if nil
}

const (
	// maxCalls is how many users' keys are asked for at the same time.
	maxCalls = 8
	// maxPause is the longest wait that a reading sits out. With a longer one it
	// ends, and the next one who asks after it goes on.
	maxPause = 30 * time.Second
	// defaultBackoff is the wait where a throttling API names none.
	defaultBackoff = 2 * time.Second
	// unusedTimeout ends a reading that has not been asked for in that time.
	unusedTimeout = 10 * time.Second
	// failureTTL is how long what has failed is not tried again.
	failureTTL = 10 * time.Second
	// maxFailures is how many users in a row may fail before the reading stops: it
	// is not about them then.
	maxFailures = 16
	// settleTime is how long the API may list a key as it was before a change.
	settleTime = 15 * time.Second
)

// Cache keeps the keys of contracts for a short while. There is at most one reading
// of a contract at a time, for all callers. It is safe for concurrent use.
type Cache struct {
	cfg   Config
	slots chan struct{} // of readings that run

	mu       sync.Mutex
	readings *simplelru.LRU[string, *reading] // by contract number
}

// NewCache returns an empty cache.
func NewCache(cfg Config) *Cache {
	if cfg.TTL <= 0 {
		cfg.TTL = 5 * time.Minute
	}
	if cfg.MaxContracts <= 0 {
		cfg.MaxContracts = 16
	}
	if cfg.MaxTotal <= 0 {
		cfg.MaxTotal = 120_000
	}
	if cfg.MaxRunning <= 0 {
		cfg.MaxRunning = 4
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	// The only error is a size that is not positive.
	readings, _ := simplelru.NewLRU[string, *reading](cfg.MaxContracts, nil)
	return &Cache{cfg: cfg, slots: make(chan struct{}, cfg.MaxRunning), readings: readings}
}

// Recent returns the keys of the asker's contract as they were read at most
// [Config.TTL] ago and not before since, and begins or goes on to read them if there
// is no such reading. It waits at most patience for the end and then returns what
// there is.
//
// The error is that of a live call with the asker's own token: who may not list the
// users any more sees nothing of what others have read. Where the API throttles that
// call, the snapshot holds the progress and no keys.
func (c *Cache) Recent(ctx context.Context, asker Asker, since time.Time, patience time.Duration) (Snapshot, error) {
	if now := c.cfg.Now(); since.After(now) { // by the clock of another replica
		since = now
	}
	return directory.Checked(ctx, asker.Directory(), func() Snapshot { return c.await(ctx, asker, since, patience) }, Snapshot.progress)
}

// Peek is like [Cache.Recent], but reads nothing: it returns what there is.
func (c *Cache) Peek(ctx context.Context, asker Asker) (Snapshot, error) {
	return directory.Checked(ctx, asker.Directory(), func() Snapshot {
		c.mu.Lock()
		defer c.mu.Unlock()
		if r, found := c.readings.Peek(asker.Contract); found && r.kept() {
			return r.snapshot()
		}
		return Snapshot{Contract: asker.Contract, AsOf: c.cfg.Now()}
	}, Snapshot.progress)
}

// Held returns the users of whom a key is kept that a query matches, by their id. It
// makes no call: the caller has checked that the asker may list the users.
func (c *Cache) Held(contract string, q keys.Query) map[string]bool {
	c.mu.Lock()
	r, found := c.readings.Peek(contract)
	c.mu.Unlock()
	if !found || !r.kept() {
		return nil
	}
	owners := map[string]bool{}
	for _, e := range r.snapshot().Entries {
		if slices.ContainsFunc(e.Keys, func(k Key) bool { return q.Matches(k.AccessKey) }) {
			owners[e.User.ID] = true
		}
	}
	return owners
}

// Known returns the users whose keys have been read and not been changed here since, by
// their id. It makes no call: the caller has checked that the asker may list the users.
func (c *Cache) Known(contract string) map[string]*Entry {
	c.mu.Lock()
	r, found := c.readings.Peek(contract)
	c.mu.Unlock()
	if !found || !r.kept() {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	known := map[string]*Entry{}
	for _, e := range r.entries {
		if e.State == Read && !r.due(e, r.now()) {
			known[e.User.ID] = e
		}
	}
	return known
}

// Changed has the keys of a user read again, because one was changed. The API
// carries changes out asynchronously, so they are read again for a while.
func (c *Cache) Changed(contract, userID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, found := c.readings.Peek(contract); found {
		r.markChanged(userID)
	}
}

// await waits for the end of a reading that is fresh enough.
func (c *Cache) await(ctx context.Context, asker Asker, since time.Time, patience time.Duration) Snapshot {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		r := c.acquire(ctx, asker, since)
		if r == nil { // as many contracts are being read as can be
			return Snapshot{Contract: asker.Contract, AsOf: c.cfg.Now(), Running: true, Wait: defaultBackoff}
		}
		ended, running := r.extend()
		if !running {
			return r.snapshot()
		}
		select {
		case <-ctx.Done():
			return r.snapshot()
		case <-ended:
		}
	}
}

// acquire returns the reading of a contract: one that has ended and is fresh, one
// that runs, or one that it starts. It returns nil when there is no room.
func (c *Cache) acquire(ctx context.Context, asker Asker, since time.Time) *reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, found := c.readings.Get(asker.Contract)
	switch {
	case found && r.running():
		return r
	case found && r.kept() && r.since(since):
		if !r.resumable(asker.Session) {
			return r
		}
	case found:
		c.readings.Remove(asker.Contract)
		fallthrough
	default:
		if c.readings.Len() >= c.cfg.MaxContracts && !c.dropOldest(nil) {
			return nil
		}
		r = newReading(c.cfg.Now, c.cfg.TTL, asker.Contract, since)
		c.readings.Add(asker.Contract, r)
	}
	c.start(ctx, r, asker)
	return r
}

// start reads in the background. The reading goes on when the request ends, since
// the next request asks for it too.
func (c *Cache) start(ctx context.Context, r *reading, asker Asker) {
	throttle := keys.NewThrottle(c.cfg.Now)
	ctx, cancel := context.WithCancel(keys.WithThrottle(context.WithoutCancel(ctx), throttle))
	r.begin(asker.Session, throttle)
	var background parallel.Group // not waited for: Catch leaves no panic to it
	background.Go(func() {
		defer cancel()
		err := parallel.Catch(func() error {
			select {
			case c.slots <- struct{}{}:
				defer func() { <-c.slots }()
			case <-ctx.Done():
			}
			return (&run{reading: r, users: c.cfg.Users, asker: asker, throttle: throttle}).read(ctx)
		})
		r.end(err)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.trim(r)
	})
}

// trim drops the readings that were not used for longest until what is kept is
// within its bound. The reading that has just ended stays. c.mu is held.
func (c *Cache) trim(ended *reading) {
	for {
		total := 0
		for _, r := range c.readings.Values() {
			total += r.size()
		}
		if total <= c.cfg.MaxTotal || !c.dropOldest(ended) {
			return
		}
	}
}

// dropOldest drops the reading that was not used for longest and does not run.
func (c *Cache) dropOldest(except *reading) bool {
	for _, contract := range c.readings.Keys() { // from the oldest use on
		if r, _ := c.readings.Peek(contract); r != except && !r.running() {
			return c.readings.Remove(contract)
		}
	}
	return false
}
