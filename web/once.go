package web

import (
	"context"
	"errors"
	"strconv"
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

	// maxAttempts bounds how often one form can be sent after it has failed.
	maxAttempts = 20
)

// once carries out what a form asks for at most once: of several requests with
// one request id, one does it and the others get its outcome. do returns the
// access key that was made or changed. After it has surely failed, the same
// form may be sent again; that is an attempt of its own, which again happens
// once.
func (s *Server) once(v *visit, requestID string, do func(context.Context) (string, error)) (session.Outcome, error) {
	ctx := v.Request().Context()
	for attempt := range maxAttempts {
		id := requestID
		if attempt > 0 {
			id += "." + strconv.Itoa(attempt)
		}
		found, mine, err := s.sessions.Claim(ctx, v.session, id)
		switch {
		case errors.Is(err, session.ErrNoSession):
			return session.Outcome{}, errSignedOut
		case err != nil:
			return session.Outcome{}, storeTrouble(err)
		case mine:
			return s.carryOut(v, id, do)
		case found.State == session.OpFailed:
			continue
		}
		return s.outcomeOf(ctx, v.session, id, found)
	}
	return session.Outcome{}, session.ErrBadRequestID
}

// carryOut does it and records how it went. The browser may go away meanwhile:
// what has been begun is finished, so that its outcome is known.
func (s *Server) carryOut(v *visit, id string, do func(context.Context) (string, error)) (session.Outcome, error) {
	ctx, cancel := undisturbed(v)
	defer cancel()
	accessKey, err := do(ctx)
	outcome := session.Outcome{State: session.OpDone, AccessKey: accessKey}
	switch {
	case keys.Unclear(err):
		outcome = session.Outcome{State: session.OpUnclear, Message: keys.Message(err)}
		err = errors.Join(errUnclear, err)
	case err != nil:
		outcome = session.Outcome{State: session.OpFailed, Message: problemOf(err).text}
	}
	// The time for the change may be used up; what came of it is recorded all
	// the same.
	finish := context.WithoutCancel(ctx)
	if failed := s.sessions.Finish(finish, v.session, id, outcome); failed != nil {
		s.logger.Warn("the outcome of a change was not recorded",
			"id", requestIDOf(v), "state", outcome.State, "key", accessKey, "error", failed)
	}
	return outcome, err
}

// outcomeOf waits for what another request with the same id makes of it.
func (s *Server) outcomeOf(ctx context.Context, signedIn *session.Session, id string, found session.Operation) (session.Outcome, error) {
	outcome := found.Outcome
	if outcome.State == session.OpPending && s.now().Sub(found.Claimed) < cutOff {
		var err error
		outcome, err = s.sessions.Await(ctx, signedIn, id)
		if err != nil && ctx.Err() == nil {
			return outcome, storeTrouble(err)
		}
	}
	switch outcome.State {
	case session.OpDone:
		return outcome, nil
	case session.OpFailed:
		return outcome, &keys.Error{Kind: keys.ErrInvalid, Op: "repeated request", Message: outcome.Message}
	default:
		return outcome, errUnclear
	}
}
