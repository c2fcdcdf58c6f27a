package offboard

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/internal/retry"
)

const (
	// settleTimeout is how long a run looks for the outcome of what it has asked for.
	settleTimeout = time.Minute
	// maxThrottled is how often a step is asked for that the API throttles, and maxPause
	// the longest wait that it can ask for: shorter than a lease.
	maxThrottled = 5
	maxPause     = 30 * time.Second
	// maxMessage bounds what is stored of the API's words, in bytes.
	maxMessage = 200
)

var (
	// looks are the pauses between looks at what was asked for.
	looks      = retry.Policy{MinBackoff: 500 * time.Millisecond, MaxBackoff: 5 * time.Second, Factor: 1.5}
	firstLooks = retry.Policy{MinBackoff: 500 * time.Millisecond, MaxBackoff: 4 * time.Second, Attempts: 4}
	// storePolicy is for writing down what is to be done or has happened.
	storePolicy = retry.Policy{MinBackoff: 100 * time.Millisecond, MaxBackoff: 800 * time.Millisecond, Attempts: 5}

	errUnsettled = errors.New("offboard: not seen yet")
)

// run is the work of one process on a record. It is for one goroutine.
type run struct {
	service *Service
	request Request
	log     *idempotency.Log[Record]
	id      string
	worker  string
	record  Record
}

// run does the steps about keys, then the others, and writes how it has ended.
func (w *run) run(ctx context.Context) error {
	err := w.part(ctx, Kind.ofKey)
	if err == nil && w.record.keysDone() {
		err = w.part(ctx, func(k Kind) bool { return k == LeaveGroup })
	}
	if err == nil && w.record.keysDone() {
		err = w.part(ctx, func(k Kind) bool { return k == DeactivateAccount })
	}
	if errors.Is(err, errTaken) {
		return nil
	}
	w.record.Worker, w.record.Lease = "", time.Time{}
	if err != nil {
		w.record.Failure, w.record.Message = cmp.Or(keyops.FailureName(err), "unavailable"), keys.Clip(keys.Message(err), maxMessage)
	}
	return w.write(context.WithoutCancel(ctx))
}

// part asks for all steps of some kinds, and looks until they are seen to be done. An
// error ends the run; what is about one step alone is noted in it.
func (w *run) part(ctx context.Context, of func(Kind) bool) error {
	left := func(s Step) bool { return of(s.Kind) && s.State != Done }
	if !slices.ContainsFunc(w.record.Steps, left) {
		return nil
	}
	var now facts
	if err := firstLooks.Do(ctx, func(ctx context.Context) (err error) {
		if now, err = w.look(ctx, of); stops(err) || errors.Is(err, keys.ErrForbidden) {
			return retry.Permanent(err)
		}
		return err
	}); err != nil {
		return err
	}
	for i := range w.record.Steps {
		step := &w.record.Steps[i]
		if !left(*step) {
			continue
		}
		if now.shows(*step) {
			w.done(step)
			continue
		}
		if step.State == Asked {
			continue // by an earlier run: it may be under way
		}
		if err := w.ask(ctx, step, now); err != nil {
			return err
		}
	}
	if err := w.settle(ctx, of); err != nil {
		return err
	}
	return w.write(ctx)
}

// settle looks until no step is under way, or for long enough.
func (w *run) settle(ctx context.Context, of func(Kind) bool) error {
	waiting := func(s Step) bool { return of(s.Kind) && s.State == Asked }
	limited, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	err := looks.Do(limited, func(ctx context.Context) error {
		if !slices.ContainsFunc(w.record.Steps, waiting) {
			return nil
		}
		now, err := w.look(ctx, of)
		switch {
		case stops(err):
			return retry.Permanent(err)
		case err != nil:
			return err // it may pass
		}
		for i := range w.record.Steps {
			if step := &w.record.Steps[i]; waiting(*step) && now.shows(*step) {
				w.done(step)
			}
		}
		if err := w.write(ctx); err != nil {
			return retry.Permanent(err)
		}
		if slices.ContainsFunc(w.record.Steps, waiting) {
			return errUnsettled
		}
		return nil
	})
	if err != nil && (stops(err) || errors.Is(err, errTaken) || errors.Is(err, keyops.ErrStore)) {
		return err
	}
	for i := range w.record.Steps {
		if step := &w.record.Steps[i]; waiting(*step) {
			step.State, step.At = Unknown, w.service.now()
		}
	}
	return ctx.Err()
}

// stops reports whether an error is about no single step.
func stops(err error) bool {
	for _, kind := range []error{keys.ErrUnauthorized, keyops.ErrSignedOut, keyops.ErrStore} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// ask asks for a step, which is written down before and after.
func (w *run) ask(ctx context.Context, step *Step, now facts) error {
	step.State, step.At, step.Request = Asked, w.service.now(), w.request.ID
	if err := w.write(ctx); err != nil {
		return err
	}
	err := w.changeThrottled(ctx, *step, now)
	if !step.Kind.ofKey() { // those are recorded with the change
		w.request.Audit(*step, err)
	}
	switch {
	case err == nil, keys.Indeterminate(err):
		return nil // what became of it is seen by looking
	case stops(err), ctx.Err() != nil:
		step.State = Waiting
		return err
	default:
		step.State, step.At = Failed, w.service.now()
		step.Failure, step.Message = cmp.Or(keyops.FailureName(err), "unavailable"), keys.Clip(keys.Message(err), maxMessage)
		return w.write(ctx)
	}
}

// changeThrottled waits as long as a throttling API asks for, a few times.
func (w *run) changeThrottled(ctx context.Context, step Step, now facts) error {
	for attempt := 1; ; attempt++ {
		err := w.change(ctx, step, now)
		wait := cmp.Or(keys.RetryAfter(err), looks.MaxBackoff)
		if !errors.Is(err, keys.ErrThrottled) || keys.Indeterminate(err) || attempt == maxThrottled || wait > maxPause {
			return err
		}
		if failed := retry.Sleep(ctx, wait); failed != nil {
			return err
		}
	}
}

func (w *run) change(ctx context.Context, step Step, now facts) error {
	remote := w.request.Remote
	switch step.Kind {
	case DeactivateKey:
		_, err := w.service.changes.SetActive(ctx, w.keyRequest(step), step.ID, false, "yes")
		return err
	case DeleteKey:
		_, err := w.service.changes.Delete(ctx, w.keyRequest(step), step.ID, confirmation(now.listing, step.ID))
		return err
	case LeaveGroup:
		return remote.RemoveMember(ctx, step.ID, w.record.Of.ID)
	default:
		return remote.SetUserActive(ctx, now.user, false)
	}
}

// confirmation is what deleting a key takes: the person has confirmed the whole.
func confirmation(l keys.Listing, accessKey string) string {
	if l.ToDelete(accessKey) == keys.ConfirmYes {
		return "yes"
	}
	return keys.LastCharacters(accessKey)
}

// owner is whose keys they are.
func (w *run) owner() keys.Owner {
	of := w.record.Of
	return keys.Owner{UserID: of.ID, Email: of.Email, Name: of.Name, Contract: w.request.Session.Contract, Managed: true}
}

func (w *run) keyRequest(step Step) keyops.Request {
	sum := sha256.Sum256([]byte(w.id + "\x00" + w.worker + "\x00" + string(step.Kind) + "\x00" + step.ID))
	return keyops.Request{
		Session: w.request.Session, Owner: w.owner(), Remote: w.request.Remote, Keys: w.request.Keys, ID: w.request.ID,
		IdempotencyKey: "offboard-" + hex.EncodeToString(sum[:16]),
		Gone:           func() bool { return false },
		Audit:          func(_ keyops.Kind, _ string, err error) { w.request.Audit(step, err) },
	}
}

// facts is what the APIs show.
type facts struct {
	listing keys.Listing
	user    keys.User
	groups  []string
	gone    bool // the user does not exist any more
}

// shows reports whether a step has been carried out.
func (f facts) shows(s Step) bool {
	switch s.Kind {
	case DeactivateKey:
		k, found := f.listing.Find(s.ID)
		return !found || k.Activity == keys.Inactive
	case DeleteKey:
		_, found := f.listing.Find(s.ID)
		return !found
	case LeaveGroup:
		return f.gone || !slices.Contains(f.groups, s.ID)
	default:
		return f.gone || !f.user.Active
	}
}

// look asks the APIs for what steps of some kinds are about. A user who does not exist
// has neither keys nor groups nor an account.
func (w *run) look(ctx context.Context, of func(Kind) bool) (facts, error) {
	var f facts
	var listErr, userErr, groupsErr error
	var calls []func()
	if of(DeactivateKey) {
		calls = append(calls, func() {
			var l keys.Listing
			l, listErr = w.request.Keys.List(ctx, w.owner())
			if f.listing = l; l.NoPrivilege {
				listErr = l.Refusal
			}
		})
	}
	if of(LeaveGroup) {
		calls = append(calls, func() {
			var list []keys.Group
			if list, groupsErr = w.request.Remote.UserGroups(ctx, w.record.Of.ID); groupsErr == nil {
				for _, g := range list {
					f.groups = append(f.groups, g.ID)
				}
			}
		})
	}
	if of(DeactivateAccount) {
		calls = append(calls, func() { f.user, userErr = w.request.Remote.User(ctx, w.record.Of.ID) })
	}
	parallel.Do(calls...)
	if err := cmp.Or(listErr, groupsErr, userErr); errors.Is(err, keys.ErrNotFound) || errors.Is(err, keys.ErrNoUser) {
		return facts{gone: true}, nil
	} else if err != nil {
		return facts{}, err
	}
	return f, nil
}

// done notes that a step is seen to be done.
func (w *run) done(step *Step) {
	step.Before = step.State == Waiting || step.State == Failed
	step.State, step.At, step.Failure, step.Message = Done, w.service.now(), "", ""
	w.request.Changed()
}

// write writes the record and renews the lease, unless another process has taken it.
func (w *run) write(ctx context.Context) error {
	if w.record.Worker != "" {
		w.record.Lease = w.service.now().Add(leaseTTL)
	}
	err := storePolicy.Do(ctx, func(ctx context.Context) error {
		err := w.log.Edit(ctx, func(all []idempotency.Operation[Record]) ([]idempotency.Operation[Record], error) {
			for i, op := range all {
				if op.ID == w.id && op.Data.Worker == w.worker {
					all[i].Data = w.record.clone()
					return all, nil
				}
			}
			return nil, errTaken
		})
		if errors.Is(err, errTaken) {
			return retry.Permanent(err)
		}
		return err
	})
	if err != nil && !errors.Is(err, errTaken) {
		return storeError(err)
	}
	return err
}
