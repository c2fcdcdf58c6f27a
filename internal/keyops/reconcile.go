package keyops

import (
	"context"
	"errors"
	"slices"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keys"
	"keydeck/internal/retry"
)

// Reconcile returns the outcome of what a form has asked for, and finds it out
// where it is not known. It changes no key. ErrNotBegun for a form whose change
// was never begun, and never will be; else as the change itself.
func (s *Service) Reconcile(ctx context.Context, r Request, idempotencyKey string) (Result, error) {
	l, err := s.load(ctx, r.Owner)
	if err != nil {
		return Result{}, err
	}
	op, found := l.Find(idempotencyKey)
	if !found {
		return s.rejectUnbegun(ctx, r, l, idempotencyKey)
	}
	return s.resultOf(ctx, r, l, op)
}

// rejectUnbegun records that a form has changed nothing. The request that brings it
// may still be on its way, or be listing the keys, and would otherwise carry it out
// after the person has been shown that nothing was changed.
func (s *Service) rejectUnbegun(ctx context.Context, r Request, l *log, idempotencyKey string) (Result, error) {
	c := Change{Session: r.Session.ID(), Actor: digest(r.Session.UserID), Shown: StageOutcome}
	c.fail(ErrNotBegun)
	added, err := l.Reject(context.WithoutCancel(ctx), operation{ID: idempotencyKey, Keyed: true, Data: c}, formTTL)
	op, found := l.Find(idempotencyKey)
	switch {
	case errors.Is(err, idempotency.ErrFull):
		return Result{}, ErrBusy
	case err != nil:
		return Result{}, storeError(err)
	case found && !added:
		return s.resultOf(ctx, r, l, op)
	default:
		return Result{}, ErrNotBegun
	}
}

// reconcile looks for the outcome of an operation and completes it. It goes on when
// the browser goes away: what was found out is recorded.
func (s *Service) reconcile(ctx context.Context, r Request, l *log, op operation, polls retry.Policy) (Result, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), changeTimeout)
	defer cancel()
	pair, err := s.lookUp(ctx, r, l, op, s.doubt(op), polls)
	op.Data.found = true
	return s.complete(ctx, r, l, op, pair, err)
}

// lookupTimeout bounds looking for the outcome of a change whose answer was lost.
// The change may have used up its own time.
const lookupTimeout = 10 * time.Second

var (
	// polls is for a change that may take a moment to show: some two seconds.
	polls = retry.Policy{MinBackoff: 250 * time.Millisecond, MaxBackoff: time.Second, Attempts: 4}
	// onePoll is for a page that must not wait.
	onePoll = retry.Policy{Attempts: 1}
)

var errNotYet = errors.New("not yet")

// poll looks until the answer is yes, as often as policy says. The error is that of
// the last look.
func poll(ctx context.Context, policy retry.Policy, look func(context.Context) (bool, error)) (yes bool, err error) {
	err = policy.Do(ctx, func(ctx context.Context) error {
		var failed error
		if yes, failed = look(ctx); failed != nil {
			yes = false
			return failed
		}
		if !yes {
			return errNotYet
		}
		return nil
	})
	if errors.Is(err, errNotYet) {
		err = nil
		if ctx.Err() != nil {
			err = ctx.Err()
		}
	}
	return yes, err
}

// lookUp finds out whether a change was carried out whose answer was lost: it
// returns the pair of a key that was created or renewed, with a zero Secret where
// the Cloud API does not give it; lost, when that cannot be known now; lost without
// the doubt, when the change was not carried out.
func (s *Service) lookUp(ctx context.Context, r Request, l *log, op operation, lost error, polls retry.Policy) (keys.KeyPair, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
	defer cancel()
	switch op.Data.Kind {
	case Create:
		return s.lookUpCreated(ctx, r, op, lost, polls)
	case Renew:
		return s.lookUpRenewed(ctx, r, op, lost, polls)
	case Activate, Deactivate:
		return keys.KeyPair{}, s.lookUpAsynchronous(ctx, r, l, op, lost, polls)
	case Delete:
		if op.Data.Cloud {
			return keys.KeyPair{}, s.lookUpAsynchronous(ctx, r, l, op, lost, polls)
		}
		return keys.KeyPair{}, s.lookUpListed(ctx, r, lost, polls, func(l keys.Listing) bool {
			k, found := l.Find(op.Data.AccessKey)
			return !found || k.Status == keys.StatusDestroying
		})
	case Describe:
		return keys.KeyPair{}, s.lookUpListed(ctx, r, lost, polls, func(l keys.Listing) bool {
			k, found := l.Find(op.Data.AccessKey)
			return found && digest(k.Description) == op.Data.DescriptionDigest
		})
	case rotation:
		return keys.KeyPair{}, nil
	default:
		return keys.KeyPair{}, lost
	}
}

// lookUpCreated finds the key that a creation has made: one that was not there
// before and that no other creation has made.
func (s *Service) lookUpCreated(ctx context.Context, r Request, op operation, lost error, polls retry.Policy) (keys.KeyPair, error) {
	all, err := s.load(ctx, r.Owner)
	if err != nil {
		return keys.KeyPair{}, lost
	}
	candidate := func(k keys.Key) bool {
		described := r.Owner.Managed || digest(k.Description) == op.Data.DescriptionDigest
		return described && !slices.Contains(op.Data.ExistingKeys, k.AccessKey) &&
			!slices.ContainsFunc(all.Operations(), func(other operation) bool {
				return other.ID != op.ID && other.Data.Kind == Create && other.Data.AccessKey == k.AccessKey
			})
	}
	var found []keys.Key
	yes, err := poll(ctx, polls, func(ctx context.Context) (bool, error) {
		list, err := r.Keys.ListForChange(ctx, r.Owner)
		found = slices.DeleteFunc(list.Keys, func(k keys.Key) bool { return !candidate(k) })
		return len(found) > 0, err
	})
	switch {
	case err != nil:
		return keys.KeyPair{}, lost
	case !yes:
		return keys.KeyPair{}, determinate(lost)
	}
	// Of several it is the oldest: the others came of later requests. It is handed
	// out once, which complete sees to.
	oldest := slices.MinFunc(found, func(a, b keys.Key) int { return a.Created.Compare(b.Created) })
	return s.withSecret(ctx, r, oldest, polls), nil
}

// withSecret adds the secret of a new key, or leaves it zero. The Cloud API does
// not return a new key at once (measured: some hundred milliseconds).
func (s *Service) withSecret(ctx context.Context, r Request, k keys.Key, polls retry.Policy) keys.KeyPair {
	pair := keys.KeyPair{Key: k}
	_, _ = poll(ctx, polls, func(ctx context.Context) (bool, error) {
		got, err := r.Remote.UserKeyPair(ctx, r.Owner.UserID, k.AccessKey)
		if err == nil {
			pair = keys.KeyPair{Key: keys.Merge([]keys.Key{k}, []keys.Key{got.Key})[0], Secret: got.Secret}
		}
		return !pair.Secret.IsZero(), nil
	})
	return pair
}

// lookUpRenewed compares the secret that there is with the fingerprint of the one
// before.
func (s *Service) lookUpRenewed(ctx context.Context, r Request, op operation, lost error, polls retry.Policy) (keys.KeyPair, error) {
	if op.Data.SecretFingerprint == "" {
		return keys.KeyPair{}, lost // nothing to compare with
	}
	var pair keys.KeyPair
	renewed, err := poll(ctx, polls, func(ctx context.Context) (yes bool, err error) {
		pair, err = r.Remote.UserKeyPair(ctx, r.Owner.UserID, op.Data.AccessKey)
		return err == nil && pair.Secret.Fingerprint() != op.Data.SecretFingerprint, err
	})
	switch {
	case renewed:
		return pair, nil
	case errors.Is(s.sureNotFound(ctx, r, op.Data.AccessKey, err), keys.ErrNotFound):
		return keys.KeyPair{}, err // it has been deleted since, with either secret
	case err != nil:
		return keys.KeyPair{}, lost
	default:
		return keys.KeyPair{}, determinate(lost)
	}
}

// lookUpAsynchronous looks whether the Cloud API has carried out a change whose
// answer was lost. It does so asynchronously, so a key that has not changed yet may
// change later. While an earlier change of the key is in progress, the list says
// nothing about this one.
func (s *Service) lookUpAsynchronous(ctx context.Context, r Request, l *log, op operation, lost error, polls retry.Policy) error {
	wanted := pendingOf(op)
	earlier := slices.DeleteFunc(l.Operations(), func(other operation) bool { return other.ID == op.ID })
	if before, counts := keys.PendingFor(pendingChanges(earlier), op.Data.AccessKey, s.now()); counts &&
		op.Data.Kind != Delete && r.Keys.InProgress(ctx, before) {
		return lost
	}
	converged, err := poll(ctx, polls, func(ctx context.Context) (bool, error) {
		list, err := r.Remote.UserKeys(ctx, r.Owner.UserID)
		return err == nil && wanted.Converged(keys.NewListing(r.Owner, list)), err
	})
	switch {
	case converged:
		return nil
	case err == nil && !wanted.Counts(s.now()):
		return determinate(lost)
	default:
		return lost
	}
}

// lookUpListed looks whether the Management API has carried out a change. Its list
// shows at once what it has accepted; a change that it does not show was not
// made.
func (s *Service) lookUpListed(ctx context.Context, r Request, lost error, polls retry.Policy, done func(keys.Listing) bool) error {
	yes, err := poll(ctx, polls, func(ctx context.Context) (bool, error) {
		list, err := r.Remote.OwnKeys(ctx)
		return err == nil && done(keys.NewListing(r.Owner, list)), err
	})
	switch {
	case yes:
		return nil
	case err != nil:
		return lost
	default:
		return determinate(lost)
	}
}

// determinate takes the doubt from an error after looks that found nothing. A
// request that was not answered in time may still be on its way: there the doubt
// stays.
func determinate(lost error) error {
	e, ok := errors.AsType[*keys.Error](lost)
	if !ok || errors.Is(lost, keys.ErrTimeout) {
		return lost
	}
	sure := *e
	sure.Indeterminate = false
	return &sure
}

// creationInProgress refuses a creation while another one for the same owner is
// pending or indeterminate in the same session.
func (s *Service) creationInProgress(l *log, c Change) error {
	if c.Kind != Create {
		return nil
	}
	for _, op := range l.Operations() {
		if op.Data.Kind == Create && op.Data.Session == c.Session && !op.State.Determinate() {
			return &InProgressError{IdempotencyKey: op.ID, Predecessor: op.Data.Predecessor}
		}
	}
	return nil
}
