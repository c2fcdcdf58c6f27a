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
	"keydeck/internal/parallel"
)

// usersPatience is how long one look at the users waits for them.
const usersPatience = 2 * time.Second

// run is one go of a reading, with the token of one asker.
type run struct {
	*reading
	users    *directory.Cache
	asker    Asker
	throttle *keys.Throttle

	mu       sync.Mutex
	failures int   // in a row
	stopped  error // why no more users are asked for
}

// read reads what is missing. It returns errUnused when the reading is not asked for
// any more, an ErrThrottled for a long wait, and the error of the API when it
// refuses the token or fails for many users.
func (r *run) read(ctx context.Context) error {
	if err := r.readUsers(ctx); err != nil {
		return err
	}
	if err := r.readPrivileges(ctx); err != nil {
		return err
	}
	parallel.Each(r.dueEntries(), maxCalls, func(_, place int) {
		if r.why() != nil {
			return
		}
		if err := r.readKeys(ctx, place); err != nil {
			r.stop(err)
		}
	})
	return r.why()
}

// readUsers reads the users of the contract, through the cache of those.
func (r *run) readUsers(ctx context.Context) error {
	for !r.hasUsers() {
		if r.unused() {
			return errUnused
		}
		s, err := r.users.Since(ctx, r.asker.Directory(), r.newer, usersPatience)
		if err == nil && s.Done {
			err = s.Err
		}
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil { // the users took too long, all together
			err = &keys.Error{Kind: keys.ErrTimeout, Op: "list users", API: keys.CloudAPI, Err: err}
		}
		if err != nil {
			return err
		}
		r.setUsers(s)
		if s.Wait > maxPause {
			return &keys.Error{Kind: keys.ErrThrottled, Op: "list users", RetryAfter: s.Wait}
		}
		r.throttle.Backoff(s.Wait)
		if err := r.throttle.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) hasUsers() bool {
	r.reading.mu.Lock()
	defer r.reading.mu.Unlock()
	return r.listed
}

// readPrivileges reads what decides who may use object storage. What cannot be read
// is left unknown, and read again with the next run, unless the API refuses the
// token.
func (r *run) readPrivileges(ctx context.Context) error {
	r.reading.mu.Lock()
	known := r.privileges != nil && r.privileges.Err() == nil
	r.reading.mu.Unlock()
	if known {
		return nil
	}
	p := directory.ReadPrivileges(ctx, r.asker.Remote, r.asker.Remote.Groups, nil)
	r.reading.mu.Lock()
	r.privileges = &p
	r.reading.mu.Unlock()
	return p.Refused()
}

// readKeys reads the keys of one user. It returns an error that ends the run.
func (r *run) readKeys(ctx context.Context, place int) error {
	for {
		if err := r.throttle.Wait(ctx); err != nil {
			return err
		}
		if r.unused() {
			return errUnused
		}
		e, err := r.look(ctx, *r.entry(place))
		if err == nil {
			r.put(place, &e)
			return r.count(e.Reason)
		}
		wait := cmp.Or(keys.RetryAfter(err), defaultBackoff)
		if !errors.Is(err, keys.ErrThrottled) || wait > maxPause {
			return err
		}
		r.throttle.Backoff(wait)
	}
}

// look asks for the keys of a user. It returns an error only if it is not about the
// user.
func (r *run) look(ctx context.Context, e Entry) (Entry, error) {
	list, err := r.asker.Remote.UserKeys(ctx, e.User.ID)
	if err == nil && e.User.CanonicalUserID == "" { // the first key came after the users were read
		e.User, err = r.asker.Remote.User(ctx, e.User.ID)
	}
	e.readAt = r.now()
	switch {
	case err == nil:
		e.State, e.Keys, e.Reason = Read, compact(list), nil
	case errors.Is(err, keys.ErrNotFound) || errors.Is(err, keys.ErrNoUser):
		e.State, e.Keys, e.Reason = gone, nil, nil
		r.users.Remove(r.asker.Contract, e.User.ID)
	case errors.Is(err, keys.ErrThrottled), errors.Is(err, keys.ErrUnauthorized), ctx.Err() != nil:
		return e, err
	case errors.Is(err, keys.ErrForbidden) && !errors.Is(err, keys.ErrNoPrivilege) && directory.Check(ctx, r.asker.Directory()) != nil:
		return e, err
	default:
		e.State, e.Keys, e.Reason = Failed, nil, keys.KindOfName(keys.KindName(err))
	}
	return e, nil
}

// compact returns what is kept of keys.
func compact(list []keys.Key) []Key {
	if len(list) == 0 {
		return nil
	}
	kept := make([]Key, len(list))
	for i, k := range list {
		kept[i] = Key{AccessKey: strings.Clone(k.AccessKey), Created: k.Created, Activity: k.Activity}
	}
	slices.SortFunc(kept, CompareAge)
	return kept
}

// CompareAge orders keys from the oldest on; those without a date come last.
func CompareAge(a, b Key) int {
	return cmp.Or(keys.CompareCreated(a.Created, b.Created), cmp.Compare(a.AccessKey, b.AccessKey))
}

// count counts failures in a row. It returns the last one once there are too many.
func (r *run) count(failure error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if failure == nil || errors.Is(failure, keys.ErrNoPrivilege) || errors.Is(failure, keys.ErrForbidden) {
		r.failures = 0
		return nil
	}
	if r.failures++; r.failures < maxFailures {
		return nil
	}
	return &keys.Error{Kind: failure, Op: "list keys of users", API: keys.CloudAPI}
}

func (r *run) stop(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == nil {
		r.stopped = err
	}
}

func (r *run) why() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped
}
