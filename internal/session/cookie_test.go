package session_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"keydeck/internal/session"
)

func TestLoadChangedCookie(t *testing.T) {
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

func TestLoadCookieName(t *testing.T) {
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
				Store: f.store, Idle: idle, Max: limit, Now: f.clock.Now,
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

// cookieBases are where a console may be, with its cookie and that of another.
var cookieBases = []struct {
	name, host, path string
	secure           bool
	cookie, other    string
}{
	{"TLS at the root", "keys.example.com", "/", true, "__Host-keydeck", "keydeck"},
	{"TLS with a port", "keys.example.com:8443", "/", true, "__Host-keydeck", "keydeck-8443"},
	{"TLS with a prefix", "tools.example.com", "/keys/", true, "keydeck", "__Host-keydeck"},
	{"plain http", "127.0.0.1:8080", "/", false, "keydeck-8080", "keydeck-8081"},
	{"plain http with a prefix", "[::1]:8080", "/keys/", false, "keydeck-8080", "keydeck"},
}

// TestLoadCookies: a cookie of the same name from elsewhere neither signs out nor
// signs in as another person.
func TestLoadCookies(t *testing.T) {
	junk := strings.Repeat("a", 32) + "." + strings.Repeat("b", 56)
	for _, base := range cookieBases {
		t.Run(base.name, func(t *testing.T) {
			f := newFixture(t)
			m, err := session.New(session.Config{
				Store: f.store, Idle: idle, Max: limit, Now: f.clock.Now,
				CookiePath: base.path, Secure: func(*http.Request) bool { return base.secure },
			})
			if err != nil {
				t.Fatal(err)
			}
			at := func(brought ...*http.Cookie) *http.Request {
				r := request(t, brought...)
				r.Host = base.host
				return r
			}
			start := func(brought ...*http.Cookie) *http.Cookie {
				w := httptest.NewRecorder()
				if err := m.Start(w, at(brought...), person()); err != nil {
					t.Fatal(err)
				}
				return onlyCookie(t, w)
			}
			good, planted := start(), start()
			if good.Name != base.cookie {
				t.Fatalf("the cookie is named %s", good.Name)
			}
			wrong := &http.Cookie{Name: good.Name, Value: junk}
			elsewhere := &http.Cookie{Name: base.other, Value: planted.Value}
			for _, c := range []struct {
				name    string
				brought []*http.Cookie
				want    bool
			}{
				{"none", nil, false},
				{"junk", []*http.Cookie{wrong}, false},
				{"junk before", []*http.Cookie{wrong, good}, true},
				{"junk after", []*http.Cookie{good, wrong}, true},
				{"the same twice", []*http.Cookie{good, good}, true},
				{"of another name", []*http.Cookie{elsewhere}, false},
				{"of another name before", []*http.Cookie{elsewhere, good}, true},
				{"two that open", []*http.Cookie{good, planted}, false},
			} {
				loaded, err := m.Load(httptest.NewRecorder(), at(c.brought...))
				if (err == nil) != c.want || err == nil && !strings.HasPrefix(good.Value, loaded.ID()) {
					t.Errorf("%s: %v", c.name, err)
				}
			}
			// Who signs in again is rid of both.
			again := start(good, planted)
			if _, err := m.Load(httptest.NewRecorder(), at(planted, again)); err != nil {
				t.Errorf("after signing in again: %v", err)
			}
			if err := m.End(httptest.NewRecorder(), at(start(), again)); err != nil {
				t.Fatal(err)
			}
			if live, _, err := m.Sessions(t.Context(), person().UserID); err != nil || len(live) > 0 {
				t.Errorf("after signing out: %v, %v", live, err)
			}
		})
	}
}
