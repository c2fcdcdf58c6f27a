package directory

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"keydeck/internal/keys"
)

// errUnused ends a reading that is not asked for any more.
var errUnused = errors.New("directory: reading not asked for any more")

// reading is one reading of all users of a contract. It runs in the background,
// with the token of the person who asked first; when that token ends, the next
// asker's token goes on from the pages that are there.
type reading struct {
	cfg *Config

	mu       sync.Mutex
	session  string // whose token reads
	throttle *keys.Throttle
	cancel   context.CancelFunc
	began    time.Time
	lease    time.Time // the reading ends unless it is asked for before this
	ended    time.Time // zero while running
	pages    map[int]page
	bounded  bool
	shifted  bool
	err      error
	changes  changes

	delivered bool          // an asker has seen the end
	changed   chan struct{} // closed with every change, and then replaced
}

// page is a page as the API returned it.
type page struct{ users []keys.User }

func (p page) last() bool { return len(p.users) < pageSize }

func newReading(cfg *Config) *reading {
	return &reading{cfg: cfg, began: cfg.Now(), pages: map[int]page{}, changed: make(chan struct{})}
}

// snapshot returns what there is, and a channel that is closed once there is
// more.
func (r *reading) snapshot() (Snapshot, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Snapshot{
		AsOf: r.began, Done: !r.ended.IsZero(), Bounded: r.bounded, Shifted: r.shifted, Err: r.err, changes: r.changes,
	}
	if r.throttle != nil && !s.Done {
		s.Wait = r.throttle.Remaining()
	}
	for n := 0; ; n++ {
		p, read := r.pages[n]
		if !read {
			break
		}
		users := p.users
		if n > 0 && len(users) > 0 {
			users = users[1:] // the overlap
		}
		s.pages = append(s.pages, users)
		s.Count += len(users)
	}
	if len(s.changes) > 0 {
		s.Count = 0
		for range s.All() {
			s.Count++
		}
	}
	return s, r.changed
}

// await waits for the reading to end, or for ctx, and returns what there is. It
// reports whether the reading has ended.
func (r *reading) await(ctx context.Context) (Snapshot, bool) {
	for {
		found, changed := r.snapshot()
		if found.Done {
			return found, true
		}
		r.extend()
		select {
		case <-ctx.Done():
			return found, false
		case <-changed:
		}
	}
}

// update changes the reading and wakes those who wait for it.
func (r *reading) update(apply func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	apply()
	close(r.changed)
	r.changed = make(chan struct{})
}

// extend keeps the reading running for its askers, who come back after the wait
// that they are shown.
func (r *reading) extend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	var wait time.Duration
	if r.throttle != nil {
		wait = r.throttle.Remaining()
	}
	r.lease = r.cfg.Now().Add(wait + unusedTimeout)
}

func (r *reading) unused() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cfg.Now().After(r.lease)
}

func (r *reading) running() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended.IsZero()
}

// since reports whether the reading began at a time or later.
func (r *reading) since(t time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.began.Before(t)
}

// endedWithin reports whether the reading is running or ended a short while
// ago. A reading counts from its end: one that takes longer than it is kept
// would else never be used.
func (r *reading) endedWithin(d time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended.IsZero() || r.cfg.Now().Sub(r.ended) < d
}

// resumable reports whether the reading has failed in a way that another call
// may get over: at once where the token was refused that it was read with, else
// after a while.
func (r *reading) resumable() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended.IsZero() || r.err == nil {
		return false
	}
	return transferable(r.err) || r.cfg.Now().Sub(r.ended) >= failureTTL
}

// concernsOther reports whether the reading ended for a reason that does not
// concern the asker of a session: the token of another was refused, or another
// ended it.
func (r *reading) concernsOther(session string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return transferable(r.err) && (!tokenRefused(r.err) || r.session != session)
}

func (r *reading) markDelivered() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delivered = true
}

// droppable reports whether the reading has ended, and those who waited for it
// have seen the result or are gone. To drop it earlier would make them begin it
// again and drop others.
func (r *reading) droppable() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.ended.IsZero() && (r.delivered || r.cfg.Now().Sub(r.ended) >= deliveryTimeout)
}

// size is how many users the reading holds.
func (r *reading) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.changes)
	for _, p := range r.pages {
		n += len(p.users)
	}
	return n
}

// transferable reports whether a reading ended for a reason that does not
// concern the next asker: the token that it was read with, or that it was not
// wanted any more.
func transferable(err error) bool {
	return tokenRefused(err) || errors.Is(err, errUnused) || errors.Is(err, context.Canceled)
}

func tokenRefused(err error) bool {
	return errors.Is(err, keys.ErrUnauthorized) || errors.Is(err, keys.ErrForbidden)
}

// correct records that a user has changed, or with nil that the user is
// deleted. It reports whether there was room for the correction.
func (r *reading) correct(userID string, u *keys.User) bool {
	room := true
	r.update(func() {
		if room = len(r.changes) < maxChanges; room {
			corrected := changes{userID: u}
			maps.Copy(corrected, withoutKey(r.changes, userID))
			r.changes = corrected
		}
	})
	return room
}

func withoutKey(c changes, userID string) changes {
	rest := maps.Clone(c)
	delete(rest, userID)
	return rest
}
