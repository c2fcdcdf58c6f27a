package e2e

import (
	"regexp"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// offboarded is the address of a record.
var offboarded = regexp.MustCompile(`/offboard/results/[0-9a-z-]+$`)

// offboards removes the access of a user and waits for the record to be complete.
func (p *page) offboards(c *console, email string) {
	p.t.Helper()
	p.open("/users/" + c.userID(email))
	p.click(p.link("Remove access"))
	p.fill("E-mail address of the user", email)
	p.click(p.button("Remove access"))
	p.isOffboarded()
}

// isOffboarded waits until every step of a record is done.
func (p *page) isOffboarded() {
	p.t.Helper()
	check(p.t, expect.Page(p.Page).ToHaveURL(offboarded))
	within := playwright.LocatorAssertionsToHaveCountOptions{Timeout: playwright.Float(float64((20 * time.Second).Milliseconds()))}
	check(p.t, expect.Locator(p.Locator("[data-step]:not([data-result=done])")).ToHaveCount(0, within))
	check(p.t, expect.Locator(p.Locator("[data-step=deactivate-account]")).ToHaveCount(1))
}

// TestOffboard: a leaver with five keys in two clicks and an e-mail address, without
// scripts as well.
func TestOffboard(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.offboards(c, full)
		p.gone(p.button("Try the rest again"))
		p.open("/users/" + c.userID(full) + "/object-storage-keys")
		check(t, expect.Locator(p.Locator("[aria-checked=false]")).ToHaveCount(5))
	})
}

// TestOffboardByKeyboard is the same with keys alone: an e-mail address that is wrong is
// said, and the choices stay.
func TestOffboardByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/users/" + c.userID(twofa) + "/offboard")
	p.tabTo(p.field("E-mail address of the user"))
	check(t, p.Keyboard().InsertText(member))
	p.expect(422)
	p.press("Enter")
	p.says(p.main(), "not the e-mail address of the user")
	p.tabTo(p.field("E-mail address of the user"))
	p.press("ControlOrMeta+a")
	check(t, p.Keyboard().InsertText(twofa))
	p.press("Enter")
	p.isOffboarded()
}

// TestAccess: from the keys of a user without the privilege to their first key, and the
// group taken away again.
func TestAccess(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.open("/users/" + c.userID(guest) + "/object-storage-keys")
		p.click(p.Locator("form[action$='/groups'] button"))
		p.says(p.main(), "The user is in the group")
		p.click(p.link("+ Generate Key"))
		p.click(p.button("OK"))
		p.see(p.heading("Copy key"))
	})
}
