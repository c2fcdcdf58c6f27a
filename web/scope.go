package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"keydeck/internal/audit"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
	"keydeck/internal/session"
	"keydeck/views/links"
	"keydeck/views/pages"
)

// scope is a request of a signed-in person, with what a handler needs for it.
type scope struct {
	echo.Context
	session *session.Session
	remote  keys.Remote
	keys    *keys.Service

	// Whose keys it is about, and where they are: the person's own, or those
	// of a user who is looked after.
	owner keys.Owner
	links links.KeyLinks
}

// sessionKey is where an echo.Context carries the session, for the shell.
const sessionKey = "session"

// signedIn lets a handler see signed-in people alone, who pass the checks. When no API
// accepts the token any more, the session ends with it.
func (s *Server) signedIn(handle func(*scope) error, checks ...func(*scope) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		found, err := s.loadSession(c)
		if err != nil {
			return err
		}
		if c.Request().Method == http.MethodPost {
			if allowed, err := s.posts.Allow(found.ID()); err != nil || !allowed {
				return errors.Join(errTooManyPosts, err)
			}
		}
		v := s.scope(c, found)
		for _, check := range checks {
			if err := check(v); err != nil {
				return s.followRefusal(v, err)
			}
		}
		return s.followRefusal(v, s.patient(v, handle))
	}
}

// followRefusal draws the consequences of an error for the session. It ends when no
// API accepts its token.
func (s *Server) followRefusal(v *scope, err error) error {
	switch {
	case errors.Is(err, keyops.ErrSignedOut):
		return fmt.Errorf("%w: %w", errSignedOut, err)
	case errors.Is(err, keys.ErrUnauthorized):
		if v.keys.TokenAccepted(v.Request().Context(), v.session.UserID, err) {
			return err
		}
		s.endDeadSession(v, v.session)
		return fmt.Errorf("%w: %w", errSignedOut, err)
	default:
		s.followForbidden(v, err)
		return err
	}
}

func (s *Server) scope(c echo.Context, found *session.Session) *scope {
	trailOf(c).by = found
	remote := s.auth.As(accessOf(found))
	return &scope{
		Context: c, session: found, remote: remote,
		owner: keys.Owner{UserID: found.UserID, Email: found.Email, Name: found.Name, Contract: found.Contract},
		links: s.links.Own(),
		keys:  keys.NewService(remote, s.now),
	}
}

func accessOf(signedIn *session.Session) keys.Access {
	access := keys.Access{Token: secret.New(signedIn.Token.Reveal())}
	if signedIn.ContractNamed {
		access.Contract = signedIn.Contract
	}
	return access
}

// loadSession finds the session of a request: errSignedOut without one,
// errStore if the store fails.
func (s *Server) loadSession(c echo.Context) (*session.Session, error) {
	found, err := s.sessions.Load(c.Response(), c.Request())
	switch {
	case errors.Is(err, session.ErrNoSession):
		s.tokens.Gone(s.sessions.CookieIDs(c.Request())...)
		return nil, errSignedOut
	case err != nil:
		c.Set(sessionKey, (*session.Session)(nil)) // the error page does not wait again
		return nil, storeTrouble(err)
	}
	access := accessOf(found)
	s.tokens.Watch(found, access)
	s.tokens.Renew(found, access)
	c.Set(sessionKey, found)
	return found, nil
}

func storeTrouble(err error) error { return fmt.Errorf("%w: %w", errStore, err) }

// currentSession is the session that this request is known to have. Errors
// come up before a session was looked for, too: then one is looked for, so that
// an error page has the menu.
func (s *Server) currentSession(c echo.Context) *session.Session {
	if found, ok := c.Get(sessionKey).(*session.Session); ok {
		return found
	}
	found, err := s.loadSession(c)
	if err != nil {
		found = nil
		c.Set(sessionKey, found) // not to be looked for again
	}
	return found
}

// endDeadSession drops a session whose token is dead. There is no token left
// to be revoked.
func (s *Server) endDeadSession(c echo.Context, dead *session.Session) {
	s.record(c, dead, audit.Event{Action: audit.EndSession, Outcome: audit.Done, Reason: keys.ErrUnauthorized.Error()})
	c.Set(sessionKey, (*session.Session)(nil))
	s.noteEnd(c, pages.EndedByAPI)
	if err := s.sessions.End(c.Response(), c.Request()); err != nil {
		s.logger.Warn("a dead session was not removed", "id", requestIDOf(c), "error", err)
	}
}
