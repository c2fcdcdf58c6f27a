// Package roll keeps the users of a contract for a short while, as one
// session's token has listed them. The API gives them by the hundred, without
// a search that can be relied on and without saying how many there are; to
// find one by name they all have to be read, which is done once and for a few
// minutes.
//
// It knows the domain alone: neither sessions nor pages.
package roll

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"time"

	"keydeck/internal/keys"
)

const (
	pageSize = 100
	atOnce   = 8 // pages that are read at the same time
	// fillTime bounds reading them all.
	fillTime = 2 * time.Minute
	// longestHold is how long the API may ask to wait before the roll is left
	// as it is.
	longestHold = 30 * time.Second
)

// Roll is the users that a session has read so far.
type Roll struct {
	now    func() time.Time
	most   int
	remote keys.Directory

	mu      sync.Mutex
	pages   map[int][]keys.User
	read    time.Time // when reading began
	used    time.Time
	done    bool
	bounded bool
	err     error
	changed chan struct{} // closed when any of the above changes
}

// State is what a roll holds at one moment.
type State struct {
	pages   [][]keys.User // in the API's order, without gaps
	Done    bool          // no more are being read
	Bounded bool          // there are more users than are kept
	Err     error         // why reading ended too early; nil if it did not
}

// All gives the users, in the API's order.
func (s State) All() iter.Seq[keys.User] {
	return func(yield func(keys.User) bool) {
		for _, page := range s.pages {
			for _, u := range page {
				if !yield(u) {
					return
				}
			}
		}
	}
}

// Count is how many users there are.
func (s State) Count() int {
	n := 0
	for _, page := range s.pages {
		n += len(page)
	}
	return n
}

// Complete reports whether the users are all that there are.
func (s State) Complete() bool { return s.Done && !s.Bounded && s.Err == nil }

// State waits until all users are read, or until the context ends, and gives
// what there is. It is no error that some are missing: State says so.
func (r *Roll) State(ctx context.Context) State {
	for {
		state, changed := r.state()
		if state.Done {
			return state
		}
		select {
		case <-ctx.Done():
			return state
		case <-changed:
		}
	}
}

func (r *Roll) state() (State, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := State{Done: r.done, Bounded: r.bounded, Err: r.err}
	for n := 0; ; n++ {
		page, there := r.pages[n]
		if !there {
			return s, r.changed
		}
		s.pages = append(s.pages, page)
	}
}

// fill reads page after page, several at once, until one is not full.
func (r *Roll) fill(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, fillTime)
	defer cancel()
	pace := keys.NewPace(r.now)
	ctx = keys.WithPace(ctx, pace)
	for first := 0; ; first += atOnce {
		last, err := r.wave(ctx, pace, first)
		switch {
		case err != nil:
			r.end(func() { r.err = err })
			return
		case last:
			r.end(func() {})
			return
		case (first+atOnce)*pageSize >= r.most:
			r.end(func() { r.bounded = true })
			return
		}
	}
}

// wave reads some pages at once, and reports whether the last one was among
// them.
func (r *Roll) wave(ctx context.Context, pace *keys.Pace, first int) (last bool, err error) {
	var calls sync.WaitGroup
	var mu sync.Mutex
	for n := first; n < first+atOnce; n++ {
		calls.Go(func() {
			users, failed := r.page(ctx, pace, n)
			mu.Lock()
			defer mu.Unlock()
			last = last || failed == nil && len(users) < pageSize
			err = errors.Join(err, failed)
		})
		if n == 0 { // most contracts have one page
			calls.Wait()
			if last || err != nil {
				return last, err
			}
		}
	}
	calls.Wait()
	return last, err
}

// page reads one page, again when the API wants to be asked later.
func (r *Roll) page(ctx context.Context, pace *keys.Pace, n int) ([]keys.User, error) {
	for {
		if err := pace.Wait(ctx); err != nil {
			return nil, err
		}
		users, err := r.remote.Users(ctx, keys.Page{Offset: n * pageSize, Limit: pageSize})
		after := keys.RetryAfter(err)
		switch {
		case err == nil:
			r.change(func() { r.pages[n] = users })
			return users, nil
		case !errors.Is(err, keys.ErrThrottled) || after == 0 || after > longestHold:
			return nil, err
		}
		pace.Hold(after)
	}
}

func (r *Roll) change(apply func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	apply()
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *Roll) end(apply func()) {
	r.change(func() {
		apply()
		r.done = true
	})
}

// Matches reports whether all words are in a user's name or e-mail.
func Matches(u keys.User, words []string) bool {
	text := strings.ToLower(u.FirstName + " " + u.LastName + "\n" + u.Email)
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
