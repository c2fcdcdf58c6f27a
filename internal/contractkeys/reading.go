package contractkeys

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// errUnused ends a reading that is not asked for any more.
var errUnused = errors.New("contractkeys: reading not asked for any more")

// reading is one reading of a contract's keys. It runs in the background, with the
// token of the person who asked first; when it is interrupted, it goes on with the
// next asker's token and with the users that are missing.
type reading struct {
	now      func() time.Time
	ttl      time.Duration
	contract string

	mu         sync.Mutex
	session    string // whose token reads
	throttle   *keys.Throttle
	began      time.Time
	asOf       time.Time     // what was created since may be missing
	newer      time.Time     // the users must have been read since then
	lease      time.Time     // the reading ends unless it is asked for before this
	ended      chan struct{} // closed while the reading does not run
	endedAt    time.Time
	completeAt time.Time // when all users had been asked for, for the first time
	resumeAt   time.Time // when the API takes calls again that has asked for a long wait
	err        error

	userCount  int
	listed     bool
	partial    bool
	entries    []*Entry // their order does not change
	places     map[string]int
	changed    map[string]time.Time // by user id: when a key was changed here
	privileges *directory.Privileges
}

// recentUsers is how old a list of users may be that a reading begins with.
const recentUsers = 2 * time.Minute

func newReading(now func() time.Time, ttl time.Duration, contract string, since time.Time) *reading {
	began := now()
	if since.IsZero() {
		since = began.Add(-recentUsers)
	}
	return &reading{
		now: now, ttl: ttl, contract: contract, began: began, asOf: began, newer: since, changed: map[string]time.Time{},
	}
}

// begin marks the reading as running.
func (r *reading) begin(session string, throttle *keys.Throttle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.session, r.throttle = session, throttle
	r.ended, r.err, r.resumeAt = make(chan struct{}), nil, time.Time{}
	r.lease = r.now().Add(unusedTimeout)
}

// end marks the reading as not running. An error that asks for a wait is no failure:
// the reading goes on after it.
func (r *reading) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.endedAt = now
	switch {
	case errors.Is(err, keys.ErrThrottled):
		r.resumeAt = now.Add(cmp.Or(keys.RetryAfter(err), defaultBackoff))
	case errors.Is(err, errUnused):
	default:
		r.err = err
	}
	if r.completeAt.IsZero() && err == nil {
		r.completeAt = now
	}
	close(r.ended)
}

// running reports whether the reading goes on in the background.
func (r *reading) running() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.goesOn()
}

func (r *reading) goesOn() bool {
	if r.ended == nil {
		return false
	}
	select {
	case <-r.ended:
		return false
	default:
		return true
	}
}

// extend keeps the reading running for its askers, who come back after the wait that
// they are shown. It returns the channel that is closed at the end.
func (r *reading) extend() (ended <-chan struct{}, running bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lease = r.now().Add(r.throttle.Remaining() + unusedTimeout)
	return r.ended, r.goesOn()
}

func (r *reading) unused() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now().After(r.lease)
}

// kept reports whether the reading may still be shown. It counts from the end of the
// reading: one that takes longer than it is kept would else never be shown.
func (r *reading) kept() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	end := r.endedAt
	switch {
	case r.goesOn():
		return true
	case !r.completeAt.IsZero():
		end = r.completeAt
	case r.resumeAt.After(end):
		end = r.resumeAt
	}
	return r.now().Sub(end) < r.ttl
}

// since reports whether the reading began at a time or later.
func (r *reading) since(t time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.began.Before(t)
}

// resumable reports whether there is something to be read that another run may get.
func (r *reading) resumable(session string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	switch {
	case now.Before(r.resumeAt):
		return false
	case r.err != nil && now.Sub(r.endedAt) < failureTTL && (!tokenRefused(r.err) || r.session == session):
		return false
	case !r.listed:
		return true
	}
	return slices.ContainsFunc(r.entries, func(e *Entry) bool { return r.due(e, now) }) || r.hasUnknownChange(now)
}

func (r *reading) entry(place int) *Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.entries[place]
}

func (r *reading) put(place int, e *Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries[place] = e
}

// setUsers takes the users of the contract, of whom those are kept who can have
// keys.
func (r *reading) setUsers(s directory.Snapshot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.userCount = s.Count
	if !s.Done || s.Err != nil {
		return
	}
	r.listed, r.partial = true, s.Bounded || s.Shifted
	if s.AsOf.Before(r.asOf) {
		r.asOf = s.AsOf
	}
	for u := range s.All() {
		if u.CanonicalUserID != "" {
			r.entries = append(r.entries, &Entry{User: u})
		}
	}
	names := make(map[*Entry]string, len(r.entries))
	for _, e := range r.entries {
		names[e] = strings.ToLower(e.User.Name())
	}
	slices.SortFunc(r.entries, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(names[a], names[b]), cmp.Compare(a.User.ID, b.User.ID))
	})
	r.places = make(map[string]int, len(r.entries))
	for i, e := range r.entries {
		r.places[e.User.ID] = i
	}
}

// snapshot returns what there is.
func (r *reading) snapshot() Snapshot {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Snapshot{
		Contract: r.contract, AsOf: r.asOf, Users: r.userCount, Listed: r.listed, Running: r.goesOn(),
		Err: r.err, Partial: r.partial,
	}
	if r.privileges != nil {
		s.Privileges = *r.privileges
	}
	s.Entries = make([]*Entry, 0, len(r.entries))
	for _, e := range r.entries {
		switch e.State {
		case gone:
			continue
		case Pending:
		default:
			s.Looked++
		}
		s.Entries = append(s.Entries, e)
	}
	s.Wait = max(r.resumeAt.Sub(r.now()), 0)
	if s.Running {
		s.Wait = r.throttle.Remaining()
	}
	return s
}

// size is how many users and keys the reading holds.
func (r *reading) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.entries)
	for _, e := range r.entries {
		n += len(e.Keys)
	}
	return n
}

func tokenRefused(err error) bool {
	return errors.Is(err, keys.ErrUnauthorized) || errors.Is(err, keys.ErrForbidden) || errors.Is(err, context.Canceled)
}
