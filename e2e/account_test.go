package e2e

import (
	"net/http"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// TestSessionsAndActivity: a person sees where they are signed in, ends the one
// they do not know, reads what was done, and signs out everywhere.
func TestSessionsAndActivity(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: member, noScript: noScript})
		other := newPage(t, c, pageOptions{as: member})
		other.open(keysPage)
		p.open(keysPage)
		p.openAccount()
		p.click(p.link("Sessions"))
		p.see(p.heading("Your account"))
		check(t, expect.Locator(p.Locator("[data-session]")).ToHaveCount(2))
		p.says(p.Locator("[data-session]").First(), "This session")
		// By keyboard: it is the only one to be ended here.
		p.tabTo(p.Locator("[data-session] button"))
		p.press("Enter")
		p.says(p.Locator("#notice"), "The session is ended")
		check(t, expect.Locator(p.Locator("[data-session]")).ToHaveCount(1))
		other.open(keysPage)
		other.see(other.heading("Sign in"))

		p.click(p.main().GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Activity"}))
		p.says(p.main(), "Signed in")
		p.says(p.main(), "Ended another session")
		p.openAccount()
		p.click(p.GetByRole("banner").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Sessions"}))
		p.click(p.button("Sign out everywhere"))
		p.see(p.heading("Sign in"))
		p.open(keysPage)
		p.see(p.heading("Sign in"))
	})
}

// TestSignInContract: a user with two contracts signs in by a click, is
// asked which one, and comes to its keys.
func TestSignInContract(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{noScript: noScript})
		p.open("/sign-in")
		p.expect(http.StatusUnprocessableEntity)
		p.signInAs("multi@keydeck.example")
		p.focused(p.Locator("#contract"))
		p.typed("32045117")
		p.fill("Password", "sandbox")
		p.press("Enter")
		p.see(p.heading("IONOS Object Storage"))
		p.says(p.main(), "Partner uploads")
	})
}

// at is the path that a proxy serves the console under.
const at = "/tools/keys"

// TestBehindAProxy: under a path of a host, stripped by the proxy or not, a key
// is made, shown, downloaded and deleted, and one signs out.
func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	for name, strip := range map[string]bool{"stripping the path": true, "leaving the path": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, noScript bool) {
				c := startBehind(t, strip)
				p := newPage(t, c, pageOptions{noScript: noScript})
				p.open("/sign-in")
				p.fill("E-mail", member)
				p.fill("Password", "sandbox")
				p.click(p.button("Sign in").First())
				p.at(keysPage)
				p.click(p.link("Generate a key").First())
				p.fill("Description (optional)", "behind a proxy")
				p.click(p.button("Generate"))
				p.see(p.heading("Copy key"))
				p.atKey()
				made := p.shownPair()
				name, content := p.download(func() error { return p.link("Download key pair").Click() })
				if name != made.filename() || content != made.csv(member) {
					t.Errorf("%q holds %q", name, content)
				}
				p.open("/")
				p.at(keysPage)
				p.says(p.main(), "behind a proxy")
				p.chooseTheme("Dark")
				check(t, expect.Locator(p.Locator("html[data-theme=dark]")).ToHaveCount(1))
				p.openAccount()
				p.click(p.link("Sessions"))
				p.see(p.heading("Your account"))
				p.signOut()
				p.see(p.heading("Sign in"))
				cookies, err := p.Context().Cookies()
				check(t, err)
				for _, cookie := range cookies {
					if cookie.Path != at+"/" {
						t.Errorf("%s is for %s", cookie.Name, cookie.Path)
					}
				}
			})
		})
	}
}
