package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"keydeck/internal/parallel"
)

// staticPath is where the embedded files are served.
const staticPath = "/static/"

// requestID names the request in the log and in front of the user. A name that
// the client sends is not taken: it could be anything.
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := strings.ToLower(rand.Text()[:requestIDLetters])
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		c.Set(requestIDKey, id)
		return next(c)
	}
}

// requestIDLetters is short enough to be read out over the telephone; 60 bits
// do not collide within what a log holds.
const requestIDLetters = 12

// requestIDKey is where an echo.Context carries the name of the request. Unlike the
// response's header, it may be read by several goroutines at once.
const requestIDKey = "request id"

func requestIDOf(c echo.Context) string {
	id, _ := c.Get(requestIDKey).(string)
	return id
}

// statusClientGone is the status, in log and metrics, of a request whose client
// has closed the connection before the response. It is nginx's, and is never sent.
const statusClientGone = 499

// observe logs and counts a request once it has been answered. The log gets the
// pattern of the route and never the address itself, a query or a form. It
// answers errors by itself, for the outer end of the chain is too late to see
// the status.
func (s *Server) observe(m *metrics) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			started, request := s.now(), c.Request()
			ctx, gone := request.Context(), false
			c.Response().Before(func() { gone = clientGone(ctx) })
			err := next(c)
			if err != nil {
				// The time limit further in ends its context on the way out;
				// the error page is drawn under ours.
				c.SetRequest(request)
				c.Error(err)
			}
			status, took := c.Response().Status, s.now().Sub(started)
			if gone || !c.Response().Committed && clientGone(ctx) {
				status = statusClientGone
			}
			m.count(c, status, took)
			level := slog.LevelInfo
			if strings.HasPrefix(c.Path(), s.links.Base+staticPath) {
				level = slog.LevelDebug
			}
			s.logger.LogAttrs(c.Request().Context(), level, "request",
				slog.String("id", requestIDOf(c)),
				slog.String("method", methodOf(c)),
				slog.String("route", c.Path()),
				slog.Int("status", status),
				slog.Int64("bytes", c.Response().Size),
				slog.Duration("took", took),
				slog.String("address", c.RealIP()),
			)
			return nil
		}
	}
}

// clientGone reports whether the client has closed the connection of a request, by
// the context that net/http gave it.
func clientGone(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// methodOf keeps methods that a client makes up out of log and metrics.
func methodOf(c echo.Context) string {
	switch method := c.Request().Method; method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	default:
		return "other"
	}
}

// recoverPanic makes an error of a panic, in whichever goroutine of the request
// it was: package parallel brings it here, with the stack of its origin.
func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := parallel.Catch(func() error { return next(c) })
		p, panicked := errors.AsType[*parallel.PanicError](err)
		if panicked && p.Value == http.ErrAbortHandler { //nolint:errorlint // a panic's value is compared, not an error
			panic(http.ErrAbortHandler) // net/http's own way to cut a connection
		}
		if panicked {
			return fmt.Errorf("panic: %w", p)
		}
		return err
	}
}
