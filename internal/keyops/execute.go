package keyops

import (
	"context"
	"errors"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keys"
	"keydeck/internal/session"
)

// plan is a change about to be carried out.
type plan struct {
	id    string // the idempotency key, or a new id
	keyed bool

	// prepare lists the keys, applies the rules and fills in the checkpoint. It is
	// called again when other changes have come in between. With ok false there is
	// nothing to do.
	prepare func(ctx context.Context, earlier []operation, c *Change) (ok bool, err error)
	// apply asks the API, once.
	apply func(ctx context.Context, c *Change) (keys.KeyPair, error)
}

// execute carries out a change at most once: of several requests with one
// idempotency key, one carries it out and the others return its outcome. It goes
// on when the browser goes away, so that what was begun is completed.
func (s *Service) execute(ctx context.Context, r Request, c Change, p plan) (Result, error) {
	c.Session, c.Actor = r.Session.ID(), digest(r.Session.UserID)
	waiting := ctx
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), changeTimeout)
	defer cancel()
	for {
		l, err := s.load(ctx, r.Owner)
		if err != nil {
			return Result{}, err
		}
		if op, found := l.Find(p.id); found {
			return s.resultOf(waiting, r, l, op)
		}
		if err := s.creationInProgress(l, c); err != nil {
			return Result{}, err
		}
		next := c
		ok, err := p.prepare(ctx, l.Operations(), &next)
		if err != nil {
			return s.reject(ctx, waiting, r, l, next, p, err)
		}
		if !ok {
			r.Audit(next.Kind, next.AccessKey, nil)
			return Result{AccessKey: next.AccessKey}, nil
		}
		op, err := l.Acquire(ctx, operation{ID: p.id, Keyed: p.keyed, Data: next}, p.ttl())
		switch {
		case errors.Is(err, idempotency.ErrConflict):
			continue
		case errors.Is(err, idempotency.ErrFull):
			r.Audit(next.Kind, next.AccessKey, ErrBusy)
			return Result{}, ErrBusy
		case err != nil:
			return s.withdraw(ctx, r, op, storeError(err))
		}
		return s.carryOut(ctx, r, l, op, p)
	}
}

// carryOut asks the API for a change that is acquired, and completes it.
func (s *Service) carryOut(ctx context.Context, r Request, l *log, op operation, p plan) (Result, error) {
	var pair keys.KeyPair
	err := s.beforeSecretChanges(ctx, r, op.Data)
	if err == nil {
		pair, err = p.apply(ctx, &op.Data)
		err = s.sureNotFound(ctx, r, op.Data.AccessKey, err)
	}
	if keys.Indeterminate(err) {
		pair, err = s.lookUp(ctx, r, l, op, err, polls)
		op.Data.found = true
	}
	return s.complete(ctx, r, l, op, pair, err)
}

// sureNotFound returns err, unless an API does not find a key that is listed all the
// same, or may be: then it is ErrInconsistent. A part of an API may not know yet what
// another one does.
func (s *Service) sureNotFound(ctx context.Context, r Request, accessKey string, err error) error {
	if !errors.Is(err, keys.ErrNotFound) || accessKey == "" {
		return err
	}
	k, _, listErr := r.Keys.Find(ctx, r.Owner, accessKey)
	if errors.Is(listErr, keys.ErrNotFound) || listErr == nil && k.Status == keys.StatusDestroying {
		return err
	}
	return &keys.Error{Kind: keys.ErrInconsistent, Op: "change key", API: keys.APIName(err), Message: keys.Message(err), Err: listErr}
}

// withdraw fails an operation that the store has not acknowledged: it may be there
// all the same, and nothing carries it out.
func (s *Service) withdraw(ctx context.Context, r Request, op operation, err error) (Result, error) {
	l, failed := s.load(ctx, r.Owner)
	if failed == nil {
		if stored, found := l.Find(op.ID); found && stored.Acquired.Equal(op.Acquired) {
			return s.complete(ctx, r, l, op, keys.KeyPair{}, err)
		}
	}
	r.Audit(op.Data.Kind, op.Data.AccessKey, err)
	return Result{}, err
}

// beforeSecretChanges refuses a change whose secret could not be shown any more,
// and drops a cached pair that is about to be wrong, so that nothing is left of it
// after a crash.
func (s *Service) beforeSecretChanges(ctx context.Context, r Request, c Change) error {
	switch c.Kind {
	case Create, Renew:
		err := s.sessions.Exists(ctx, r.Session)
		switch {
		case errors.Is(err, session.ErrNoSession):
			return ErrSignedOut
		case err != nil:
			return storeError(err)
		}
	case Activate, Deactivate, Describe, Delete, rotation:
	}
	if c.Kind == Renew || c.Kind == Delete {
		return s.ForgetPair(ctx, r, c.AccessKey)
	}
	return nil
}

func (p plan) ttl() time.Duration {
	if p.keyed {
		return formTTL
	}
	return changeTTL
}

// reject records that a change has failed before it began. Were it not recorded, a
// request with the same form that was long on its way could still carry out what
// was answered with a failure. Where another request has acquired the operation in
// between, its outcome is the form's. A change that no form can repeat is recorded
// for the person's next page alone.
func (s *Service) reject(ctx, waiting context.Context, r Request, l *log, c Change, p plan, err error) (Result, error) {
	ctx = context.WithoutCancel(ctx)
	rejected := c
	rejected.fail(err)
	rejected.Shown = max(c.Shown, r.answered())
	if p.keyed || rejected.Shown < StageOutcome {
		added, failed := l.Reject(ctx, operation{ID: p.id, Keyed: p.keyed, Data: rejected}, p.ttl())
		if failed != nil {
			s.logger.Warn("a failed change was not recorded", "id", r.ID, "kind", c.Kind, "error", failed)
		} else if op, found := l.Find(p.id); found && !added {
			return s.resultOf(waiting, r, l, op)
		}
	}
	r.Audit(c.Kind, c.AccessKey, err)
	return Result{}, err
}
