package web

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/labstack/echo/v4"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/session"
)

// audit writes down what was done to a key, or tried.
func (s *Server) audit(v *visit, action, accessKey string, err error) {
	s.record(v, v.session, audit.Event{
		Action: action, Outcome: outcomeOf(err), Target: v.owner.UserID, TargetAs: v.owner.Email, AccessKey: accessKey,
	})
}

func outcomeOf(err error) string {
	switch {
	case keys.Unclear(err) || errors.Is(err, errUnclear):
		return audit.Unclear
	case err != nil:
		return audit.Refused
	default:
		return audit.Done
	}
}

// record writes an event down, in the audit log and for the person to read.
func (s *Server) record(c echo.Context, by *session.Session, e audit.Event) {
	e.Actor, e.Account, e.Contract, e.Session = by.UserID, by.Email, by.Contract, by.ID()
	e.RequestID, e.Address, e.Time = requestIDOf(c), c.RealIP(), s.now().UTC()
	s.auditLog.Record(e)
	entry, err := json.Marshal(e)
	if err == nil {
		// What was done is noted also when the browser has gone.
		err = s.sessions.Journal(context.WithoutCancel(c.Request().Context()), by, entry)
	}
	if err != nil {
		s.logger.Warn("an activity was not noted for its person", "id", requestIDOf(c), "action", e.Action, "error", err)
	}
}

// recordStranger writes down that nobody was let in. What was typed for an
// e-mail address may be anything, a password even: it is named only if it looks
// like one.
func (s *Server) recordStranger(c echo.Context, account string) {
	if !looksLikeEmail(account) {
		account = ""
	}
	s.auditLog.Record(audit.Event{
		Action: audit.SignIn, Outcome: audit.Refused, Account: account, RequestID: requestIDOf(c), Address: c.RealIP(),
	})
}
