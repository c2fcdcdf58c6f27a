package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"keydeck/internal/proxyheaders"
)

// contentSecurityPolicy is the same for every answer: nothing inline, nothing
// from elsewhere.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// permissionsPolicy leaves writing to the clipboard, and takes what could read of the
// person, of their devices or of their screen.
const permissionsPolicy = "camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), geolocation=(), " +
	"microphone=(), payment=(), usb=()"

// securityHeaders sets what every answer carries, errors and redirects too.
func (s *Server) securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("Permissions-Policy", permissionsPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// Not no-referrer: with it a browser's plain forms say "Origin: null", and
		// one that has no Sec-Fetch-Site could not use them.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		// The static files say otherwise themselves.
		h.Set("Cache-Control", "no-store")
		if proxyheaders.OverTLS(c.Request()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// documentHeaders mean something on a document alone. On style, scripts, icons
// and counts they would be half a kilobyte each of a page's cold load.
var documentHeaders = []string{"Permissions-Policy", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"}

// picturePolicy is for a picture that is opened alone, as a document: it loads nothing.
const picturePolicy = "default-src 'none'; frame-ancestors 'none'"

// lean takes them off a static file. What is no document even when it is opened alone
// needs no policy, either, and a picture a short one.
func lean(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Del("Content-Security-Policy")
		if strings.HasSuffix(c.Request().URL.Path, ".svg") {
			h.Set("Content-Security-Policy", picturePolicy)
		}
		dropDocumentHeaders(h)
		h.Del(echo.HeaderXRequestID) // nobody asks about a file that is the same for all
		return next(c)
	}
}

// dropDocumentHeaders is for an answer that no browser makes a document of.
func dropDocumentHeaders(h http.Header) {
	for _, name := range documentHeaders {
		h.Del(name)
	}
}

// safeToSignIn reports whether a password may cross the network on the way
// that the request came, and a browser would keep a session's cookie: that is
// over TLS, or without leaving this machine.
func safeToSignIn(r *http.Request) bool {
	return proxyheaders.OverTLS(r) || proxyheaders.Local(r)
}
