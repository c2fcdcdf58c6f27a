package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"
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
		if s.overTLS(c.Request()) {
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

// overTLS reports whether the browser's side of the connection is encrypted,
// by us or by the proxy that serves the public address.
func (s *Server) overTLS(r *http.Request) bool { return r.TLS != nil || s.secureURL }

// safeToSignIn reports whether a password may cross the network on the way
// that the request came, and a browser would keep a Secure cookie: that is
// over TLS, or without leaving the machine.
func (s *Server) safeToSignIn(r *http.Request) bool { return s.overTLS(r) || loopback(r.Host) }

// loopback reports whether a host, with a port or without, is this machine. A
// client that lies in its Host header makes nothing but its own cookie weaker.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
