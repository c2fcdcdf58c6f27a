package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"keydeck/internal/keys"
	"keydeck/internal/session"
	"keydeck/views/links"
)

// visit is a request of a signed-in person, with what a handler needs for it.
type visit struct {
	echo.Context
	session *session.Session
	remote  keys.Remote
	keys    *keys.Service

	// Whose keys it is about, and where they are: the person's own, or those
	// of a user who is looked after.
	owner keys.Owner
	at    links.KeyLinks
}

// sessionKey is where an echo.Context carries the session, for the shell.
const sessionKey = "session"

// signedIn lets a handler see signed-in people alone. When the API no longer
// takes the token, the session ends with it.
func (s *Server) signedIn(handle func(*visit) error) echo.HandlerFunc {
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
		err = handle(s.visit(c, found))
		if errors.Is(err, keys.ErrUnauthorized) {
			s.endDeadSession(c)
			return fmt.Errorf("%w: %w", errSignedOut, err)
		}
		return err
	}
}

func (s *Server) visit(c echo.Context, found *session.Session) *visit {
	remote := s.auth.As(accessOf(found))
	return &visit{
		Context: c, session: found, remote: remote,
		owner: keys.Owner{UserID: found.UserID, Email: found.Email, Contract: found.Contract},
		at:    s.links.Own(),
		keys:  keys.NewService(remote, s.now),
	}
}

func accessOf(signedIn *session.Session) keys.Access {
	access := keys.Access{Token: keys.NewSecret(signedIn.Token.Reveal())}
	if signedIn.ContractNamed {
		access.Contract = signedIn.Contract
	}
	return access
}

// loadSession finds the session of a request: errSignedOut without one,
// errSessionStore when nobody can tell.
func (s *Server) loadSession(c echo.Context) (*session.Session, error) {
	found, err := s.sessions.Load(c.Response(), c.Request())
	switch {
	case errors.Is(err, session.ErrNoSession):
		return nil, errSignedOut
	case err != nil:
		return nil, storeTrouble(err)
	}
	c.Set(sessionKey, found)
	return found, nil
}

func storeTrouble(err error) error { return fmt.Errorf("%w: %w", errSessionStore, err) }

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
func (s *Server) endDeadSession(c echo.Context) {
	c.Set(sessionKey, (*session.Session)(nil))
	if err := s.sessions.End(c.Response(), c.Request()); err != nil {
		s.logger.Warn("a dead session was not removed", "id", requestIDOf(c), "error", err)
	}
}
