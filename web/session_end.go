package web

import (
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"keydeck/internal/session"
	"keydeck/views/pages"
)

// endCookie is what the sign-in page needs to say why there is no session any
// more: while there is one, when it ends at the latest; afterwards, how it ended. A
// forged one makes that page say one of a few sentences, no more.
const endCookie = "keydeck-end"

// endTTL is how long after its end it is said how a session ended.
const endTTL = 24 * time.Hour

// noteStart notes when a session ends at the latest. Its own cookie is gone by
// then.
func (s *Server) noteStart(c echo.Context, started *session.Session) {
	left := started.Expires.Sub(s.now()) + endTTL
	s.setCookie(c, endCookie, strconv.FormatInt(started.Expires.Unix(), 10), int(left.Seconds()))
}

// noteEnd notes how a session ended.
func (s *Server) noteEnd(c echo.Context, how pages.SessionEnd) {
	s.setCookie(c, endCookie, string(how), int(endTTL.Seconds()))
}

// takeEnd returns how the last session of a browser ended, once.
func (s *Server) takeEnd(c echo.Context) pages.SessionEnd {
	cookie, err := c.Cookie(endCookie)
	if err != nil {
		return pages.NotEnded
	}
	s.setCookie(c, endCookie, "", -1)
	limit, err := strconv.ParseInt(cookie.Value, 10, 64)
	if err != nil {
		return pages.SessionEnd(cookie.Value)
	}
	if !s.now().Before(time.Unix(limit, 0)) {
		return pages.EndedByLimit
	}
	elsewhere, err := s.sessions.EndedElsewhere(c.Request())
	switch {
	case err != nil:
		s.logger.Warn("the end of a session was not read", "id", requestIDOf(c), "error", err)
		return pages.NotEnded
	case elsewhere:
		return pages.EndedElsewhere
	default:
		return pages.EndedUnused
	}
}
