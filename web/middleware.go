package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"
)

// staticPath is where the embedded files are served.
const staticPath = "/static/"

// requestID names the request in the log and in front of the user. A name that
// the client sends is not taken: it could be anything.
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := strings.ToLower(rand.Text()[:requestIDLetters])
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

// requestIDLetters is short enough to be read out over the telephone; 60 bits
// do not collide within what a log holds.
const requestIDLetters = 12

func requestIDOf(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// observe logs and counts a request once it has been answered. The log gets the
// pattern of the route and never the address itself, a query or a form. It
// answers errors by itself, for the outer end of the chain is too late to see
// the status.
func (s *Server) observe(m *metrics) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			started, request := s.now(), c.Request()
			err := next(c)
			if err != nil {
				// The time limit further in ends its context on the way out;
				// the error page is drawn under ours.
				c.SetRequest(request)
				c.Error(err)
			}
			took := s.now().Sub(started)
			m.count(c, took)
			level := slog.LevelInfo
			if strings.HasPrefix(c.Path(), s.links.Base+staticPath) {
				level = slog.LevelDebug
			}
			s.logger.LogAttrs(c.Request().Context(), level, "request",
				slog.String("id", requestIDOf(c)),
				slog.String("method", methodOf(c)),
				slog.String("route", c.Path()),
				slog.Int("status", c.Response().Status),
				slog.Int64("bytes", c.Response().Size),
				slog.Duration("took", took),
				slog.String("address", c.RealIP()),
			)
			return nil
		}
	}
}

// methodOf keeps methods that a client makes up out of log and metrics.
func methodOf(c echo.Context) string {
	switch method := c.Request().Method; method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	default:
		return "other"
	}
}

// panicError is a panic on its way to the log.
type panicError struct {
	value string
	stack string
}

func (e *panicError) Error() string { return "panic: " + e.value + "\n" + e.stack }

// recoverPanic makes an error of a panic. The value is named by its type
// alone unless it is an error of the runtime: it could hold anything.
func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			cause, isError := value.(error)
			if isError && errors.Is(cause, http.ErrAbortHandler) {
				panic(value) // net/http's own way to cut a connection
			}
			text := fmt.Sprintf("%T", value)
			if runtime, ok := value.(interface{ RuntimeError() }); ok {
				text = fmt.Sprint(runtime)
			}
			err = &panicError{text, string(debug.Stack())}
		}()
		return next(c)
	}
}

// crossOrigin refuses changes that another site's page asks for.
func crossOrigin(public *url.URL) (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	if public.Host == "" {
		return protection, nil
	}
	// A proxy may change the Host; the browser's Origin is the public address.
	if err := protection.AddTrustedOrigin(public.Scheme + "://" + public.Host); err != nil {
		return nil, fmt.Errorf("web: public address: %w", err)
	}
	return protection, nil
}

func refuseForeign(protection *http.CrossOriginProtection) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return fmt.Errorf("%w: %w", errForeignSite, err)
			}
			return next(c)
		}
	}
}
