package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/internal/session"
)

// trail is what a request leaves for the audit log until it has been answered.
type trail struct {
	by      *session.Session // the session it was made in, or nil
	form    url.Values       // as sent; nil if it was not read
	account string           // as typed, of a refused sign-in
	cause   error            // why it was refused or failed, or nil
	check   bool             // it looks for the outcome of an earlier one, and does nothing

	mu       sync.Mutex
	recorded map[audit.Action]bool
}

func (t *trail) add(action audit.Action) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.recorded == nil {
		t.recorded = map[audit.Action]bool{}
	}
	t.recorded[action] = true
}

func (t *trail) has(action audit.Action) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.recorded[action]
}

// trailKey is where an echo.Context carries the trail.
const trailKey = "audit trail"

// trailOf returns the trail of a request.
func trailOf(c echo.Context) *trail {
	if t, ok := c.Get(trailKey).(*trail); ok {
		return t
	}
	t := &trail{}
	c.Set(trailKey, t)
	return t
}

// auditRefusals records the requests that were refused or failed before a handler
// recorded them. It stands at the outer edge, where every error has ended.
func (s *Server) auditRefusals(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		t := trailOf(c)
		request := c.Request()
		err := next(c)
		c.SetRequest(request) // with a context that is not bounded by the handler's time
		if action, refused := s.refusedAction(c, t); refused {
			s.recordRefusal(c, t, action)
		}
		return err
	}
}

// refusedAction returns what a request was refused, if it is to be recorded: what
// changes, reveals or signs in; and anything that was forbidden.
func (s *Server) refusedAction(c echo.Context, t *trail) (audit.Action, bool) {
	gone := !c.Response().Committed && clientGone(c.Request().Context())
	if t.cause == nil && c.Response().Status < http.StatusBadRequest && !gone {
		return "", false
	}
	action := s.actions[c.Request().Method+" "+c.Path()]
	forbidden := isAny(t.cause, errForeignSite, errNotManaging, keys.ErrForbidden)
	switch {
	case action == "" && forbidden:
		action = audit.Request
	case action == "", t.check && !forbidden:
		return "", false
	}
	return action, !t.has(action)
}

func (s *Server) recordRefusal(c echo.Context, t *trail, action audit.Action) {
	if t.by == nil {
		t.by, _ = c.Get(sessionKey).(*session.Session)
	}
	e := audit.Event{Action: action, Outcome: audit.Refused, Reason: reasonOf(t.cause, c.Response().Status)}
	_, panicked := errors.AsType[*parallel.PanicError](t.cause)
	change := c.Request().Method == http.MethodPost && action != audit.SignIn
	if isIndeterminate(t.cause) || panicked && change {
		e.Outcome = audit.Unclear
	}
	if key := c.Param("key"); keys.ValidAccessKey(key) {
		e.AccessKey = key
	}
	switch user := c.Param("user"); {
	case keys.ValidUserID(user):
		e.Target = user
	case t.by != nil && strings.HasPrefix(c.Path(), s.links.Keys()):
		e.Target, e.TargetAs = t.by.UserID, t.by.Email
	case action == audit.SignIn:
		s.recordStranger(c, t.form.Get("email"))
		e.Account = t.account
	}
	s.record(c, t.by, e)
}

// reasonOf says in words of the program why a request was refused: those of the
// known error, else the name of the status.
func reasonOf(err error, status int) string {
	if _, panicked := errors.AsType[*parallel.PanicError](err); panicked {
		return "panic"
	}
	for _, entry := range problems {
		if errors.Is(err, entry.err) {
			return entry.err.Error()
		}
	}
	switch {
	case errors.Is(err, errSignedOut):
		return errSignedOut.Error()
	case errors.Is(err, context.Canceled):
		return "client has gone"
	case status >= http.StatusBadRequest:
		return strings.ToLower(http.StatusText(status))
	default:
		return "failed"
	}
}
