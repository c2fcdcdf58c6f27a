package e2e

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"keydeck/internal/app"
)

// users has the sandbox's contract have that many.
func users(n int) func(*app.Config) { return func(cfg *app.Config) { cfg.SandboxUsers = n } }

// TestUserKeys is the whole of it: find a user, make them a key, hand
// it over, take it away again.
func TestUserKeys(t *testing.T) {
	t.Parallel()
	for who, as := range map[string]string{"as administrator": admin, "as owner": owner} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, noScript bool) {
				c := startConsole(t)
				p := newPage(t, c, pageOptions{as: as, noScript: noScript})
				p.open(keysPage)
				p.click(p.link("Users & Groups"))
				p.see(p.heading("Users & Groups"))
				p.fill("Search", "okafor")
				if noScript {
					p.click(p.button("Search"))
				}
				check(t, expect.Locator(p.Locator("[data-user]")).ToHaveCount(1))
				p.says(p.Locator("[data-user]"), "Storage Team")
				p.click(p.link("Amara Okafor"))
				p.see(p.heading("Amara Okafor"))
				p.click(p.link("Object Storage Keys"))
				p.see(p.GetByText("No keys yet"))
				p.makesAKeyFor(member, "Amara Okafor")
				p.takesItAway()
			})
		})
	}
}

func (p *page) makesAKeyFor(email, name string) {
	p.t.Helper()
	p.click(p.link("+ Generate Key"))
	p.says(p.dialog("Generate Key"), name)
	check(p.t, p.button("OK").Dblclick())
	p.see(p.dialog("Copy key"))
	made := p.shownPair()
	p.secretIsMasked()
	p.downloadsExactly(made, email)
	if keys := p.console.keysOf(email); len(keys) != 1 || keys[0].AccessKey != made.key {
		p.t.Errorf("the API has %v", keys)
	}
	p.click(p.dialog("Copy key").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Close"}).Last())
	check(p.t, expect.Locator(p.Locator("[data-key] a.button")).ToHaveAttribute("href", regexp.MustCompile("/"+made.key+"$")))
	check(p.t, expect.Locator(p.Locator("code#canonical-user-id")).Not().ToBeEmpty())
	p.noDialog()
	if content, err := p.Content(); err != nil || made.isIn(content) {
		p.t.Errorf("the list holds the secret, or cannot be read: %v", err)
	}
}

// takesItAway deactivates and deletes the only key that the tab shows.
func (p *page) takesItAway() {
	p.t.Helper()
	row := p.Locator("[data-key]")
	p.click(row.GetByRole("checkbox"))
	p.see(p.GetByText("This is the user's only active key"))
	p.click(p.button("Deactivate"))
	check(p.t, expect.Locator(row.GetByRole("checkbox")).Not().ToBeChecked())
	key, err := row.Locator("code").TextContent()
	check(p.t, err)
	p.choose(key, "Delete")
	p.see(p.GetByText("This is the user's last key"))
	p.fill("Last four characters of the key", key[len(key)-4:])
	p.click(p.button("OK"))
	p.gone(row)
	p.see(p.GetByText("No keys yet"))
}

// TestUsersByKeyboard touches nothing but keys.
func TestUsersByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/users")
	p.tabTo(p.field("Search"))
	p.typed("rafael")
	check(t, expect.Locator(p.Locator("[data-user]")).ToHaveCount(1))
	p.focused(p.field("Search"))
	p.tabTo(p.Locator("[data-user] td a"))
	p.press("Enter")
	check(t, expect.Locator(p.Locator("[data-key]")).ToHaveCount(5))
	box := p.Locator("[data-key]").First().GetByRole("checkbox")
	p.tabTo(box)
	p.press("Space")
	check(t, expect.Locator(box).Not().ToBeChecked())
	p.focused(box)
}

// TestUserKeysGenerateByKeyboard: a key for another user, handed over, deactivated and
// deleted, with nothing but keys.
func TestUserKeysGenerateByKeyboard(t *testing.T) {
	c := startConsole(t)
	pasted := newClipboard(t, c, false)
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/users/" + c.userID(member))
	p.tabTo(p.link("Object Storage Keys"))
	p.press("Enter")
	p.see(p.GetByText("No keys yet"))
	p.tabTo(p.link("+ Generate Key"))
	p.press("Enter")
	p.see(p.dialog("Generate Key"))
	p.tabTo(p.button("OK"))
	p.press("Enter")
	p.see(p.dialog("Copy key"))
	made := p.shownPair()
	p.tabTo(p.button("Copy Secret"))
	p.press("Space")
	p.saysCopied("Copy Secret")
	if pasted.text() != made.secret {
		t.Error("Space copies something else than the secret")
	}
	p.press("Escape")
	p.rows(1)
	row := p.Locator("[data-key]")
	p.tabTo(row.GetByRole("checkbox"))
	p.press("Space")
	p.see(p.dialogAbout("Deactivate key"))
	p.tabTo(p.button("Deactivate"))
	p.press("Enter")
	check(t, expect.Locator(row.GetByRole("checkbox")).Not().ToBeChecked())
	short := p.text(row.Locator("code"))
	p.tabTo(p.more(short))
	p.chooseByKey(short, "Delete")
	p.focused(p.field("Last four characters of the key"))
	p.typed(made.key[len(made.key)-4:])
	p.press("Enter")
	p.gone(row)
	c.keysAtAPI(member, 0)
}

// TestKeyCounts come after the list, and one that the API does not give in time
// does not hold the others up.
func TestKeyCounts(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/groups")
	check(t, expect.Locator(p.Locator("[data-group] td a").First()).Not().ToHaveText("Show"))
	c.fault(fault{Path: "/cloudapi/v6/um/users/", Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "3600"}})
	p.open("/users")
	counts := p.Locator("[data-user] td:last-child a")
	check(t, expect.Locator(counts.Filter(playwright.LocatorFilterOptions{HasText: "Show"})).ToHaveCount(0))
	check(t, expect.Locator(counts.Filter(playwright.LocatorFilterOptions{HasText: "waiting"})).ToHaveCount(1))
}

// TestKeyOwner looks through many users, shows how far it is, and can be
// stopped.
func TestKeyOwner(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t, users(300))
		key := c.keysOf(full)[0].AccessKey
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.open("/users")
		p.click(p.link("Find the owner of a key"))
		p.fill("Access key", key)
		p.click(p.button("Find"))
		p.see(p.heading("The key belongs to Rafael Echeverría"))
		p.click(p.main().GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Object Storage Keys"}))
		check(t, expect.Locator(p.Locator("[data-key]")).ToHaveCount(5))

		c.fault(fault{Path: "/cloudapi/v6/um/users/", Delay: "600ms", Times: 600})
		p.open("/key-owner?key=0123456789abcdef0123")
		p.see(p.Locator("progress"))
		p.click(p.link("Stop"))
		p.see(p.link("Go on"))
		c.healFaults()
		p.click(p.link("Go on"))
		check(t, expect.Locator(p.message("No user of this contract has this key")).ToBeVisible(
			playwright.LocatorAssertionsToBeVisibleOptions{Timeout: playwright.Float(float64((20 * time.Second).Milliseconds()))}))
	})
}

// TestUsersMany: the first page is there at once, and search finds one of ten
// thousand.
func TestUsersMany(t *testing.T) {
	t.Parallel()
	c := startConsole(t, users(10_000))
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/users")
	check(t, expect.Locator(p.Locator("[data-user]")).ToHaveCount(20))
	p.click(p.link("Next page"))
	p.at("/users?page=2#rows")
	p.fill("Search", "user09999@")
	check(t, expect.Locator(p.Locator("[data-user]")).ToHaveCount(1, playwright.LocatorAssertionsToHaveCountOptions{
		Timeout: playwright.Float(float64((20 * time.Second).Milliseconds())),
	}))
	p.says(p.Locator("[data-user]"), "user09999@keydeck.example")
}
