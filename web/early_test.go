package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keys"
	"keydeck/web"
)

// patience is how long the console of these tests waits for an API before it begins
// a page.
const patience = 100 * time.Millisecond

func patient(cfg *web.Config) { cfg.Patience = patience }

// parts records when the parts of a response were sent.
type parts struct {
	*httptest.ResponseRecorder
	began time.Time
	first string        // what was sent when it was flushed first
	after time.Duration // when that was
}

func (p *parts) Flush() {
	if p.first == "" {
		p.first, p.after = p.Body.String(), time.Since(p.began)
	}
}

// look gets an address, and when its parts came.
func (b *browser) look(address string, headers ...header) *parts {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+address, nil)
	r.RemoteAddr = "127.0.0.1:1234"
	for _, h := range headers {
		r.Header.Set(h.name, h.value)
	}
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	p := &parts{ResponseRecorder: httptest.NewRecorder(), began: time.Now()}
	b.console.server.ServeHTTP(p, r)
	return p
}

// withoutAPI are the addresses of pages and files that have no shell to send first:
// they ask no API, answer with a file, or lead elsewhere.
var withoutAPI = []string{
	"/", "/object-storage", "/sign-in", "/account/sessions", "/account/activity", "/_components",
	"/users/key-counts", "/groups/member-counts", "/contract/keys.csv", "/contract/keys.json", "/contract/activity.csv",
	"/contract/keys/results/:id", "/users/:user/offboard/results/:id",
}

func isFile(path string) bool {
	return strings.HasSuffix(path, ".csv") || strings.HasSuffix(path, "/:file")
}

// TestEarly: every page that waits for an API begins with what is known, and ends as
// the page that it is.
func TestEarly(t *testing.T) {
	t.Parallel()
	for _, address := range newConsole(t).server.Addresses() {
		if address.Method != http.MethodGet || slices.Contains(withoutAPI, address.Path) || isFile(address.Path) {
			continue
		}
		t.Run(address.Path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t, patient)
				b := c.signIn(admin)
				path := strings.NewReplacer("none", c.groupID("Storage Team"), ":tool", "rclone").Replace(c.filled(address.Path))
				if strings.HasPrefix(path, "/object-storage/") {
					b = c.signIn(full)
				}
				if path == "/key-owner" {
					path += "?key=0123456789abcdef0123"
				}
				whole := b.look(path)
				if whole.first != "" || whole.Code != http.StatusOK {
					t.Errorf("with quick APIs: %d, begun early: %v", whole.Code, whole.first != "")
				}
				c.fault(`{"path":"/","delay":"1s","times":100}`)
				slow := b.look(path)
				if slow.Code != http.StatusOK || slow.after != patience || !strings.Contains(slow.first, "</header>") {
					t.Fatalf("%d, its first part after %v:\n%s", slow.Code, slow.after, slow.first)
				}
				if !slices.Equal(slow.Header()["X-Accel-Buffering"], []string{"no"}) || slow.Header().Get("Content-Length") != "" {
					t.Errorf("headers %v", slow.Header())
				}
				doc := answer{body: slow.Body.String()}.doc(t)
				if doc.Count("main#main") != 1 || doc.Count("main.waiting") != 1 || doc.Count("#dialog") != 1 || doc.Count("#notice") != 1 ||
					doc.Count("header.bar") != 1 || doc.Count("main.waiting h1") != 1 {
					t.Errorf("in two parts:\n%s", slow.Body)
				}
				if address.Path == "/contract/keys" || address.Path == "/key-owner" { // these tell how far they are
					return
				}
				want := answer{body: whole.Body.String()}.doc(t)
				if got, want := doc.Text("main#main h1"), want.Text("main#main h1"); got != want {
					t.Errorf("the heading is %q, want %q", got, want)
				}
			})
		})
	}
}

// TestEarlyStatus: what happened has its status below the patience, and is said on the
// page above it.
func TestEarlyStatus(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		as, path, fault string
		status          int
		says            string
	}{
		"no such key":          {full, keysPage + "/0123456789abcdef0123", "", http.StatusNotFound, "There is no such key"},
		"an API that fails":    {admin, "/users", `"status":500,"times":100`, http.StatusBadGateway, "cannot be reached or is failing"},
		"not an administrator": {full, "/users", "", http.StatusForbidden, "for owners and administrators"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t, patient)
				b := c.signIn(tt.as)
				if tt.fault != "" {
					c.fault(`{"path":"/",` + tt.fault + `}`)
				}
				if quick := b.look(tt.path); quick.first == "" && (quick.Code != tt.status || !strings.Contains(quick.Body.String(), tt.says)) {
					t.Errorf("%d:\n%s", quick.Code, quick.Body)
				}
				if tt.status == http.StatusForbidden { // no API is asked
					return
				}
				c.control(http.MethodDelete, "faults", "")
				fault := `{"path":"/","delay":"200ms"`
				if tt.fault != "" {
					fault += "," + tt.fault
				} else {
					fault += `,"times":100`
				}
				c.fault(fault + "}")
				slow := b.look(tt.path)
				body := slow.Body.String()
				if slow.Code != http.StatusOK || slow.first == "" || !strings.Contains(body, tt.says) || !strings.Contains(body, slow.Header().Get("X-Request-Id")) {
					t.Errorf("slow: %d, begun early: %v\n%s", slow.Code, slow.first != "", body)
				}
			})
		})
	}
}

// TestEarlyLeadsOn: a session whose token is dead leads to sign-in, from the page that
// has begun too.
func TestEarlyLeadsOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t, patient)
		b := c.signIn(full)
		c.fault(`{"path":"/","delay":"200ms","status":401,"times":100}`)
		p := b.look(keysPage)
		doc := answer{body: p.Body.String()}.doc(t)
		if to := doc.Attr("main#main a", "href"); p.Code != http.StatusOK || !strings.HasPrefix(to, "/sign-in") ||
			doc.Attr(`meta[http-equiv="refresh"]`, "content") != "0; url="+to {
			t.Errorf("%d:\n%s", p.Code, p.Body)
		}
		c.control(http.MethodDelete, "faults", "")
		if again := b.look(keysPage); again.Code != http.StatusSeeOther {
			t.Errorf("the page after that: %d", again.Code)
		}
		c.settleTokens()
	})
}

// TestEarlyRefresh: a search that goes on by itself without scripts goes on from a page
// that has begun early.
func TestEarlyRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsoleOf(t, 300, patient)
		b := c.signIn(admin)
		c.fault(`{"path":"/cloudapi/v6/um/users/","delay":"1s","times":500}`)
		p := b.look("/key-owner?key=0123456789abcdef0123")
		doc := answer{body: p.Body.String()}.doc(t)
		if p.first == "" || !doc.Has("progress") || strings.Count(p.Body.String(), `<noscript><meta http-equiv="refresh"`) != 1 {
			t.Errorf("begun early: %v\n%s", p.first != "", p.Body)
		}
	})
}

// TestEarlyFlash: what the last page has left to be said is said once.
func TestEarlyFlash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t, patient)
		b := c.signIn(full)
		const key = fullsKey
		b.cookies["keydeck-flash"] = &http.Cookie{Name: "keydeck-flash", Value: "saved." + key}
		c.fault(`{"path":"/","delay":"200ms","times":100}`)
		p := b.look(keysPage)
		if p.first == "" || !strings.Contains(strings.Join(p.Header()["Set-Cookie"], "\n"), "keydeck-flash=; ") {
			t.Errorf("begun early: %v, cookies %v", p.first != "", p.Header()["Set-Cookie"])
		}
	})
}

// TestEarlyNot: parts for scripts, and heads, come in one piece.
func TestEarlyNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t, patient)
		b := c.signIn(full)
		c.fault(`{"path":"/","delay":"1s","times":100}`)
		if p := b.look(keysPage, htmx); p.first != "" || p.Header().Get("Content-Length") == "" {
			t.Errorf("a part: begun early: %v, %v", p.first != "", p.Header())
		}
	})
}

// lateFault panics after the API has answered.
type lateFault struct{ keys.Authenticator }

func (f lateFault) As(access keys.Access) keys.Remote {
	return lateFaultRemote{f.Authenticator.As(access)}
}

type lateFaultRemote struct{ keys.Remote }

func (r lateFaultRemote) OwnKeys(ctx context.Context) ([]keys.Key, error) {
	_, _ = r.Remote.OwnKeys(ctx)
	panic("a fault of the program")
}

// TestEarlyPanic: a fault of the program is said on a page that has begun.
func TestEarlyPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t, patient, func(cfg *web.Config) { cfg.Auth = lateFault{cfg.Auth} })
		b := c.signIn(full)
		c.fault(`{"path":"/","delay":"200ms","times":100}`)
		p := b.look(keysPage)
		if p.first == "" || !strings.Contains(p.Body.String(), "Something went wrong here") {
			t.Errorf("%d, begun early: %v\n%s", p.Code, p.first != "", p.Body)
		}
	})
}
