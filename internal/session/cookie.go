package session

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
)

// Sizes in letters of base32, five bits each. The id is public and must be
// unique; the keys that seal the records are derived from the secret. Both are
// whole bytes without spare bits, so each has one spelling.
const (
	idLetters     = 32
	secretLetters = 56
)

// credential is the content of a session's cookie. The id is in the store's keys
// unhashed: it opens nothing, and the index of a person's sessions needs it.
type credential struct{ id, secret string }

func newCredential(random io.Reader) (credential, error) {
	raw := make([]byte, (idLetters+secretLetters)*5/8)
	if _, err := io.ReadFull(random, raw); err != nil {
		return credential{}, err
	}
	text := base32Lower.EncodeToString(raw)
	return credential{text[:idLetters], text[idLetters:]}, nil
}

func (c credential) cookieValue() string { return c.id + "." + c.secret }

// parseCookie accepts exactly the values that cookieValue returns, so that a
// changed cookie is another one or none.
func parseCookie(value string) (credential, bool) {
	if len(value) != idLetters+1+secretLetters || value[idLetters] != '.' {
		return credential{}, false
	}
	c := credential{value[:idLetters], value[idLetters+1:]}
	return c, isBase32(c.id) && isBase32(c.secret)
}

func isBase32(text string) bool {
	for _, letter := range []byte(text) {
		if (letter < 'a' || letter > 'z') && (letter < '2' || letter > '7') {
			return false
		}
	}
	return true
}

// cookies names and reads the session's cookie.
type cookies struct {
	path   string
	secure func(*http.Request) bool
	port   func(*http.Request) string
}

// name returns "__Host-keydeck" wherever browsers allow it: neither a sibling
// host nor plain http can set a cookie of that name. Elsewhere the name has the
// request's port, if it has one: browsers send a cookie to all ports of a
// host, and consoles on several ports would sign each other's people out. One
// request reads one name only.
func (c cookies) name(r *http.Request) string {
	if c.path == "/" && c.secure(r) {
		return "__Host-keydeck"
	}
	port := c.port(r)
	if port == "" || len(port) > 5 || strings.Trim(port, "0123456789") != "" {
		return "keydeck"
	}
	return "keydeck-" + port
}

// hostPort returns the port in a request's Host header, or "".
func hostPort(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host) // "" without one
	return port
}

// maxCookies bounds the cookies of one name that are looked at.
const maxCookies = 8

// readCookies returns the credentials of a request's cookies of one name. There
// are several if another path or a sibling host has set one of the same name.
// Each has a record of its own to open, so at most maxCookies are returned.
func (c cookies) readCookies(r *http.Request, name string) []credential {
	var found []credential
	for _, cookie := range r.CookiesNamed(name) {
		one, ok := parseCookie(cookie.Value)
		if ok && !slices.Contains(found, one) && len(found) < maxCookies {
			found = append(found, one)
		}
	}
	return found
}

// validCookiePath reports whether a path adds no attributes to the cookie.
func validCookiePath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.ContainsFunc(path, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || r == ';'
	})
}
