package e2e

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// both runs a test with scripts and without.
func both(t *testing.T, test func(t *testing.T, noScript bool)) {
	t.Helper()
	for name, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, noScript)
		})
	}
}

// byToken is the form to sign in with a token.
const byToken = "/sign-in?by=token"

func TestSignInWrongPassword(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		p := newPage(t, startConsole(t), pageOptions{noScript: noScript})
		p.open("/sign-in")
		p.expect(http.StatusUnauthorized)
		p.fill("E-mail", member)
		p.fill("Password", "not the one")
		p.click(p.button("Sign in"))
		p.says(p.Locator("#password-error"), "do not match")
		p.focused(p.field("Password"))
		check(t, expect.Locator(p.field("E-mail")).ToHaveValue(member))
		check(t, expect.Locator(p.field("Password")).ToHaveValue(""))
		p.fill("Password", "sandbox")
		p.click(p.button("Sign in"))
		p.at(keysPage)
	})
}

// TestSignInRefused: each refusal is told from the others, and keeps what may
// be kept.
func TestSignInRefused(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	expired := c.token(member, -time.Hour)
	for name, tt := range map[string]struct {
		at     string
		fields map[string]string
		button string
		status int
		says   string
	}{
		"unknown person":        {"/sign-in", map[string]string{"E-mail": "nobody@keydeck.example", "Password": "sandbox"}, "Sign in", 401, "do not match"},
		"two-factor":            {"/sign-in", map[string]string{"E-mail": twofa, "Password": "sandbox"}, "Sign in", 401, "API token"},
		"no token":              {byToken, map[string]string{"API token": "not-a-token"}, "Sign in with token", 422, "token"},
		"an expired token":      {byToken, map[string]string{"API token": expired}, "Sign in with token", 422, "expired"},
		"another JWT":           {byToken, map[string]string{"API token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9."}, "Sign in with token", 422, "token"},
		"a contract unheard of": {"/sign-in", map[string]string{"E-mail": member, "Password": "sandbox", "Contract number": "abc"}, "Sign in", 422, "ontract"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPage(t, c, pageOptions{})
			p.open(tt.at)
			p.expect(tt.status)
			if _, ok := tt.fields["Contract number"]; ok {
				p.click(p.GetByText("I belong to several contracts"))
			}
			for label, value := range tt.fields {
				p.fill(label, value)
			}
			p.click(p.button(tt.button))
			p.see(p.Locator(".error, .message-error").First())
			p.says(p.Locator(".error, .message-error").First(), tt.says)
			if email, ok := tt.fields["E-mail"]; ok {
				check(t, expect.Locator(p.field("E-mail")).ToHaveValue(email))
				check(t, expect.Locator(p.field("Password")).ToHaveValue(""))
			} else {
				check(t, expect.Locator(p.field("API token")).ToHaveAttribute("aria-invalid", "true"))
			}
			p.open(keysPage)
			p.see(p.heading("Sign in"))
		})
	}
}

// TestSignInEmpty is caught by the browser: nothing is sent.
func TestSignInEmpty(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{})
	for at, form := range map[string]struct{ button, field string }{
		"/sign-in": {"Sign in", "E-mail"}, byToken: {"Sign in with token", "API token"},
	} {
		p.open(at)
		p.click(p.button(form.button))
		p.focused(p.field(form.field))
		p.at(at)
	}
}

func TestSignInWithToken(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{noScript: noScript})
		p.open("/sign-in")
		p.click(p.main().GetByRole("navigation").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "API token"}))
		p.at(byToken)
		p.fill("API token", c.token(twofa, time.Hour))
		p.click(p.button("Sign in with token"))
		p.at(keysPage)
		p.openAccount()
		p.says(p.GetByRole("banner"), twofa)
		p.press("Escape")
		p.says(p.Locator("[data-key]"), "Photo archive")
		p.signOut()
		p.at("/sign-in")
		if revoked := c.requests(http.MethodDelete, "/auth/v1/tokens"); len(revoked) > 0 {
			t.Errorf("a pasted token was deleted: %v", revoked)
		}
	})
}

// TestSignInSandboxAccounts: one click each; and who each of them is.
func TestSignInSandboxAccounts(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	for email, role := range map[string]string{
		owner: "Owner", admin: "Administrator", member: "User", full: "User", guest: "User", twofa: "",
	} {
		t.Run(email, func(t *testing.T) {
			t.Parallel()
			p := newPage(t, c, pageOptions{noScript: email == admin})
			p.open("/sign-in")
			if role == "" {
				p.expect(http.StatusUnauthorized)
			}
			p.signInAs(email)
			if role == "" {
				p.says(p.Locator("#password-error"), "two-factor")
				return
			}
			p.at(keysPage)
			p.openAccount()
			banner := p.GetByRole("banner")
			for _, words := range []string{email, role, "Sandbox", "Contract 31718824"} {
				p.says(banner, words)
			}
			others := banner.GetByText("Users & Groups")
			if role == "User" {
				p.gone(others)
			} else {
				p.see(others)
			}
		})
	}
}

// TestSignInNext: after signing in one is where one wanted to be, if that is here.
func TestSignInNext(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	for next, want := range map[string]string{
		newKey: newKey, "https://elsewhere": keysPage, "//elsewhere": keysPage, `/\elsewhere`: keysPage, "": keysPage,
	} {
		t.Run(next, func(t *testing.T) {
			t.Parallel()
			p := newPage(t, c, pageOptions{noScript: len(next)%2 == 0})
			p.open("/sign-in?next=" + url.QueryEscape(next))
			p.signInAs(member)
			p.at(want)
			p.open("/sign-in?next=" + url.QueryEscape(next))
			p.at(want)
		})
	}
}

// TestSignInAPIDown: it says so, and the same again works when it is back.
func TestSignInAPIDown(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{})
	p.open("/sign-in?next=" + url.QueryEscape(newKey))
	c.fault(fault{Path: "/auth/v1", Status: http.StatusServiceUnavailable, Times: 20})
	p.expect(http.StatusBadGateway)
	p.fill("E-mail", member)
	p.fill("Password", "sandbox")
	p.click(p.button("Sign in"))
	p.see(p.message("cannot be reached"))
	check(t, expect.Locator(p.field("E-mail")).ToHaveValue(member))
	c.healFaults()
	p.fill("Password", "sandbox")
	p.click(p.button("Sign in"))
	p.at(newKey)
}
