package web

import (
	"context"
	"encoding/json"

	"github.com/labstack/echo/v4"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/loginlimit"
	"keydeck/internal/session"
)

// audit records what was done to a key, or tried.
func (s *Server) audit(v *scope, action audit.Action, accessKey string, err error) {
	s.record(v, v.session, keyEvent(v.owner, action, accessKey, err))
}

// keyEvent is the event of an act on one of an owner's keys; err says how it went.
func keyEvent(owner keys.Owner, action audit.Action, accessKey string, err error) audit.Event {
	e := audit.Event{
		Action: action, Outcome: outcomeOf(err), Target: owner.UserID, TargetAs: owner.Email, AccessKey: accessKey,
	}
	if err != nil {
		e.Reason = reasonOf(err, 0)
	}
	return e
}

// eventBy is an event with the person of a session as its actor.
func eventBy(by *session.Session, e audit.Event) audit.Event {
	e.Actor, e.Account, e.Contract, e.Session = by.UserID, by.Email, by.Contract, by.ID()
	return e
}

func outcomeOf(err error) audit.Outcome {
	switch {
	case isIndeterminate(err):
		return audit.Unclear
	case err != nil:
		return audit.Refused
	default:
		return audit.Done
	}
}

// record records an event, in the audit log and for its actor to read. by is nil
// for an event without a session.
func (s *Server) record(c echo.Context, by *session.Session, e audit.Event) {
	trailOf(c).add(e.Action)
	e.RequestID, e.Address, e.Time = requestIDOf(c), c.RealIP(), s.now().UTC()
	if by == nil {
		s.auditLog.Record(e)
		return
	}
	e = eventBy(by, e)
	s.auditLog.Record(e)
	data, err := json.Marshal(e)
	if err == nil {
		// Also when the client has closed the connection.
		err = s.sessions.AppendActivity(context.WithoutCancel(c.Request().Context()), by.UserID, data)
	}
	if err != nil {
		s.logger.Warn("an activity was not stored", "id", requestIDOf(c), "action", e.Action, "error", err)
	}
}

// failedSignIns is an activity of those that failed to sign in as a person.
type failedSignIns struct {
	audit.Event
	Attempts int `json:"attempts"` // within an hour
}

// recordFailures tells a person of failed attempts to sign in with their account,
// in their own activity. An attempt is written down when their number has doubled,
// so that guessing does not push everything else out of the list.
func (s *Server) recordFailures(c echo.Context, f loginlimit.Failures) {
	if f.User == "" || !f.Notable() {
		return
	}
	data, err := json.Marshal(failedSignIns{audit.Event{
		Action: audit.SignIn, Outcome: audit.Refused, Actor: f.User, RequestID: requestIDOf(c), Address: c.RealIP(), Time: s.now().UTC(),
	}, f.Count})
	if err == nil {
		err = s.sessions.AppendActivity(context.WithoutCancel(c.Request().Context()), f.User, data)
	}
	if err != nil {
		s.logger.Warn("an activity was not stored", "id", requestIDOf(c), "action", audit.SignIn, "error", err)
	}
}

// recordStranger has the record of a refused sign-in name an account, as typed.
// The value may be anything, a password even: it is named only if it looks like an
// e-mail address.
func (s *Server) recordStranger(c echo.Context, account string) {
	if looksLikeEmail(account) {
		trailOf(c).account = account
	}
}
