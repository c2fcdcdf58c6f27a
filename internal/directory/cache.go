package directory

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// Cache keeps the users of contracts for a short while. There is at most one
// reading of a contract at a time, for all callers. It is safe for concurrent use.
//
// The order of use is kept by golang-lru. Its expirable variant does not fit:
// it takes no clock and starts a goroutine that cannot be ended. Neither does
// singleflight: a reading shows its progress to those who wait for it, changes
// its token, and outlives the request that began it.
type Cache struct {
	cfg   Config
	slots chan struct{} // of readings that run

	mu       sync.Mutex
	readings *simplelru.LRU[string, *reading] // by contract number
	// filterIgnored is when the API last did not honour a filter by e-mail.
	filterIgnored time.Time
}

// NewCache returns an empty cache.
func NewCache(cfg Config) *Cache {
	cfg = cfg.withDefaults()
	// The only error is a size that is not positive.
	readings, _ := simplelru.NewLRU[string, *reading](cfg.MaxContracts, nil)
	return &Cache{cfg: cfg, slots: make(chan struct{}, cfg.MaxRunning), readings: readings}
}

// Recent returns the users of the asker's contract as they were read at most
// [Config.TTL] ago, and begins to read them if there is no such reading. It
// waits at most patience for all of them and then returns those read so far.
//
// The error is that of a live call with the asker's own token: who may not list
// the users any more sees nothing of what others have read. Where the API
// throttles that call, the snapshot holds the progress and no users.
func (c *Cache) Recent(ctx context.Context, asker Asker, patience time.Duration) (Snapshot, error) {
	return c.checked(ctx, asker, patience, c.recent)
}

func (c *Cache) recent(r *reading) bool { return r.endedWithin(c.cfg.TTL) }

// Since is like [Cache.Recent], but returns the users as they were read at a
// time or later.
func (c *Cache) Since(ctx context.Context, asker Asker, t time.Time, patience time.Duration) (Snapshot, error) {
	if now := c.cfg.Now(); t.After(now) { // by the clock of another replica
		t = now
	}
	return c.checked(ctx, asker, patience, func(r *reading) bool { return r.since(t) })
}

func (c *Cache) checked(ctx context.Context, asker Asker, patience time.Duration, fresh func(*reading) bool) (Snapshot, error) {
	return Checked(ctx, asker, func() Snapshot { return c.await(ctx, asker, patience, fresh) }, Snapshot.withoutUsers)
}

// Checked returns what read finds for an asker, along with a [Check] of the asker.
// Where the API throttles the check, it returns what withheld leaves of that, given
// how long the API asks to wait. The error is that of the check.
func Checked[S any](ctx context.Context, asker Asker, read func() S, withheld func(S, time.Duration) S) (S, error) {
	var found, none S
	var refused error
	parallel.Do(
		func() { refused = Check(ctx, asker) },
		func() { found = read() },
	)
	switch {
	case errors.Is(refused, keys.ErrThrottled):
		return withheld(found, keys.RetryAfter(refused)), nil
	case refused != nil:
		return none, refused
	default:
		return found, nil
	}
}

// await waits for the end of a fresh reading.
func (c *Cache) await(ctx context.Context, asker Asker, patience time.Duration, fresh func(*reading) bool) Snapshot {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		r := c.acquire(ctx, asker, fresh)
		if r == nil { // as many contracts are being read as can be
			return Snapshot{Wait: defaultBackoff}
		}
		found, ended := r.await(ctx)
		switch {
		case !ended && fresh(r):
			return found
		case !ended: // the fresh reading follows
			return Snapshot{Wait: found.Wait}
		case fresh(r) && !r.concernsOther(asker.Session):
			r.markDelivered()
			return found
		}
	}
}

// acquire returns the reading of a contract: a fresh one, a running one after
// which a fresh one can begin, or one that it begins. It returns nil when there
// is no room.
func (c *Cache) acquire(ctx context.Context, asker Asker, fresh func(*reading) bool) *reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropOld()
	c.trim()
	r, found := c.readings.Get(asker.Contract)
	switch {
	case found && r.running():
		return r
	case found && fresh(r) && !r.resumable():
		return r
	case !found || !fresh(r):
		if !found && !c.makeRoom() {
			return nil
		}
		r = newReading(&c.cfg)
		c.readings.Add(asker.Contract, r)
	}
	c.start(ctx, r, asker)
	return r
}

// start reads in the background. The reading goes on when the request ends,
// since the next request asks for it too.
func (c *Cache) start(ctx context.Context, r *reading, asker Asker) {
	throttle := keys.NewThrottle(c.cfg.Now)
	ctx, cancel := context.WithTimeout(keys.WithThrottle(context.WithoutCancel(ctx), throttle), readTimeout)
	r.update(func() {
		r.session, r.throttle, r.cancel = asker.Session, throttle, cancel
		r.ended, r.err, r.delivered = time.Time{}, nil, false
	})
	r.extend()
	var background parallel.Group // not waited for: Catch leaves no panic to it
	background.Go(func() {
		defer cancel()
		err := parallel.Catch(func() error { return c.fill(ctx, r, asker.Remote) })
		r.update(func() { r.ended, r.err = c.cfg.Now(), err })
		c.mu.Lock()
		defer c.mu.Unlock()
		c.readings.Get(asker.Contract) // those who wait for it come next
		c.trim()
	})
}

func (c *Cache) fill(ctx context.Context, r *reading, remote keys.Directory) error {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
		return r.fill(ctx, remote)
	case <-ctx.Done():
		return ctx.Err()
	}
}
