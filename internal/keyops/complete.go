package keyops

import (
	"context"
	"errors"
	"slices"

	"keydeck/internal/idempotency"
	"keydeck/internal/keys"
)

// errClaimed: the key or secret that was found belongs to another change, or may
// belong to one that is pending.
var errClaimed = errors.New("what was found may be another change's")

// complete records how a change went, or what was found out of it, and audits it.
// The time for the change may be used up; the outcome is recorded all the same.
// Where more is on record already, found out by another request, it returns that.
func (s *Service) complete(ctx context.Context, r Request, l *log, op operation, pair keys.KeyPair, err error) (Result, error) {
	ctx = context.WithoutCancel(ctx)
	created, accessKey := err == nil && pair.Key.AccessKey != "", op.Data.AccessKey
	if created {
		op.Data.AccessKey = pair.Key.AccessKey
	}
	if created && !op.Data.found {
		s.cachePair(ctx, r, op, pair) // first: a request that waits for the outcome shows it
	}
	recorded, failed := s.store(ctx, r, l, op, err)
	if errors.Is(failed, errClaimed) {
		err = &keys.Error{Kind: keys.ErrUnavailable, Op: string(op.Data.Kind), Indeterminate: true, Err: failed}
		op.Data.AccessKey = accessKey
		recorded, failed = s.store(ctx, r, l, op, err)
	}
	if failed != nil {
		s.logger.Warn("the outcome of a change was not recorded",
			"id", r.ID, "kind", op.Data.Kind, "key", op.Data.AccessKey, "error", failed)
	}
	if recorded || failed != nil {
		r.Audit(op.Data.Kind, op.Data.AccessKey, err)
	} else if known, _ := l.Find(op.ID); known.State != stateOf(err) {
		return known.Data.result(known.State)
	}
	if err != nil {
		return Result{}, err
	}
	if created && op.Data.found {
		s.cachePair(ctx, r, op, pair)
	}
	return Result{AccessKey: op.Data.AccessKey}, nil
}

// store writes the outcome of an operation into the log, until it succeeds within
// bounds. recorded is false where as much is on record already.
func (s *Service) store(ctx context.Context, r Request, l *log, op operation, err error) (recorded bool, failed error) {
	outcome, state := op.Data, stateOf(err)
	if state.Determinate() {
		outcome.ExistingKeys, outcome.DescriptionDigest = nil, ""
	}
	if state == idempotency.Failed {
		outcome.fail(err)
		outcome.Shown = max(outcome.Shown, r.answered())
	}
	failed = record(ctx, func(ctx context.Context) (err error) {
		recorded, err = l.Complete(ctx, op, state, func(stored *operation, all []operation) ([]operation, error) {
			if outcome.found && state == idempotency.Done && s.claimed(all, op, outcome.AccessKey) {
				return nil, errClaimed
			}
			stored.Data = outcome
			if state == idempotency.Done {
				all = s.rotationAfter(all, outcome)
			}
			return all, nil
		})
		return err
	})
	return recorded, failed
}

func stateOf(err error) idempotency.State {
	switch {
	case keys.Indeterminate(err):
		return idempotency.Indeterminate
	case err != nil:
		return idempotency.Failed
	default:
		return idempotency.Done
	}
}

// claimed reports whether what was found by looking is another change's, or may be
// that of one that is pending: the key of another creation, or the secret of another
// renewal of the key that began with the same secret. What the API has answered a
// change with is its own in any case.
func (s *Service) claimed(all []operation, op operation, accessKey string) bool {
	return slices.ContainsFunc(all, func(other operation) bool {
		if other.ID == op.ID || other.Data.Kind != op.Data.Kind {
			return false
		}
		pending := other.State == idempotency.Pending && !s.operations.Orphaned(other)
		switch op.Data.Kind {
		case Create:
			return pending || other.Data.AccessKey == accessKey
		case Renew:
			return (pending || other.State == idempotency.Done) &&
				other.Data.AccessKey == accessKey && other.Data.SecretFingerprint == op.Data.SecretFingerprint
		case Activate, Deactivate, Describe, Delete, rotation:
		}
		return false
	})
}

// answered returns the stage of a failure whose answer says it, which is read unless
// the browser has left.
func (r Request) answered() Stage {
	if r.Gone != nil && !r.Gone() {
		return StageOutcome
	}
	return StageNone
}

// ownFailures name the errors in Change.Failure that are not of package keys.
var ownFailures = map[string]error{"store": ErrStore, "signed-out": ErrSignedOut, "not-begun": ErrNotBegun, "active": ErrActive, "describing": ErrDescribing, "has-key": ErrHasKey}

// fail notes why a change has failed.
func (c *Change) fail(err error) { c.Failure, c.Message = FailureName(err), keys.Message(err) }

// failure returns the error that a change has failed with.
func (c Change) failure() error { return FailureOf(c.Kind, c.Failure, c.Message) }

// FailureName returns a name for why a change has failed, to store it by.
func FailureName(err error) string {
	for name, own := range ownFailures {
		if errors.Is(err, own) {
			return name
		}
	}
	return keys.KindName(err)
}

// FailureOf returns the error with a name from [FailureName] and the API's words.
func FailureOf(kind Kind, name, message string) error {
	if own, found := ownFailures[name]; found {
		return own
	}
	return &keys.Error{Kind: keys.KindOfName(name), Op: string(kind), Message: message}
}

// result returns the outcome of a change that is done or has failed.
func (c Change) result(state idempotency.State) (Result, error) {
	if state == idempotency.Done {
		return Result{AccessKey: c.AccessKey}, nil
	}
	return Result{}, errors.Join(ErrRepeated, c.failure())
}

// resultOf returns the outcome of an operation that was acquired before. It waits
// for the request that carries it out, as long as ctx gives time, and looks for
// itself where there is none any more.
func (s *Service) resultOf(ctx context.Context, r Request, l *log, op operation) (Result, error) {
	if op.State == idempotency.Pending && !s.operations.Orphaned(op) {
		op = s.wait(ctx, r, op)
	}
	switch {
	case op.State.Determinate():
		return op.Data.result(op.State)
	case op.State == idempotency.Pending && !s.operations.Orphaned(op):
		return Result{}, s.doubt(op)
	default:
		return s.reconcile(ctx, r, l, op, polls)
	}
}

// wait waits until an operation is completed or orphaned, and returns it as it is
// then, or as it was where that cannot be read: its outcome is not known.
func (s *Service) wait(ctx context.Context, r Request, op operation) operation {
	if deadline, bounded := ctx.Deadline(); bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-answerTimeout))
		defer cancel()
	}
	now, err := s.operations.Wait(ctx, r.Owner.UserID, op.ID)
	if err != nil {
		s.logger.Warn("a change in progress was not read", "id", r.ID, "kind", op.Data.Kind, "error", err)
		return op
	}
	return now
}

// doubt is the error for an operation whose outcome is not known. That of an old
// one can be cleared up by a look that finds nothing.
func (s *Service) doubt(op operation) error {
	kind := keys.ErrUnavailable
	if s.now().Sub(op.Acquired) < settleTimeout {
		kind = keys.ErrTimeout // it may be on its way
	}
	return &keys.Error{Kind: kind, Op: string(op.Data.Kind), Indeterminate: true, Err: errors.New("no outcome is on record")}
}
