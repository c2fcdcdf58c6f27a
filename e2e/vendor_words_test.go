package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

const keyManagementDocs = "https://docs.ionos.com/cloud/storage-and-backup/ionos-object-storage/concepts/key-management"

// titled wants the page's title, which names what is in front.
func (p *page) titled(name string) {
	p.t.Helper()
	check(p.t, expect.Page(p.Page).ToHaveTitle(name+" · Keydeck"))
}

// saysInOrder wants the texts that expressions match to follow one another in an
// element.
func (p *page) saysInOrder(what playwright.Locator, expressions ...string) {
	p.t.Helper()
	check(p.t, expect.Locator(what).ToHaveText(regexp.MustCompile(strings.Join(expressions, `[\s\S]*`))))
}

// goTo takes the way through the menu, whose sections the documentation names.
func (p *page) goTo(section, entry string) {
	p.t.Helper()
	p.click(p.button("Menu"))
	p.saysInOrder(p.Locator("#nav"), section, entry)
	p.click(p.Locator("#nav").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: entry, Exact: playwright.Bool(true)}))
}

// TestVendorWords: a key for oneself and one for another user, by the words that the
// vendor's documentation uses, in its order. The title is that of what is in front, the
// list behind is up to date, and how long the pair is available is said as a duration.
func TestVendorWords(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		c.ask(http.MethodPost, "/accesskeys", c.token(member, time.Hour), keyAtAPI{}, nil)
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript, narrow: true, zone: "Asia/Kolkata"})
		p.open("/account/sessions")

		p.goTo("Management", "Users & Groups")
		p.titled("Users")
		p.goTo("Storage & Backup", "IONOS Object Storage")
		p.titled("Key management")
		check(t, p.SetViewportSize(1280, 800))
		p.saysInOrder(p.main(), "IONOS Object Storage", "Key management", "Access keys", "Object Storage Credentials")
		used := len(c.keysOf(admin))
		p.click(p.link("Generate a key").First())
		p.titled("Generate a key")
		p.saysBeforeGenerating(p.dialog("Generate a key"), "your contract-owned and your user-owned buckets", "Unless you are")
		p.click(p.button("Generate"))
		p.titled("Copy key")
		p.saysInOrder(p.dialog("Copy key"), `A new access key for IONOS Object Storage was successfully generated\. It is active\.`,
			`save the pair now\.`, `available here for the next ten minutes\.`)
		check(t, expect.Locator(p.Locator("time[data-until]")).ToHaveText(until(noScript)))
		if !noScript {
			check(t, expect.Locator(p.Locator("#keys [data-key]")).ToHaveCount(used+1))
		}
		p.click(p.dialog("Copy key").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Close"}).Last())
		p.titled("Key management")
		p.rows(used + 1)

		p.open("/users/" + c.userID(member) + "/object-storage-keys")
		p.saysInOrder(p.main(), "Object Storage Keys", "Object Storage", "Canonical User ID")
		p.click(p.link("+ Generate Key"))
		p.saysBeforeGenerating(p.dialog("Generate Key"), "the contract-owned and the user-owned buckets of this user", "Unless the user is")
		p.click(p.button("OK"))
		p.titled("Copy key")
		p.saysInOrder(p.dialog("Copy key"), `A new access key for IONOS Object Storage was successfully generated for \S.*\. It is active\.`,
			`available here for the next ten minutes\.`)
		p.click(p.dialog("Copy key").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Close"}).Last())
		p.rows(2)
	})
}

// saysBeforeGenerating wants what a new key opens, who can use it and where more is to
// be read.
func (p *page) saysBeforeGenerating(dialog playwright.Locator, opens, whose string) {
	p.t.Helper()
	p.saysInOrder(dialog, "Keys generated from April 2024 onwards have access to both "+opens+", at all endpoints", whose,
		"a group with the privilege Use Object Storage", "How keys are managed")
	link := dialog.GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "How keys are managed"})
	check(p.t, expect.Locator(link).ToHaveAttribute("href", keyManagementDocs))
}

// until is the time until which a new pair is available: in the reader's own zone, which
// only a script can tell.
func until(noScript bool) *regexp.Regexp {
	if noScript {
		return regexp.MustCompile(`^$`)
	}
	return regexp.MustCompile(`^That is until \d\d:\d\d GMT\+5:30\.$`)
}
