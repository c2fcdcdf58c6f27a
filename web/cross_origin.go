package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
)

// sameOrigin refuses changes that another site's page asks for. It goes by
// Sec-Fetch-Site, by Origin where a browser or a filter leaves that out, and by
// Referer where both are missing. A request with none of them comes from no
// browser that is still in use, or from no browser.
type sameOrigin struct {
	fetch  *http.CrossOriginProtection
	public string // the host that browsers use, if it is known
}

func newSameOrigin(public *url.URL) (*sameOrigin, error) {
	s := &sameOrigin{http.NewCrossOriginProtection(), public.Host}
	if public.Host == "" {
		return s, nil
	}
	// A proxy may change the Host; the browser's Origin is the public address.
	if err := s.fetch.AddTrustedOrigin(public.Scheme + "://" + public.Host); err != nil {
		return nil, fmt.Errorf("web: public address: %w", err)
	}
	return s, nil
}

// errForeignReferer is the error of a form on another site's page.
var errForeignReferer = errors.New("referer of another site")

func (s *sameOrigin) check(r *http.Request) error {
	if err := s.fetch.Check(r); err != nil {
		return err
	}
	h := r.Header
	from := h.Get("Referer")
	if isSafe(r.Method) || h.Get("Sec-Fetch-Site") != "" || h.Get("Origin") != "" || from == "" {
		return nil
	}
	page, err := url.Parse(from)
	if err != nil || page.Host == "" || page.Host != r.Host && page.Host != s.public {
		return errForeignReferer
	}
	return nil
}

func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// refuseForeign is the middleware.
func (s *sameOrigin) refuseForeign(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.check(c.Request()); err != nil {
			return fmt.Errorf("%w: %w", errForeignSite, err)
		}
		return next(c)
	}
}
