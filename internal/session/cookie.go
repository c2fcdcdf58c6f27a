package session

import (
	"io"
	"net/http"
	"strings"
)

// Sizes in letters of base32, five bits each. The id is public and only has
// to be unique; the secret is what everything is sealed under. Both are whole
// bytes without spare bits, so no other spelling means the same.
const (
	idLetters     = 32
	secretLetters = 56
)

// credential is what a session's cookie says. The id is the storage key as it
// is: to hash it would protect nothing, since it opens nothing, and it must
// be known to list and end the sessions of a person.
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

// parseCookie takes exactly what cookieValue makes and nothing else, so that
// any change to a cookie is another cookie or none.
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

// cookies knows how the session's cookie is named and fenced.
type cookies struct {
	path   string
	secure func(*http.Request) bool
}

// name is "__Host-keydeck" wherever browsers allow it: under that name no
// sibling host and no plain http can plant a cookie. Where the other name
// applies, a cookie of this one is not read, and the other way round.
func (c cookies) name(r *http.Request) string {
	if c.path == "/" && c.secure(r) {
		return "__Host-keydeck"
	}
	return "keydeck"
}

// presented returns what the request's cookie says. Of several with one name
// the first counts, which browsers give to the longest path.
func (c cookies) presented(r *http.Request, name string) (credential, bool) {
	cookie, err := r.Cookie(name)
	if err != nil {
		return credential{}, false
	}
	return parseCookie(cookie.Value)
}

// validCookiePath keeps a path from adding attributes to the cookie.
func validCookiePath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.ContainsFunc(path, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || r == ';'
	})
}
