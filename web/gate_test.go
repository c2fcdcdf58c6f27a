package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
	"keydeck/static"
	"keydeck/web"
)

func TestWithoutASession(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.browser()
	for address, want := range map[string]string{
		keysPage:             "/sign-in?next=%2Fobject-storage%2Fkeys",
		keysPage + "/new":    "/sign-in?next=%2Fobject-storage%2Fkeys%2Fnew",
		keysPage + "?poll=2": "/sign-in?next=%2Fobject-storage%2Fkeys%3Fpoll%3D2",
		keysPage + "/" + fullsKey + "/key-pair.csv":                     "/sign-in?next=%2Fobject-storage%2Fkeys%2F" + fullsKey,
		keysPage + "/" + fullsKey + "/use/rclone/rclone.conf?region=de": "/sign-in?next=%2Fobject-storage%2Fkeys%2F" + fullsKey + "%2Fuse%2Frclone%3Fregion%3Dde",
	} {
		if answer := b.get(address); answer.status != http.StatusSeeOther || answer.header.Get("Location") != want {
			t.Errorf("%s: %d to %q", address, answer.status, answer.header.Get("Location"))
		}
	}
	sent := b.post(keysPage, url.Values{"request_id": {"x"}})
	if sent.status != http.StatusSeeOther || sent.header.Get("Location") != "/sign-in?next=%2Fobject-storage%2Fkeys" {
		t.Errorf("a form: %d to %q", sent.status, sent.header.Get("Location"))
	}
	part := b.get(keysPage+"/new", htmx, header{"HX-Current-URL", "http://127.0.0.1:8080/object-storage/keys"})
	if part.status != http.StatusUnauthorized || part.header.Get("HX-Redirect") != "/sign-in?next=%2Fobject-storage%2Fkeys" {
		t.Errorf("htmx: %d to %q", part.status, part.header.Get("HX-Redirect"))
	}
	if asked := c.asked(); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

func TestSignInGoesBack(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	for next, want := range map[string]string{
		"/object-storage/keys/new": "/object-storage/keys/new",
		"https://elsewhere":        keysPage,
		"//elsewhere":              keysPage,
		`/\elsewhere`:              keysPage,
	} {
		page := c.browser().get("/sign-in?next=" + url.QueryEscape(next)).doc(t)
		if got := page.Count(`input[name=next]`) > 0; got != (want == next) {
			t.Errorf("%q is carried along: %v", next, got)
		}
		form := url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}, "next": {next}}
		b := c.browser()
		if answer := b.post("/sign-in", form); answer.header.Get("Location") != want {
			t.Errorf("%q leads to %q", next, answer.header.Get("Location"))
		}
		if again := b.get("/sign-in?next=" + url.QueryEscape(next)); again.header.Get("Location") != want {
			t.Errorf("signed in already, %q leads to %q", next, again.header.Get("Location"))
		}
	}
}

func TestSessionsRunOut(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	c.clock.Advance(idle + 1)
	if got := b.get(keysPage).status; got != http.StatusSeeOther {
		t.Errorf("after the idle limit: %d", got)
	}
}

func TestSessionStoreInTrouble(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	c.store.Fail(errors.New("disk full"))
	signIn := url.Values{"email": {"owner@keydeck.example"}, "password": {"sandbox"}}
	for name, answer := range map[string]answer{
		"page": b.get(keysPage), "form": b.post(keysPage, nil), "sign-in": c.browser().post("/sign-in", signIn), "sign-out": b.post("/sign-out", nil),
	} {
		if answer.status != http.StatusServiceUnavailable || strings.Contains(answer.body, "disk full") {
			t.Errorf("%s: %d", name, answer.status)
		}
	}
	if len(b.cookies) == 0 {
		t.Error("the cookie was given up though the session may live")
	}
	for _, line := range c.asked() {
		if strings.Contains(line, "/tokens/generate") {
			t.Error("a token was made though no session could be stored")
		}
	}
	c.store.Fail(nil)
	c.answered(func(r *http.Request) {
		if strings.Contains(r.URL.Path, "/tokens/generate") {
			c.store.Fail(errors.New("disk full"))
		}
	})
	if answer := c.browser().post("/sign-in", signIn); answer.status != http.StatusServiceUnavailable {
		t.Errorf("a store that fails after the token was made: %d", answer.status)
	}
	c.answered(func(*http.Request) {})
	c.store.Fail(nil)
	revoked := false
	for _, line := range c.asked() {
		revoked = revoked || strings.HasPrefix(line, "DELETE /auth/v1/tokens/")
	}
	if !revoked {
		t.Error("a token was made for a session that could not be stored, and left")
	}
	if got := b.get(keysPage).status; got != http.StatusOK {
		t.Errorf("when the store is back: %d", got)
	}
}

func TestForeignSites(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	for name, h := range map[string]header{
		"another site":     {"Sec-Fetch-Site", "cross-site"},
		"a sibling":        {"Sec-Fetch-Site", "same-site"},
		"another origin":   {"Origin", "https://elsewhere.example"},
		"an opaque origin": {"Origin", "null"},
	} {
		for _, address := range []string{keysPage, "/sign-in", "/sign-out"} {
			if answer := b.post(address, url.Values{"request_id": {"x"}}, h); answer.status != http.StatusForbidden {
				t.Errorf("%s: %s answers %d", name, address, answer.status)
			}
		}
	}
	if got := b.get(keysPage).status; got != http.StatusOK {
		t.Errorf("afterwards: %d", got)
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	for address, want := range map[string]int{
		"/nowhere": 404, "/object-storage/keys/a/b/c": 404, "/static/none.css": 404, "/_sandbox/requests": 404, "/healthz": 404, "/metrics": 404,
	} {
		answer := b.get(address)
		if answer.status != want {
			t.Errorf("%s: %d", address, answer.status)
		}
		if address == "/nowhere" {
			page := answer.doc(t)
			htmltest.Sound(t, page)
			if !strings.Contains(page.Text("main"), answer.header.Get("X-Request-Id")) || !strings.Contains(page.Text("header.bar"), "member@") {
				t.Errorf("the page is %s", page.Text("body"))
			}
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, "BREW"} {
		answer := b.do(httptest.NewRequest(method, keysPage, nil), header{"Sec-Fetch-Site", "same-origin"})
		if answer.status != http.StatusMethodNotAllowed || answer.header.Get("Allow") == "" {
			t.Errorf("%s: %d, Allow %q", method, answer.status, answer.header.Get("Allow"))
		}
	}
	override := httptest.NewRequest(http.MethodPost, keysPage+"?_method=DELETE", nil)
	if got := b.do(override, header{"X-HTTP-Method-Override", "DELETE"}).status; got != http.StatusUnprocessableEntity {
		t.Errorf("a method override gets %d", got)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	large := url.Values{"description": {strings.Repeat("x", 1<<20)}}
	if got := b.post(keysPage, large).status; got != http.StatusRequestEntityTooLarge {
		t.Errorf("a megabyte: %d", got)
	}
	r := httptest.NewRequest(http.MethodPost, keysPage, strings.NewReader(large.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.ContentLength = -1
	if got := b.do(r).status; got != http.StatusRequestEntityTooLarge {
		t.Errorf("a megabyte of unknown length: %d", got)
	}
	broken := httptest.NewRequest(http.MethodPost, keysPage, strings.NewReader("a=%zz"))
	broken.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := b.do(broken).status; got != http.StatusBadRequest {
		t.Errorf("a broken form: %d", got)
	}
}

// TestStaticFilesAreFenced: scripts and styles carry what counts for them, a picture
// the policy, too, as it is a document when it is opened alone.
func TestStaticFilesAreFenced(t *testing.T) {
	t.Parallel()
	assets, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	c := newConsole(t)
	for _, name := range []string{"app.css", "app.js", "icons.svg"} {
		h := c.browser().get(assets.Path(name)).header
		policy := h.Get("Content-Security-Policy")
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" ||
			(policy != "") != strings.HasSuffix(name, ".svg") {
			t.Errorf("%s: %v", name, h)
		}
	}
}

func TestEveryAnswerIsFenced(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	for name, answer := range map[string]answer{
		"page": b.get(keysPage), "part": b.get(keysPage+"/new", htmx), "redirect": b.get("/"), "not found": b.get("/nowhere"),
		"refused": b.post(keysPage, nil), "foreign": b.post(keysPage, nil, header{"Sec-Fetch-Site", "cross-site"}), "sign-in": c.browser().get("/sign-in"),
	} {
		for key, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
				"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "same-origin",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Cache-Control":                "no-store",
			"Strict-Transport-Security":    "",
		} {
			if got := answer.header.Get(key); got != want {
				t.Errorf("%s: %s is %q", name, key, got)
			}
		}
		if answer.header.Get("X-Request-Id") == "" || answer.header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v", name, answer.header)
		}
	}
}

func TestBehindTLS(t *testing.T) {
	t.Parallel()
	c := newConsole(t, func(cfg *web.Config) {
		cfg.PublicURL, cfg.Proxies = "https://keys.example.com", []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	b := c.browser()
	r := httptest.NewRequest(http.MethodGet, "/sign-in", nil)
	answer := b.doAt("keys.example.com", r)
	if !strings.Contains(answer.body, `name="password"`) || answer.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("got %d, HSTS %q", answer.status, answer.header.Get("Strict-Transport-Security"))
	}
	// The proxy asks by another name than browsers do.
	form := httptest.NewRequest(http.MethodPost, "/sign-out", nil)
	form.Header.Set("Origin", "https://keys.example.com")
	if got := b.doAt("10.1.2.3:8080", form).status; got != http.StatusSeeOther {
		t.Errorf("the public origin gets %d", got)
	}
}
