package directory

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// KeyLister lists the keys of a user; [keys.Store] does.
type KeyLister interface {
	UserKeys(ctx context.Context, userID string) ([]keys.Key, error)
}

// OwnerSearch looks for the users who have keys that a query matches. It works
// in steps, so that progress can be shown and any process can go on.
type OwnerSearch struct {
	Query    keys.Query
	Users    Snapshot // as read since the cursor's time
	Keys     KeyLister
	Throttle *keys.Throttle
	Deleted  func(userID string) // called for users who turn out to be deleted; may be nil
}

// Match is a key that a query matches, and its owner.
type Match struct {
	User keys.User
	Key  keys.Key
}

// OwnerResult is the result of one step of a search.
type OwnerResult struct {
	Matches []Match // of this step
	Cursor  Cursor  // where the next step begins
	End     bool    // all users of the snapshot were looked at, or the only key was found
}

// Step looks at users from a cursor on, several at a time, until a key is
// found, the step has taken the time given, or the API asks to wait. Calls that
// are under way may take longer. The error is that of users whose keys could not
// be listed: the cursor stays before them, so that the search can go on there.
func (s OwnerSearch) Step(ctx context.Context, from Cursor, d time.Duration) (OwnerResult, error) {
	step, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	ctx = keys.WithThrottle(ctx, s.Throttle)
	found := OwnerResult{Cursor: from}
	for batch := range slices.Chunk(s.rest(&found.Cursor), maxCalls) {
		matches, err := s.look(ctx, batch)
		found.Matches = matches
		if len(matches) > 0 && s.Query.Whole() {
			found.End = true
			return found, nil
		}
		if err != nil {
			return found, err
		}
		found.Cursor.pass(batch)
		if len(matches) > 0 || step.Err() != nil || s.Throttle.Remaining() > 0 {
			break
		}
	}
	found.End = found.Cursor.Looked == found.Cursor.Total
	return found, nil
}

// rest returns the users after the cursor, in its order, and counts those
// before it.
func (s OwnerSearch) rest(from *Cursor) []keys.User {
	var rest []keys.User
	from.Total = 0
	for u := range s.Users.All() {
		if from.Total++; from.before(u) {
			rest = append(rest, u)
		}
	}
	from.Looked = from.Total - len(rest)
	slices.SortFunc(rest, func(a, b keys.User) int {
		return cmp.Or(cmp.Compare(phaseOf(a), phaseOf(b)), cmp.Compare(a.ID, b.ID))
	})
	return rest
}

// pass moves the cursor behind users.
func (c *Cursor) pass(users []keys.User) {
	last := users[len(users)-1]
	c.phase, c.last = phaseOf(last), last.ID
	c.Looked += len(users)
}

// look lists the keys of some users at the same time.
func (s OwnerSearch) look(ctx context.Context, users []keys.User) ([]Match, error) {
	matches := make([][]Match, len(users))
	errs := make([]error, len(users))
	parallel.Each(users, maxCalls, func(i int, u keys.User) {
		matches[i], errs[i] = s.lookAt(ctx, u)
	})
	return slices.Concat(matches...), errors.Join(errs...)
}

func (s OwnerSearch) lookAt(ctx context.Context, u keys.User) ([]Match, error) {
	list, err := s.Keys.UserKeys(ctx, u.ID)
	switch {
	case errors.Is(err, keys.ErrNotFound) || errors.Is(err, keys.ErrNoUser):
		if s.Deleted != nil {
			s.Deleted(u.ID)
		}
		return nil, nil
	case errors.Is(err, keys.ErrNoPrivilege):
		return nil, nil
	}
	var matches []Match
	for _, k := range list {
		if s.Query.Matches(k.AccessKey) {
			matches = append(matches, Match{u, k})
		}
	}
	return matches, err
}
