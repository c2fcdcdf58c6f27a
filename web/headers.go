package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"keydeck/internal/forwarded"
)

// contentSecurityPolicy is the same for every answer: nothing inline, nothing
// from elsewhere.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// permissionsPolicy leaves only writing to the clipboard.
const permissionsPolicy = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(self), " +
	"display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), " +
	"usb=(), xr-spatial-tracking=()"

// securityHeaders sets what every answer carries, errors and redirects too.
func (s *Server) securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("Permissions-Policy", permissionsPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		// The static files say otherwise themselves.
		h.Set("Cache-Control", "no-store")
		if forwarded.OverTLS(c.Request()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// documentHeaders mean something on a document alone. On style, scripts and
// icons they would be half a kilobyte each of a page's cold load.
var documentHeaders = []string{"Permissions-Policy", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"}

// lean takes them off a static file.
func lean(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		for _, name := range documentHeaders {
			c.Response().Header().Del(name)
		}
		return next(c)
	}
}

// safeToSignIn reports whether a password may cross the network on the way
// that the request came, and a browser would keep a session's cookie: that is
// over TLS, or without leaving the machine.
func safeToSignIn(r *http.Request) bool {
	return forwarded.OverTLS(r) || forwarded.Loopback(r.Host)
}
