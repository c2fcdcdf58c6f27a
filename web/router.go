package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"keydeck/internal/proxyheaders"
)

const (
	// maxBody bounds what a form may be. The longest field is a token of some
	// 1.7 KB.
	maxBody = "64K"
	// maxSelection bounds a form that names as many keys as a batch can have.
	maxSelection = "256K"
)

// router puts the middleware, in its order, around the routes.
func (s *Server) router(cfg Config, public *url.URL) (*echo.Echo, error) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = proxyheaders.Address
	e.SchemeExtractor = echo.ExtractSchemeDirect()
	e.HTTPErrorHandler = s.answerError

	requests, err := newMetrics(cfg.Registry)
	if err != nil {
		return nil, err
	}
	foreign, err := newSameOrigin(public)
	if err != nil {
		return nil, err
	}
	e.Use(
		requestID,
		s.auditRefusals,
		s.observe(requests),
		s.recoverPanic,
		s.securityHeaders,
		middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{Skipper: s.selectsKeys, Limit: maxBody}),
		middleware.BodyLimit(maxSelection),
		foreign.refuseForeign,
		middleware.ContextTimeoutWithConfig(middleware.ContextTimeoutConfig{
			Skipper:      s.streams,
			Timeout:      s.budget,
			ErrorHandler: func(err error, _ echo.Context) error { return err },
		}),
	)
	for _, r := range s.routes() {
		if base := s.links.Base; base != "" && strings.HasPrefix(r.path+"/", base+"/") {
			// Whether a proxy has stripped it could not be decided.
			return nil, fmt.Errorf("web: the public address ends with %s, where the console has a page of its own: choose another path", base)
		}
		path := s.links.Base + r.path
		e.Add(r.method, path, r.handler)
		s.actions[r.method+" "+path] = r.action
		if r.method == http.MethodGet {
			e.Add(http.MethodHead, path, r.handler)
			s.actions[http.MethodHead+" "+path] = r.action
		}
	}
	static := lean(echo.WrapHandler(http.StripPrefix(s.links.Base, s.assets)))
	e.GET(s.links.Base+staticPath+"*", static)
	e.HEAD(s.links.Base+staticPath+"*", static)
	return e, nil
}
