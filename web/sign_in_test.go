package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSignInWithPassword(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.browser()
	answer := b.post("/sign-in", url.Values{"email": {" member@keydeck.example "}, "password": {"sandbox"}})
	if answer.status != http.StatusSeeOther || answer.header.Get("Location") != "/object-storage/keys" {
		t.Fatalf("got %d to %q", answer.status, answer.header.Get("Location"))
	}
	cookie := b.cookies["__Host-keydeck"]
	if cookie == nil || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookie is %v", cookie)
	}
	page := b.get("/object-storage/keys").doc(t)
	for _, want := range []string{"Amara Okafor", "member@keydeck.example", "User", "31718824", "Sandbox"} {
		if !strings.Contains(page.Text("header.bar"), want) {
			t.Errorf("the bar does not say %q: %s", want, page.Text("header.bar"))
		}
	}
}

// refusal is a sign-in that does not come to be.
type refusal struct {
	name   string
	form   url.Values
	fault  string
	status int
	says   string
}

func refusals() []refusal {
	long := strings.Repeat("x", 2000)
	return []refusal{
		{"empty", url.Values{"email": {""}, "password": {""}}, "", 422, "Enter your password"},
		{"no field at all", url.Values{}, "", 422, "Enter the e-mail address"},
		{"wrong password", url.Values{"email": {"member@keydeck.example"}, "password": {"wrong"}}, "", 401, "do not match"},
		{"unknown", url.Values{"email": {"nobody@keydeck.example"}, "password": {"sandbox"}}, "", 401, "do not match"},
		{"two factors", url.Values{"email": {"twofa@keydeck.example"}, "password": {"sandbox"}}, "", 401, "API token"},
		{"colon in the address", url.Values{"email": {"a:b@keydeck.example"}, "password": {"sandbox"}}, "", 401, "do not match"},
		{"over-long address", url.Values{"email": {long}, "password": {"sandbox"}}, "", 422, "not an e-mail address"},
		{"control characters", url.Values{"email": {"a\x00b@keydeck.example"}, "password": {"sandbox"}}, "", 422, "not an e-mail address"},
		{"over-long password", url.Values{"email": {"member@keydeck.example"}, "password": {long}}, "", 422, "at most 1024"},
		{"contract in words", url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}, "contract": {"mine"}}, "", 422, "digits only"},
		{"no token", url.Values{"token": {"  "}}, "", 422, "Paste an API token"},
		{"not a token", url.Values{"token": {"not-a-token"}}, "", 422, "not a token"},
		{"over-long token", url.Values{"token": {strings.Repeat("x", 9000)}}, "", 422, "far too long"},
		{
			"API down", url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}},
			`{"path":"/auth/v1","times":9,"status":503}`, 502, "cannot be reached",
		},
		{
			"API unreachable", url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}},
			`{"path":"/auth/v1","times":9,"drop":"before"}`, 502, "cannot be reached",
		},
		{
			"throttled", url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}},
			`{"path":"/auth/v1","times":9,"status":429,"headers":{"Retry-After":"70"}}`, 429, "in 70 seconds",
		},
	}
}

func TestSignInIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range refusals() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			if tt.fault != "" {
				c.fault(tt.fault)
			}
			b := c.browser()
			answer := b.post("/sign-in", tt.form)
			if answer.status != tt.status {
				t.Fatalf("got %d, want %d: %s", answer.status, tt.status, answer.body)
			}
			page := answer.doc(t)
			if !strings.Contains(page.Text("main"), tt.says) {
				t.Errorf("does not say %q: %s", tt.says, page.Text("main"))
			}
			if len(b.cookies) > 0 || len(c.sessionKeys()) > 0 {
				t.Errorf("left something: %v %v", b.cookies, c.sessionKeys())
			}
			if tt.status == 429 && answer.header.Get("Retry-After") != "70" {
				t.Errorf("Retry-After is %q", answer.header.Get("Retry-After"))
			}
			for _, secret := range []string{tt.form.Get("password"), tt.form.Get("token")} {
				if len(secret) > 8 && strings.Contains(answer.body, secret) || secret == "wrong" && strings.Contains(answer.body, `"wrong"`) {
					t.Error("what must not be seen came back")
				}
			}
			if email := tt.form.Get("email"); tt.status == 401 && page.Attr("#email", "value") != email {
				t.Errorf("the e-mail address was not kept: %q", page.Attr("#email", "value"))
			}
		})
	}
}

func TestSignInWithToken(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.browser()
	token := c.token("twofa@keydeck.example", time.Hour)
	answer := b.post("/sign-in", url.Values{"token": {token + "\r\n"}})
	if answer.status != http.StatusSeeOther {
		t.Fatalf("got %d", answer.status)
	}
	// The token runs out before the session would.
	c.clock.Advance(20 * time.Minute)
	if got := b.get("/object-storage/keys").status; got != http.StatusOK {
		t.Fatalf("after twenty minutes: %d", got)
	}
	c.clock.Advance(20 * time.Minute)
	b.get("/object-storage/keys")
	c.clock.Advance(25 * time.Minute)
	if got := b.get("/object-storage/keys").status; got != http.StatusSeeOther {
		t.Errorf("after its token has expired, the session answers %d", got)
	}
}

func TestSignInWithDeadToken(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	expired := c.browser().post("/sign-in", url.Values{"token": {c.token("member@keydeck.example", -time.Minute)}})
	if expired.status != http.StatusUnprocessableEntity || !strings.Contains(expired.doc(t).Text("#token-error"), "expired") {
		t.Errorf("an expired token: %d %s", expired.status, expired.body)
	}

	b := c.browser()
	token := c.token("member@keydeck.example", time.Hour)
	b.post("/sign-in", url.Values{"token": {token}})
	c.revoke(token)
	if got := b.get("/object-storage/keys"); got.status != http.StatusSeeOther || got.header.Get("Location") != "/sign-in?next=%2Fobject-storage%2Fkeys" {
		t.Errorf("with a revoked token: %d to %q", got.status, got.header.Get("Location"))
	}
	if len(c.sessionKeys()) != 0 {
		t.Errorf("the session was left: %v", c.sessionKeys())
	}
	again := c.browser().post("/sign-in", url.Values{"token": {token}})
	if again.status != http.StatusUnauthorized || !strings.Contains(again.doc(t).Text("#token-error"), "revoked") {
		t.Errorf("a revoked token: %d %s", again.status, again.body)
	}
	if strings.Contains(again.body, token) {
		t.Error("the token came back")
	}
}

// revoke ends a token as its owner does elsewhere.
func (c *console) revoke(token string) {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodDelete, "http://apis.test/auth/v1/tokens?criteria=CURRENT", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	c.sandbox.ServeHTTP(recorder, r)
	if recorder.Code != http.StatusOK {
		c.t.Fatalf("revoking: %d %s", recorder.Code, recorder.Body)
	}
}

func TestSignInOverPlainHTTP(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	for _, host := range []string{"keys.example.com", "192.0.2.7:8080", "localhost.example.com"} {
		b := c.browser()
		form := url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}}
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer := b.doAt(host, r)
		if answer.status != http.StatusForbidden || !strings.Contains(answer.body, "not safe here") {
			t.Errorf("%s: %d", host, answer.status)
		}
		if shown := b.doAt(host, httptest.NewRequest(http.MethodGet, "/sign-in", nil)); strings.Contains(shown.body, `name="password"`) {
			t.Errorf("%s: the form is shown", host)
		}
	}
	if asked := c.asked(); len(asked) > 0 {
		t.Errorf("the password went to the API: %v", asked)
	}
}

func TestSignInEndsTheSessionBefore(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	first := *b.cookies["__Host-keydeck"]
	b.post("/sign-in", url.Values{"email": {"owner@keydeck.example"}, "password": {"sandbox"}})
	if b.cookies["__Host-keydeck"].Value == first.Value {
		t.Error("the session was not renewed")
	}
	revoked := false
	for _, line := range c.asked() {
		revoked = revoked || strings.HasPrefix(line, "DELETE /auth/v1/tokens/")
	}
	if !revoked {
		t.Error("the token of the session before lives on")
	}
	old := c.browser()
	old.cookies[first.Name] = &first
	if got := old.get("/object-storage/keys").status; got != http.StatusSeeOther {
		t.Errorf("the session before answers %d", got)
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	ours, pasted := c.signIn("member@keydeck.example"), c.browser()
	pasted.post("/sign-in", url.Values{"token": {c.token("owner@keydeck.example", time.Hour)}})
	c.asked()
	for _, tt := range []struct {
		name  string
		b     *browser
		calls int
	}{{"token of ours", ours, 1}, {"pasted token", pasted, 0}} {
		cookie := *tt.b.cookies["__Host-keydeck"]
		answer := tt.b.post("/sign-out", nil)
		if answer.status != http.StatusSeeOther || answer.header.Get("Location") != "/sign-in" {
			t.Errorf("%s: %d to %q", tt.name, answer.status, answer.header.Get("Location"))
		}
		if answer.header.Get("Clear-Site-Data") != `"cache"` {
			t.Errorf("%s: Clear-Site-Data is %q", tt.name, answer.header.Get("Clear-Site-Data"))
		}
		if asked := c.asked(); len(asked) != tt.calls {
			t.Errorf("%s: asked %v", tt.name, asked)
		}
		thief := c.browser()
		thief.cookies[cookie.Name] = &cookie
		if got := thief.get("/object-storage/keys").status; got != http.StatusSeeOther {
			t.Errorf("%s: the old cookie gets %d", tt.name, got)
		}
		if again := tt.b.post("/sign-out", nil).status; again != http.StatusSeeOther {
			t.Errorf("%s: signing out twice gets %d", tt.name, again)
		}
	}
}

// TestSignInMasked: what is secret on the page is masked, a token until its eye is
// ticked, and not sent back after an error.
func TestSignInMasked(t *testing.T) {
	t.Parallel()
	b := newConsole(t).browser()
	pages := map[string]struct {
		answer
		byToken bool
	}{
		"new":              {b.get("/sign-in"), false},
		"new, by token":    {b.get("/sign-in?by=token"), true},
		"after a token":    {b.post("/sign-in", url.Values{"token": {"eyJhbGciOiJub25lIn0.no-such-token"}}), true},
		"after a password": {b.post("/sign-in", url.Values{"email": {member}, "password": {"no-such-password"}}), false},
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			doc := page.doc(t)
			if masked := doc.Count(".value > #token") == 1 && doc.Count(".value:has(#token) .eye input[type=checkbox]") == 1; masked != page.byToken {
				t.Errorf("the token is masked and can be shown: %v", masked)
			}
			if doc.Has("#token") != page.byToken || doc.Has("#password[type=password]") == page.byToken {
				t.Error("it has not the one field that is wanted, or shows the password")
			}
			if strings.Contains(page.body, "no-such-") {
				t.Error("what was typed is in the page")
			}
		})
	}
}
