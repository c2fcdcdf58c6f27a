package web

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"keydeck/views/layout"
	"keydeck/views/pages"
)

// answerError is where every error of a handler or middleware ends: the person
// gets a sentence, the log the cause, once.
func (s *Server) answerError(err error, c echo.Context) {
	trailOf(c).cause = err
	if errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil {
		s.logger.Debug("the browser has gone", "id", requestIDOf(c), "route", c.Path())
		return
	}
	if errors.Is(err, errSignedOut) && !c.Response().Committed {
		if err = s.toSignIn(c); err == nil {
			return
		}
	}
	p := s.problemFor(c, err)
	s.logProblem(c, p, err)
	if c.Response().Committed {
		return
	}
	setRetryAfter(c, p)
	if err := s.respond(c, p.status, s.problemView(c, p)); err != nil {
		s.logger.Error("an error page could not be sent", "id", requestIDOf(c), "error", err)
	}
}

func (s *Server) logProblem(c echo.Context, p problem, err error) {
	trailOf(c).cause = err
	level := slog.LevelInfo
	switch {
	case p.status == http.StatusInternalServerError:
		level = slog.LevelError
	case p.status > http.StatusInternalServerError:
		level = slog.LevelWarn
	}
	s.logger.Log(c.Request().Context(), level, "refused or failed",
		"id", requestIDOf(c), "route", c.Path(), "status", p.status, "error", err)
}

func setRetryAfter(c echo.Context, p problem) {
	if p.wait > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.wait.Seconds()))))
	}
}

// problemView is an error as a page, and for htmx as a notice on the page that
// asked.
func (s *Server) problemView(c echo.Context, p problem) view {
	page := pages.Problem{
		Links: s.links, Status: p.status, Title: p.title, Text: p.text, Wait: inTime(p.wait),
		RequestID: requestIDOf(c), SignedIn: s.currentSession(c) != nil,
	}
	if p.retry && c.Request().Method == http.MethodGet {
		page.Retry = c.Request().URL.RequestURI()
	}
	notice := layout.Notice{
		Kind: "error", Title: p.title, Text: strings.TrimSpace(p.text + " " + page.Wait),
		RequestID: requestIDOf(c),
	}
	return view{title: p.title, page: pages.ProblemPage(page), part: layout.NoticeArea([]layout.Notice{notice})}
}
