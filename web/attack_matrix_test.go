package web_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

// open are the addresses that anybody may ask for.
var open = map[string]bool{
	"/": true, "/object-storage": true, "/sign-in": true, "/sign-out": true, "/account/preferences": true, "/_components": true,
}

// forManagers reports whether an address is for owners and administrators.
func forManagers(path string) bool {
	return strings.HasPrefix(path, "/users") || strings.HasPrefix(path, "/groups") || strings.HasPrefix(path, "/contract/") || path == "/key-owner"
}

// filled is an address with somebody else's ids in it: those of a user who has
// keys, in the same contract.
func (c *console) filled(path string) string {
	victim := c.userID("full@keydeck.example")
	return strings.NewReplacer(":user", victim, ":key", c.keyOf("full@keydeck.example"), ":group", "none", ":session", strings.Repeat("a", 32)).Replace(path)
}

// keyOf is the first key of an account.
func (c *console) keyOf(email string) string {
	c.t.Helper()
	var list struct {
		Items []struct{ ID string }
	}
	c.api("/cloudapi/v6/um/users/"+c.userID(email)+"/s3keys?depth=1", &list)
	return list.Items[0].ID
}

// TestMatrix asks for every address, with every method, in every role, with the
// ids of somebody else's user and key. What is not allowed is refused before
// any API is asked; what is allowed finds no key of somebody else under one's
// own; nothing that is not a POST changes anything.
func TestMatrix(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"nobody", "guest", "member", "admin", "owner"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			before := c.control(http.MethodGet, "users/full@keydeck.example/keys", "")
			for _, address := range c.server.Addresses() {
				b := c.browser()
				if role != "nobody" {
					b = c.signIn(role + "@keydeck.example")
				}
				target := c.filled(address.Path)
				c.asked()
				answer := b.do(form(address.Method, target, url.Values{"confirm": {"yes"}, "description": {"x"}, "region": {"de"}}))
				asked := c.asked()
				wantGate(t, role, address.Path, address.Method, answer, asked)
				for _, line := range asked {
					if !strings.HasPrefix(line, "GET ") && address.Method == http.MethodGet {
						t.Errorf("%s %s asked for %s", address.Method, address.Path, line)
					}
				}
				if strings.HasPrefix(address.Path, "/object-storage/keys/:key") && answer.status == http.StatusOK {
					t.Errorf("%s %s shows somebody else's key", address.Method, address.Path)
				}
			}
			if role == "admin" || role == "owner" {
				return // they may change them
			}
			if after := c.control(http.MethodGet, "users/full@keydeck.example/keys", ""); !bytes.Equal(after, before) {
				t.Errorf("somebody else's keys were %s and are %s", before, after)
			}
		})
	}
}

// wantGate checks who is let in.
func wantGate(t *testing.T, role, path, method string, answer answer, asked []string) {
	t.Helper()
	switch {
	case open[path]:
	case role == "nobody":
		if answer.status != http.StatusSeeOther || !strings.HasPrefix(answer.header.Get("Location"), "/sign-in") || len(asked) > 0 {
			t.Errorf("%s %s: %d, and asked %v", method, path, answer.status, asked)
		}
	case forManagers(path) && (role == "guest" || role == "member"):
		if answer.status != http.StatusForbidden || len(asked) > 0 {
			t.Errorf("%s %s: %d, and asked %v", method, path, answer.status, asked)
		}
	case answer.status == http.StatusInternalServerError:
		t.Errorf("%s %s: %s", method, path, answer.body)
	}
}

func form(method, target string, values url.Values) *http.Request {
	if method == http.MethodGet {
		return httptest.NewRequest(method, target, nil)
	}
	r := httptest.NewRequest(method, target, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// TestOtherMethods: an address answers the methods of its table and no other,
// however the other is asked for.
func TestOtherMethods(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("owner@keydeck.example")
	known := map[string]map[string]bool{}
	for _, address := range c.server.Addresses() {
		if known[address.Path] == nil {
			known[address.Path] = map[string]bool{}
		}
		known[address.Path][address.Method] = true
	}
	for path, methods := range known {
		target := c.filled(path)
		c.asked()
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"} {
			if methods[method] || path == "/users/:user" { // where another pattern fits as well
				continue
			}
			answer := b.do(form(method, target, nil), header{"Sec-Fetch-Site", "same-origin"})
			if answer.status < 400 && (method != "OPTIONS" || answer.status != http.StatusNoContent) {
				t.Errorf("%s %s: %d", method, path, answer.status)
			}
		}
		if methods["GET"] && methods["POST"] {
			for _, trick := range []header{{"X-HTTP-Method-Override", "POST"}, {"X-Method-Override", "POST"}, {"X-HTTP-Method", "POST"}} {
				b.do(form("GET", target+"?_method=POST&confirm=yes", nil), trick)
			}
		}
		for _, line := range c.asked() {
			if !strings.HasPrefix(line, "GET ") {
				t.Errorf("%s: asked for %s", path, line)
			}
		}
	}
}

// TestForgedRequests sends every form from elsewhere, as browsers would, old
// ones and new, and as htmx on another page would.
func TestForgedRequests(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("owner@keydeck.example")
	evil := "https://evil.example"
	for _, address := range c.server.Addresses() {
		if address.Method != http.MethodPost {
			continue
		}
		target := c.filled(address.Path)
		c.asked()
		for name, headers := range map[string][]header{
			"another site":                       {{"Sec-Fetch-Site", "cross-site"}, {"Origin", evil}},
			"a sibling site":                     {{"Sec-Fetch-Site", "same-site"}, {"Origin", "http://other.localhost:8080"}},
			"another port":                       {{"Sec-Fetch-Site", "same-site"}, {"Origin", "http://127.0.0.1:9999"}},
			"a browser without Sec-Fetch-Site":   {{"Origin", evil}},
			"an opaque origin":                   {{"Origin", "null"}},
			"an origin that begins like ours":    {{"Origin", "http://127.0.0.1:8080.evil.example"}},
			"htmx of another page":               {{"Sec-Fetch-Site", "cross-site"}, {"Origin", evil}, {"HX-Request", "true"}},
			"htmx that says it is ours":          {{"Sec-Fetch-Site", "cross-site"}, {"HX-Request", "true"}, {"HX-Current-URL", "http://127.0.0.1:8080/object-storage/keys"}},
			"a proxy's word that nobody trusts":  {{"Origin", evil}, {"X-Forwarded-Host", "evil.example"}},
			"the old way to say it from a proxy": {{"Origin", evil}, {"Forwarded", "host=evil.example"}},
			"a site that calls itself none":      {{"Sec-Fetch-Site", "none;cross-site"}, {"Origin", evil}},
			"in capitals":                        {{"Sec-Fetch-Site", "SAME-ORIGIN "}, {"Origin", evil}},
		} {
			answer := b.do(form(http.MethodPost, target, url.Values{"confirm": {"yes"}}), headers...)
			if answer.status != http.StatusForbidden {
				t.Errorf("%s: %s answers %d", name, address.Path, answer.status)
			}
		}
		if asked := c.asked(); len(asked) > 0 {
			t.Errorf("%s: asked %v", address.Path, asked)
		}
	}
	if got := b.get(keysPage).status; got != http.StatusOK {
		t.Errorf("afterwards they are signed out: %d", got)
	}
}

// TestHeadersOfEveryAddress: no answer is without them, errors and redirects
// among them, and nothing that a signed-in person sees is stored.
func TestHeadersOfEveryAddress(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	for role, b := range map[string]*browser{"nobody": c.browser(), "member": c.signIn("member@keydeck.example"), "owner": c.signIn("owner@keydeck.example")} {
		for _, address := range c.server.Addresses() {
			if address.Path == "/sign-out" || strings.HasSuffix(address.Path, "/end-all") {
				continue
			}
			answer := b.do(form(address.Method, c.filled(address.Path), nil))
			h := answer.header
			if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'; style-src 'self'; ") ||
				h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" ||
				h.Get("Cross-Origin-Resource-Policy") != "same-origin" {
				t.Errorf("%s, %s %s: %d with %v", role, address.Method, address.Path, answer.status, h)
			}
			// Counts are read by a script, and are no document.
			counts := answer.status == http.StatusOK && strings.HasSuffix(address.Path, "-counts")
			if !counts && (h.Get("Referrer-Policy") != "same-origin" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" ||
				!strings.Contains(h.Get("Permissions-Policy"), "clipboard-write=(self)")) {
				t.Errorf("%s, %s %s: %d, as a document, with %v", role, address.Method, address.Path, answer.status, h)
			}
			if strings.HasPrefix(h.Get("Content-Type"), "text/html") && strings.Contains(answer.body, "<html") {
				htmltest.Sound(t, answer.doc(t))
			}
		}
	}
}
