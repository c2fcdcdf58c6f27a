package session_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"keydeck/internal/session"
)

func TestEveryByteOfTheCookieCounts(t *testing.T) {
	f := newFixture(t)
	_, cookie := signIn(t, f.Manager)
	alter := func(value string) {
		t.Helper()
		changed := &http.Cookie{Name: cookie.Name, Value: value}
		if _, err := load(t, f.Manager, changed); !errors.Is(err, session.ErrNoSession) {
			t.Errorf("%q: %v", value, err)
		}
	}
	for i := range cookie.Value {
		for _, other := range []byte("aAz27._- \x00") {
			if cookie.Value[i] != other {
				alter(cookie.Value[:i] + string(other) + cookie.Value[i+1:])
			}
		}
		alter(cookie.Value[:i])
		alter(cookie.Value[:i] + cookie.Value[i+1:])
		alter(cookie.Value[:i] + "a" + cookie.Value[i:])
	}
	alter(strings.ToUpper(cookie.Value))
	alter(cookie.Value + ".")
	alter(strings.Repeat("a", 1<<20))
	wantSession(t, f.Manager, cookie, true)
}

func TestWhichCookieApplies(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		name, path string
		secure     bool
		want       string
	}{
		{"secure at the root", "/", true, "__Host-keydeck"},
		{"plain", "/", false, "keydeck"},
		{"secure below the root", "/keys/", true, "keydeck"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := session.New(session.Config{
				Backend: f.store, Idle: idle, Max: limit, Now: f.clock.Now,
				CookiePath: c.path, Secure: func(*http.Request) bool { return c.secure },
			})
			if err != nil {
				t.Fatal(err)
			}
			s, cookie := signIn(t, m)
			if cookie.Name != c.want || cookie.Path != c.path || cookie.Secure != c.secure {
				t.Errorf("set %v", cookie)
			}
			other := map[string]string{"keydeck": "__Host-keydeck", "__Host-keydeck": "keydeck"}[c.want]
			_, planted := signIn(t, m)
			planted.Name = other
			if loaded, err := load(t, m, planted, cookie); err != nil || loaded.ID() != s.ID() {
				t.Errorf("with both names: %v", err)
			}
			wantSession(t, m, planted, false)
		})
	}
}

func FuzzParseCookie(f *testing.F) {
	good := strings.Repeat("a2", 16) + "." + strings.Repeat("z7", 28)
	for _, seed := range []string{
		"", ".", good, good + "a", good[1:], strings.ToUpper(good), strings.Replace(good, ".", "a", 1),
		strings.Replace(good, "z", "\x00", 1), strings.Replace(good, "a", "é", 1), strings.Repeat(".", 89),
		strings.Repeat("a", 32) + "." + strings.Repeat("1", 56), "../../" + good[6:],
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		c, ok := session.ParseCookie(value)
		if ok && c.CookieValue() != value {
			t.Errorf("%q was read as %q", value, c.CookieValue())
		}
		if ok && (len(value) != len(good) || strings.ContainsAny(value, "/;,\"\\ \x00")) {
			t.Errorf("%q was taken", value)
		}
	})
}
