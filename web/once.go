package web

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/session"
)

const (
	// operationBudget is what a change gets to be carried out, with looking
	// whether it was. It goes on when the browser does not wait, and ends
	// before the server gives the connection up.
	operationBudget = 50 * time.Second

	// cutOff is the age from which an operation that nobody told the end of
	// was cut off, by a crash or a kill.
	cutOff = operationBudget + 10*time.Second

	// answerTime is what is left of a request's time, after waiting for
	// another one, to answer it.
	answerTime = time.Second
)

// task is what a form asks for, to be carried out once.
type task struct {
	action string // for the audit log
	makes  bool   // a key, rather than to change one

	// do carries it out, and tells begin right before it asks the API.
	do func(ctx context.Context, begin keys.Begin) (keys.KeyPair, error)
	// look finds out what became of it where nobody has told, and changes
	// nothing.
	look func(context.Context, keys.Attempt) (keys.KeyPair, error)
	// made takes the pair that came of it. It may be called again.
	made func(context.Context, keys.KeyPair)
}

// once carries out what a form asks for at most once, ever: of several requests
// with one request id, one does it and the others get its outcome. A form that
// has failed is answered with a fresh one: were it carried out again, a request
// that was long on its way could still do what people were told has failed.
func (s *Server) once(v *visit, requestID string, t task) (session.Outcome, error) {
	for {
		found, mine, err := s.sessions.Claim(v.Request().Context(), v.session, requestID)
		switch {
		case errors.Is(err, session.ErrNoSession):
			return session.Outcome{}, errSignedOut
		case err != nil:
			return session.Outcome{}, storeTrouble(err)
		case mine:
			return s.carryOut(v, requestID, t)
		}
		outcome, err := s.outcomeOf(v, requestID, found, t)
		if !errors.Is(err, session.ErrNotFound) {
			return outcome, err
		}
		// Whoever had claimed it went away before it began: it is ours to do.
	}
}

// carryOut does it and records how it went. The browser may go away meanwhile:
// what has been begun is finished, so that its outcome is known.
func (s *Server) carryOut(v *visit, id string, t task) (session.Outcome, error) {
	ctx, cancel := undisturbed(v)
	defer cancel()
	pair, err := t.do(ctx, func(ctx context.Context, a keys.Attempt) error {
		if t.makes {
			if err := s.beginMaking(ctx, v, id); err != nil {
				return err
			}
		}
		return s.note(ctx, v, id, a)
	})
	if err == nil && t.makes && pair.Found {
		err = s.claimFound(ctx, v, id, pair)
	}
	s.audit(v, t.action, pair.Key.AccessKey, err)
	return s.finish(ctx, v, id, t, pair, err)
}

// note keeps what is needed to find out, after a crash, what became of a
// change. Without it the API is not asked.
func (s *Server) note(ctx context.Context, v *visit, id string, a keys.Attempt) error {
	plain, err := json.Marshal(a)
	if err != nil {
		return err
	}
	err = s.sessions.Note(ctx, v.session, id, plain)
	switch {
	case errors.Is(err, session.ErrNotFound):
		return errSignedOut // its records have gone with the session
	case err != nil:
		return storeTrouble(err)
	}
	return nil
}

// finish records how a change went, or what was found out of it.
func (s *Server) finish(ctx context.Context, v *visit, id string, t task, pair keys.KeyPair, err error) (session.Outcome, error) {
	// The time for the change may be used up; what came of it is recorded all
	// the same.
	ctx = context.WithoutCancel(ctx)
	outcome := session.Outcome{State: session.OpDone, AccessKey: pair.Key.AccessKey}
	switch {
	case keys.Unclear(err):
		outcome = session.Outcome{State: session.OpUnclear, Message: keys.Message(err)}
		err = errors.Join(errUnclear, err)
	case err != nil:
		outcome = session.Outcome{State: session.OpFailed, Message: problemOf(err).text}
	default:
		t.made(ctx, pair)
	}
	if t.makes {
		s.noteMade(ctx, v, id, outcome)
	}
	failed := insist(ctx, func() error { return s.sessions.Finish(ctx, v.session, id, outcome) })
	if failed != nil {
		s.logger.Warn("the outcome of a change was not recorded",
			"id", requestIDOf(v), "state", outcome.State, "key", outcome.AccessKey, "error", failed)
	}
	return outcome, err
}

// outcomeOf tells what is known of an operation: it waits for the request that
// is at it, and looks for itself where there is none any more.
func (s *Server) outcomeOf(v *visit, id string, found session.Operation, t task) (session.Outcome, error) {
	outcome := found.Outcome
	alone := found.CutOff || s.now().Sub(found.Claimed) >= cutOff
	switch {
	case outcome.State == session.OpUnclear, outcome.State == session.OpPending && alone:
		return s.clearUp(v, id, found, t)
	case outcome.State == session.OpPending:
		var err error
		if outcome, err = s.await(v, id); err != nil {
			return outcome, err
		}
	}
	switch outcome.State {
	case session.OpDone:
		return outcome, nil
	case session.OpFailed:
		return outcome, errors.Join(errRepeated, &keys.Error{Kind: keys.ErrInvalid, Op: "repeated request", Message: outcome.Message})
	default:
		return outcome, errUnclear
	}
}

// await waits as long as the request has time. It is session.ErrNotFound when
// whoever had claimed the operation has given it back.
func (s *Server) await(v *visit, id string) (session.Outcome, error) {
	ctx := v.Request().Context()
	if deadline, bounded := ctx.Deadline(); bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-answerTime))
		defer cancel()
	}
	outcome, err := s.sessions.Await(ctx, v.session, id)
	switch {
	case err == nil || ctx.Err() != nil:
		return outcome, nil
	case errors.Is(err, session.ErrNotFound):
		return outcome, err
	default:
		return outcome, storeTrouble(err)
	}
}
