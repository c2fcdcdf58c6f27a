// Package regions keeps the vendor's catalogue of regions with their endpoints.
// It is the same for all users and changes every few months.
package regions

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

const (
	// ttl is how long the catalogue counts as fresh.
	ttl = time.Hour
	// readTimeout bounds a call for the catalogue, which callers share.
	readTimeout = 10 * time.Second
	// slow is from how long a failed call on the API is spared others: one
	// that hangs would hold up each page in turn.
	slow = time.Second
	// failureTTL is how long it is spared them.
	failureTTL = 30 * time.Second
)

// Lister reads the catalogue with one person's token; [keys.Store] does.
type Lister interface {
	Regions(ctx context.Context) ([]keys.Region, error)
}

// Cache keeps one catalogue. It is safe for concurrent use.
//
// golang-lru is for many values and does not fit: there is one, and an outdated
// one is kept in case the API fails.
type Cache struct {
	now    func() time.Time
	flight singleflight.Group

	mu      sync.Mutex
	regions []keys.Region // never empty once read
	read    time.Time
	failure error // of the last call, if it was slow
	failed  time.Time
}

// NewCache returns an empty cache. now is time.Now if nil.
func NewCache(now func() time.Time) *Cache {
	if now == nil {
		now = time.Now
	}
	return &Cache{now: now}
}

// List returns the catalogue: the one that is kept, else one that is read now,
// else an outdated one. Callers at the same time share one call, and each waits
// until its own context ends. An empty catalogue is an answer that is returned
// but not kept.
func (c *Cache) List(ctx context.Context, remote Lister) ([]keys.Region, error) {
	for {
		outdated, found, err := c.kept()
		if found || err != nil {
			return outdated, err
		}
		own := false
		result := c.flight.DoChan("", func() (any, error) {
			own = true
			return c.call(context.WithoutCancel(ctx), remote)
		})
		select {
		case <-ctx.Done():
			return orOutdated(nil, outdated, timeout(ctx))
		case r := <-result:
			if tokenRefused(r.Err) && !own {
				continue // it was refused to another person
			}
			regions, _ := r.Val.([]keys.Region)
			return orOutdated(regions, outdated, r.Err)
		}
	}
}

// kept returns the catalogue that is kept, and whether it is fresh or, after a
// call that hung, the best there is.
func (c *Cache) kept() (regions []keys.Region, found bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	switch spared := c.failure != nil && now.Sub(c.failed) < failureTTL; {
	case len(c.regions) > 0 && (spared || now.Sub(c.read) < ttl):
		return c.regions, true, nil
	case spared:
		return nil, false, c.failure
	default:
		return c.regions, false, nil
	}
}

// call reads the catalogue. It returns a panic as an error: singleflight would
// end the process with it.
func (c *Cache) call(ctx context.Context, remote Lister) (regions []keys.Region, err error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	began := c.now()
	err = parallel.Catch(func() (err error) {
		regions, err = remote.Regions(ctx)
		return err
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failure = nil
	switch now := c.now(); {
	case err != nil && !tokenRefused(err) && now.Sub(began) >= slow:
		c.failure, c.failed = err, now
	case err == nil && len(regions) > 0:
		c.regions, c.read = regions, now
	}
	return regions, err
}

// tokenRefused reports whether a call failed because of the person who made it.
func tokenRefused(err error) bool {
	return errors.Is(err, keys.ErrUnauthorized) || errors.Is(err, keys.ErrForbidden)
}

// orOutdated prefers an outdated catalogue to an error and to an empty one.
func orOutdated(regions, outdated []keys.Region, err error) ([]keys.Region, error) {
	if len(outdated) > 0 && (err != nil || len(regions) == 0) {
		return outdated, nil
	}
	return regions, err
}

// timeout is the error of a caller that does not wait any longer.
func timeout(ctx context.Context) error {
	return &keys.Error{Kind: keys.ErrTimeout, Op: "list regions", Err: ctx.Err()}
}
