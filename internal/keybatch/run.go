package keybatch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"sync"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/internal/retry"
)

const (
	// maxOwners is how many owners' keys are changed at the same time. Those of one
	// owner are changed one after the other, so that the rules see each change.
	maxOwners = 8
	// maxPause is the longest wait that a throttling API can ask for; with a longer
	// one the run stops.
	maxPause = 5 * time.Minute
	// defaultBackoff is the wait where a throttling API names none.
	defaultBackoff = 2 * time.Second
	// maxThrottled is how often a change is tried that the API throttles.
	maxThrottled = 20
	// maxFailures is how many changes in a row may fail because of the API before the
	// run stops: it is not about the keys then.
	maxFailures = 16
	// settleTimeout is how long a run looks for the outcomes of what was accepted.
	settleTimeout = 3 * time.Minute
)

// looks are the pauses between looks at what was accepted.
var looks = retry.Policy{MinBackoff: time.Second, MaxBackoff: 10 * time.Second, Factor: 1.5}

// run is the work of one process on a batch.
type run struct {
	service  *Service
	request  Request
	log      *idempotency.Log[Batch] // of the goroutine that writes
	op       idempotency.Operation[Batch]
	worker   string
	throttle *keys.Throttle
	ended    chan struct{}

	mu       sync.Mutex
	batch    Batch
	dirty    bool  // there is news that is not written
	failures int   // in a row
	stopped  error // why the run ends early
}

// run changes the keys and looks for the outcomes, and meanwhile writes how far that
// has come.
func (w *run) run(ctx context.Context) error {
	parallel.Do(
		func() { w.keep(ctx) },
		func() {
			defer close(w.ended)
			w.work(ctx)
		},
	)
	return w.finish(context.WithoutCancel(ctx))
}

func (w *run) work(ctx context.Context) {
	w.each(func(i Item) bool { return i.State == Waiting }, func(o Owner) {
		for place, item := range o.Keys {
			if item.State != Waiting || w.why() != nil {
				continue
			}
			if err := w.change(ctx, o, place); err != nil {
				w.stop(err)
			}
		}
	})
	if w.why() == nil {
		w.stop(w.settle(ctx))
	}
}

// each calls f for the owners that have a key for which is reports true.
func (w *run) each(is func(Item) bool, f func(Owner)) {
	parallel.Each(w.owners(is), maxOwners, func(_ int, o Owner) {
		if w.why() == nil {
			f(o)
		}
	})
}

func (w *run) owners(is func(Item) bool) []Owner {
	w.mu.Lock()
	defer w.mu.Unlock()
	var owners []Owner
	for _, o := range w.batch.clone().Owners {
		for _, item := range o.Keys {
			if is(item) {
				owners = append(owners, o)
				break
			}
		}
	}
	return owners
}

// change changes one key of an owner. It returns an error that ends the run and
// leaves the key waiting.
func (w *run) change(ctx context.Context, o Owner, place int) error {
	item, throttled := o.Keys[place], 0
	for attempt := 1; ; attempt++ {
		if err := w.throttle.Wait(ctx); err != nil {
			return err
		}
		item.Attempt = attempt
		err := w.ask(ctx, o, &item)
		switch {
		case stops(err) && errors.Is(err, keyops.ErrRepeated):
			continue // by an earlier run, which has ended with it
		case ctx.Err() != nil && !keys.Indeterminate(err) && err != nil:
			return ctx.Err()
		case errors.Is(err, keys.ErrThrottled) && !keys.Indeterminate(err):
			wait := cmp.Or(keys.RetryAfter(err), defaultBackoff)
			if throttled++; wait > maxPause || throttled > maxThrottled {
				return err
			}
			w.throttle.Backoff(wait)
			continue
		case stops(err):
			return err
		case errors.Is(err, keys.ErrForbidden) && !errors.Is(err, keys.ErrNoPrivilege) && w.mayNot(ctx):
			return err
		case keys.Indeterminate(err):
			item.State = Unknown
		case err != nil:
			item.refuse(err)
		case w.op.Data.Kind == keyops.Create:
			item.State = Done // the API has answered with the key
		default:
			item.State = Accepted
		}
		w.put(o.UserID, place, item)
		return w.count(err)
	}
}

// stops reports whether an error is not about a key, so that the run ends and the key
// is changed by a later one. It is sure that nothing was changed.
func stops(err error) bool {
	if keys.Indeterminate(err) {
		return false
	}
	for _, kind := range []error{keys.ErrUnauthorized, keys.ErrThrottled, keyops.ErrStore, keyops.ErrSignedOut} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// ask has keyops change or create a key.
func (w *run) ask(ctx context.Context, o Owner, item *Item) error {
	r, changes := w.of(o, *item), w.service.changes
	var err error
	switch w.op.Data.Kind {
	case keyops.Create:
		var created keyops.Result
		if created, err = changes.Create(ctx, r, r.IdempotencyKey, ""); err == nil {
			item.AccessKey = created.AccessKey
		}
		if _, other := errors.AsType[*keyops.InProgressError](err); other {
			err = &keys.Error{Kind: keys.ErrConflict, Op: "create key", Err: err}
		}
	case keyops.Delete:
		confirm := "yes"
		if o.Lockout {
			confirm = keys.LastCharacters(item.AccessKey)
		}
		_, err = changes.Delete(ctx, r, item.AccessKey, confirm)
	default:
		confirm := ""
		if o.Lockout {
			confirm = "yes"
		}
		_, err = changes.SetActive(ctx, r, item.AccessKey, w.op.Data.Kind == keyops.Activate, confirm)
	}
	return err
}

// of is the request for a change of one of an owner's keys.
func (w *run) of(o Owner, item Item) keyops.Request {
	by := w.request.Session
	owner := keys.Owner{
		UserID: o.UserID, Email: o.Email, Name: o.Name, Contract: by.Contract,
		Managed: true, Self: o.UserID == by.UserID,
	}
	return keyops.Request{
		Session: by, Owner: owner, Remote: w.request.Remote, Keys: w.request.Keys, ID: w.request.ID,
		IdempotencyKey: w.key(o, item), InactiveOnly: true, FirstKey: true,
		Gone:  func() bool { return false },
		Audit: func(kind keyops.Kind, accessKey string, err error) { w.request.Audit(owner, kind, accessKey, err) },
	}
}

// key names an attempt to change a key, alike in every process.
func (w *run) key(o Owner, item Item) string {
	sum := sha256.Sum256([]byte(w.op.ID + "\x00" + o.UserID + "\x00" + item.AccessKey + "\x00" + strconv.Itoa(item.Attempt)))
	return "batch-" + hex.EncodeToString(sum[:16])
}

// mayNot reports whether the person may not manage users any more.
func (w *run) mayNot(ctx context.Context) bool {
	_, err := w.request.Remote.Users(ctx, keys.Page{Limit: 1})
	return errors.Is(err, keys.ErrForbidden)
}

func (i *Item) refuse(err error) {
	i.State, i.Failure, i.Message = Refused, keyops.FailureName(err), keys.Clip(keys.Message(err), maxMessage)
}

// put notes what is known of the key at a place among those of a user.
func (w *run) put(userID string, place int, item Item) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.batch.Owners {
		if o.UserID == userID {
			o.Keys[place], w.dirty = item, true
		}
	}
}

// count counts failures of the API in a row. It returns the last one once there are
// too many.
func (w *run) count(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !errors.Is(err, keys.ErrUnavailable) && !errors.Is(err, keys.ErrTimeout) {
		w.failures = 0
		return nil
	}
	if w.failures++; w.failures < maxFailures {
		return nil
	}
	return err
}

func (w *run) stop(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped == nil {
		w.stopped = err
	}
}

func (w *run) why() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stopped
}
