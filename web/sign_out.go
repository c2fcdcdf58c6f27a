package web

import (
	"errors"

	"github.com/labstack/echo/v4"

	"keydeck/internal/audit"
	"keydeck/internal/session"
	"keydeck/views/pages"
)

// signOut ends the session here first, so that it is over whatever the API
// says, and then the token, if it was made for this session.
func (s *Server) signOut(c echo.Context) error {
	found, err := s.sessions.Load(c.Response(), c.Request())
	if err != nil && !errors.Is(err, session.ErrNoSession) {
		return storeTrouble(err)
	}
	if err := s.sessions.End(c.Response(), c.Request()); err != nil {
		return storeTrouble(err)
	}
	if found == nil {
		s.tokens.Gone(s.sessions.CookieIDs(c.Request())...)
	} else {
		s.revokeOwn(found)
	}
	return s.signedOut(c, found)
}

// signedOut answers who has signed out; ended is nil if there was no session.
func (s *Server) signedOut(c echo.Context, ended *session.Session) error {
	if ended != nil {
		s.record(c, ended, audit.Event{Action: audit.SignOut, Outcome: audit.Done})
	}
	c.Set(sessionKey, (*session.Session)(nil))
	s.noteEnd(c, pages.SignedOut)
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	return redirect(c, s.links.SignIn(""))
}
