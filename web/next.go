package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
)

// maxNext bounds the address to return to after signing in.
const maxNext = 2 << 10

// localPath returns next if it is a path of this console, else "". Whatever a
// browser might read as another host is refused, and so is all that has no
// business in a path: this is where open redirects come from.
func (s *Server) localPath(next string) string {
	if len(next) > maxNext || strings.ContainsFunc(next, unfitForPath) {
		return ""
	}
	parsed, err := url.Parse(next)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || parsed.User != nil || parsed.Opaque != "" {
		return ""
	}
	path := parsed.Path
	if !strings.HasPrefix(path, s.links.Base+"/") || strings.Contains(path, "//") || strings.ContainsFunc(path, unfitForPath) ||
		strings.Contains(path+"/", "/../") || path == s.links.SignIn("") || path == s.links.SignOut() {
		return ""
	}
	parsed.Fragment = ""
	return parsed.String()
}

// unfitForPath finds backslashes, which browsers take for slashes, spaces and
// control characters, which they drop, and letters beyond ASCII, which they may
// fold into either.
func unfitForPath(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }

// toSignIn sends a browser without a session to sign in, and back afterwards.
// htmx cannot see a redirect, which XMLHttpRequest follows by itself: it gets
// a header.
func (s *Server) toSignIn(c echo.Context) error {
	to := s.links.SignIn(s.returnAddress(c))
	if fromHTMX(c.Request()) {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusUnauthorized)
	}
	return redirect(c, to)
}

// returnAddress is where a person was when the session was found to be over:
// the page that is open, and never what only sends or downloads something.
func (s *Server) returnAddress(c echo.Context) string {
	r := c.Request()
	if current, ok := s.currentPath(r); ok && fromHTMX(r) {
		return s.localPath(current)
	}
	path, file := r.URL.EscapedPath(), strings.HasSuffix(c.Path(), "/use/:tool/:file")
	if file || strings.HasSuffix(path, "/key-pair.csv") {
		path = path[:strings.LastIndexByte(path, '/')]
	}
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		if !s.hasPage(c.Path()) {
			path = s.links.Keys()
		}
		return s.localPath(path)
	case r.URL.RawQuery != "":
		path += "?" + r.URL.RawQuery
	}
	return s.localPath(path)
}

// hasPage reports whether a pattern can be opened in a browser.
func (s *Server) hasPage(pattern string) bool {
	for _, r := range s.routes() {
		if r.method == http.MethodGet && s.links.Base+r.path == pattern {
			return true
		}
	}
	return false
}
