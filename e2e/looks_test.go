package e2e

import (
	"net/http"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// looks are pages as people come upon them.
var looks = []struct {
	name string
	as   string
	show func(t *testing.T, c *console, p *page)
}{
	{"sign-in", "", func(_ *testing.T, _ *console, p *page) { p.open("/sign-in") }},
	{"sign-in-refused", "", func(_ *testing.T, _ *console, p *page) {
		p.open("/sign-in")
		p.expect(http.StatusUnauthorized)
		p.signInAs(twofa)
		p.says(p.Locator("#password-error"), "two-factor")
	}},
	{"sign-in-contract", "", func(_ *testing.T, _ *console, p *page) {
		p.open("/sign-in")
		p.expect(http.StatusUnprocessableEntity)
		p.signInAs("multi@keydeck.example")
		p.see(p.Locator("#contract-error"))
	}},
	{"sessions", owner, func(t *testing.T, c *console, p *page) {
		c.signIn(t, owner)
		p.open("/account/sessions")
		check(t, expect.Locator(p.Locator("[data-session]")).ToHaveCount(2))
	}},
	{"activity", twofa, func(_ *testing.T, c *console, p *page) {
		p.open(keyAddress(c, twofa, 0))
		p.open("/account/activity")
		p.says(p.main(), "Opened Copy key")
	}},
	{"sign-in-token-refused", "", func(_ *testing.T, _ *console, p *page) {
		p.open(byToken)
		p.expect(http.StatusUnprocessableEntity)
		p.fill("API token", "not-a-token")
		p.click(p.button("Sign in with token"))
		p.see(p.Locator(".error"))
	}},
	{"keys-none", member, func(_ *testing.T, _ *console, p *page) { p.open(keysPage) }},
	{"keys-full", full, func(_ *testing.T, _ *console, p *page) { p.open(keysPage) }},
	{"keys-menu", full, func(_ *testing.T, _ *console, p *page) {
		p.open(keysPage)
		p.click(p.more(ci))
		p.see(p.offered(ci, "Delete"))
	}},
	{"keys-admin", owner, func(_ *testing.T, _ *console, p *page) { p.open(keysPage) }},
	{"keys-guest", guest, func(_ *testing.T, _ *console, p *page) { p.open(keysPage) }},
	{"keys-without-cloud", full, func(_ *testing.T, c *console, p *page) {
		c.fault(fault{Path: "/cloudapi/v6", Status: http.StatusServiceUnavailable, Times: 50})
		p.open(keysPage)
		p.see(p.message("does not answer"))
	}},
	{"new-key", member, func(_ *testing.T, _ *console, p *page) { p.open(newKey) }},
	{"new-key-dialog", member, func(_ *testing.T, _ *console, p *page) {
		p.open(keysPage)
		p.click(p.link("Generate a key").First())
		p.see(p.dialog("Generate a key"))
	}},
	{"new-key-dialog-refused", member, func(_ *testing.T, _ *console, p *page) {
		p.open(keysPage)
		p.click(p.link("Generate a key").First())
		p.expect(http.StatusUnprocessableEntity)
		p.fill("Description (optional)", "bell\a")
		p.click(p.button("Generate"))
		p.see(p.dialog("Generate a key").Locator(".error"))
	}},
	{"new-key-dialog-trouble", member, func(_ *testing.T, c *console, p *page) {
		p.open(keysPage)
		p.click(p.link("Generate a key").First())
		c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Status: http.StatusServiceUnavailable})
		p.expect(http.StatusBadGateway)
		p.click(p.button("Generate"))
		p.see(p.dialog("Generate a key").Locator(".message-error"))
	}},
	{"key-made", member, func(_ *testing.T, _ *console, p *page) {
		p.open(newKey)
		p.fill("Description (optional)", "A description that is rather long, with_a_word_that_does_not_break_"+
			"anywhere_and_goes_on_and_on_and_on_and_on_and_on_and_on")
		p.click(p.button("Generate"))
		p.see(p.heading("Copy key"))
	}},
	{"key-made-dialog", member, func(_ *testing.T, _ *console, p *page) {
		p.open(keysPage)
		p.click(p.link("Generate a key").First())
		p.fill("Description (optional)", "Restic, web server 2")
		p.click(p.button("Generate"))
		p.see(p.dialog("Copy key"))
	}},
	{"key-dialog", full, func(_ *testing.T, c *console, p *page) {
		p.open(keysPage)
		p.click(p.keyRow("Legacy NAS").GetByText("Copy key"))
		p.see(p.dialog("Copy key"))
	}},
	{"key-tested", full, func(_ *testing.T, _ *console, p *page) {
		p.open(keysPage)
		p.click(p.keyRow("CI artifacts").GetByText("Copy key"))
		p.see(p.dialog("Copy key"))
		p.click(p.link("Use it"))
		p.click(p.button("Test key"))
		p.says(p.Locator("#key-check"), "This key works")
	}},
	{"key-use", full, func(_ *testing.T, c *console, p *page) { p.open(keyAddress(c, full, 1) + "/use/aws-cli") }},
	{"key-use-dialog", full, func(_ *testing.T, _ *console, p *page) {
		p.open(keysPage)
		p.click(p.keyRow("CI artifacts").GetByText("Copy key"))
		p.click(p.link("Use it"))
		p.choosesTool("rclone")
		p.see(p.dialog("Use with rclone"))
	}},
	{"describe-key", full, openFirst("Edit description")},
	{"renew-key", full, openFirst("Renew secret")},
	{"delete-key", full, openFirst("Delete")},
	{"delete-last-key", twofa, openFirst("Delete")},
	{"deactivate-only-key", twofa, func(_ *testing.T, _ *console, p *page) {
		p.open(keysPage)
		p.click(p.Locator(".switch"))
		p.see(p.Locator(".dialog"))
	}},
	{"key-regions", full, func(_ *testing.T, c *console, p *page) {
		p.open(keyAddress(c, full, 0) + "/regions")
		p.see(p.Locator(".dialog"))
	}},
	{"rotate-key", full, func(_ *testing.T, c *console, p *page) {
		p.open(keyAddress(c, full, 0) + "/rotate")
		p.see(p.Locator(".dialog"))
	}},
	{"rotation", twofa, func(_ *testing.T, c *console, p *page) {
		p.open(keyAddress(c, twofa, 0) + "/rotate")
		p.click(p.button("Generate successor"))
		p.click(p.link("Continue the rotation"))
		p.see(p.Locator(".steps"))
	}},
	{"rotation-in-list", twofa, func(_ *testing.T, c *console, p *page) {
		p.open(keyAddress(c, twofa, 0) + "/rotate")
		p.click(p.button("Generate successor"))
		p.see(p.heading("Copy key"))
		p.open(keysPage)
	}},
	{"keys-sorted", full, openPath(keysPage + "?sort=oldest")},
	{"users", admin, openPath("/users")},
	{"users-none", admin, openPath("/users?q=nothing")},
	{"user", admin, func(_ *testing.T, c *console, p *page) { p.open("/users/" + c.userID(full)) }},
	{"user-keys", admin, func(_ *testing.T, c *console, p *page) { p.open("/users/" + c.userID(full) + "/object-storage-keys") }},
	{"user-keys-none", admin, func(_ *testing.T, c *console, p *page) { p.open("/users/" + c.userID(guest) + "/object-storage-keys") }},
	{"user-key-new", admin, func(_ *testing.T, c *console, p *page) {
		p.open("/users/" + c.userID(member) + "/object-storage-keys")
		p.click(p.link("+ Generate Key"))
		p.see(p.dialog("Generate Key"))
	}},
	{"groups", owner, openPath("/groups")},
	{"group", owner, func(_ *testing.T, _ *console, p *page) {
		p.open("/groups")
		p.click(p.link("Storage Team"))
		p.see(p.heading("Storage Team"))
	}},
	{"group-privilege", owner, func(_ *testing.T, _ *console, p *page) {
		p.openGroup("Storage Team")
		p.click(p.link("Take it away"))
		p.see(p.heading("Take away Use Object Storage?"))
	}},
	{"group-refused", owner, func(_ *testing.T, _ *console, p *page) {
		p.openGroup("Storage Team")
		p.expect(http.StatusUnprocessableEntity)
		p.fill("Add members", "nobody@example.com, "+full)
		p.click(p.button("Add to group"))
		p.see(p.message("was not added"))
	}},
	{"onboard", owner, func(_ *testing.T, _ *console, p *page) {
		p.openGroup("Storage Team")
		p.click(p.link("Generate keys for members without one"))
		p.see(p.button("Generate keys"))
	}},
	{"onboard-results", owner, func(_ *testing.T, _ *console, p *page) {
		p.openGroup("Storage Team")
		p.onboards([]string{full, twofa})
	}},
	{"contract-keys", admin, func(_ *testing.T, _ *console, p *page) {
		p.open("/contract/keys?older=90")
		p.see(p.link("Read again"))
	}},
	{"contract-keys-none", admin, func(_ *testing.T, _ *console, p *page) {
		p.open("/contract/keys?q=nothing")
		p.see(p.link("Show all keys"))
	}},
	{"contract-keys-unread", admin, func(_ *testing.T, c *console, p *page) {
		c.fault(fault{Path: "/cloudapi/v6/um/users/" + c.userID(full) + "/s3keys", Status: http.StatusForbidden, Times: 50})
		p.open("/contract/keys?sort=owner")
		p.see(p.message("could not be read"))
	}},
	{"change-keys", admin, func(_ *testing.T, c *console, p *page) { p.askToDeleteAll(c) }},
	{"change-keys-results", admin, func(_ *testing.T, c *console, p *page) {
		p.askToDeleteAll(c)
		p.fill("Number of keys", "5")
		p.click(p.button("Delete 5 keys"))
		p.see(p.button("Try the rest again"))
	}},
	{"key-owner", admin, func(_ *testing.T, c *console, p *page) {
		p.open("/key-owner?key=" + c.keysOf(full)[0].AccessKey)
		p.see(p.button("Deactivate now"))
	}},
	{"offboard", admin, func(_ *testing.T, c *console, p *page) {
		p.open("/users/" + c.userID(full) + "/offboard")
		p.see(p.button("Remove access"))
	}},
	{"offboard-results", admin, func(_ *testing.T, c *console, p *page) { p.offboards(c, full) }},
	{"user-keys-no-privilege", admin, func(_ *testing.T, c *console, p *page) {
		p.open("/users/" + c.userID(guest) + "/object-storage-keys")
		p.see(p.Locator("form[action$='/groups'] button"))
	}},
	{"contract-activity", admin, func(_ *testing.T, c *console, p *page) {
		p.open("/users/" + c.userID(full) + "/object-storage-keys")
		p.click(p.Locator(".switch").First())
		p.see(p.notice())
		p.open("/contract/activity")
		p.see(p.Locator("[data-activity]").First())
	}},
	{"handover", admin, func(_ *testing.T, c *console, p *page) {
		p.open("/users/" + c.userID(twofa) + "/object-storage-keys/" + c.keysOf(twofa)[0].AccessKey + "/handover?about=leak")
		p.see(p.link("Write an e-mail"))
	}},
	{"user-key-pair", admin, func(_ *testing.T, c *console, p *page) {
		p.open("/users/" + c.userID(twofa) + "/object-storage-keys/" + c.keysOf(twofa)[0].AccessKey)
		p.see(p.link("Tell the owner"))
	}},
	{"components", member, openPath("/_components")},
	{"components-notice", member, openPath("/_components?notice=success")},
	{"components-busy", member, openPath("/_components?notice=busy")},
	{"components-error", member, openPath("/_components?notice=error")},
	{"components-dialog", member, func(_ *testing.T, _ *console, p *page) {
		p.open("/_components")
		p.click(p.link("Dialog"))
		p.see(p.Locator(".dialog"))
	}},
	{"key-toast", full, func(_ *testing.T, c *console, p *page) {
		p.open(keysPage)
		p.click(p.toggle(veeam))
		p.toggledOff(veeam)
		p.says(p.notice(), "deactivated")
	}},
	{"not-found", member, func(_ *testing.T, _ *console, p *page) {
		p.expect(http.StatusNotFound)
		p.open("/nowhere")
		p.see(p.Locator("h1"))
	}},
	{"api-down", full, func(_ *testing.T, c *console, p *page) {
		c.fault(fault{Path: "/", Status: http.StatusServiceUnavailable, Times: 50})
		p.expect(http.StatusBadGateway)
		p.open(keysPage)
		p.see(p.Locator("h1"))
	}},
}

// TestAppearance: no page is wider than its window, hard to read or in the way of
// anybody, in either colour scheme, on a desk or on a phone.
func TestAppearance(t *testing.T) {
	t.Parallel()
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			// Nothing moves, so that no colour is measured on its way to another.
			p := newPage(t, c, pageOptions{as: look.as, still: true})
			look.show(t, c, p)
			p.inEveryLook(func(name string) {
				p.screenshot(look.name + "-" + name)
				p.checkFits()
				p.checkDialogFoot()
				if name == "light-1280" || name == "dark-390" { // each scheme and each width
					p.checkAccess()
				}
			})
			p.opensDisclosures()
			for _, width := range zooms {
				check(t, p.SetViewportSize(width, 400))
				p.checkFits()
			}
			p.doublesText()
			for _, width := range []int{1280, 640} {
				check(t, p.SetViewportSize(width, 844))
				p.checkFits()
			}
		})
	}
}

// opensDisclosures opens all that can be unfolded.
func (p *page) opensDisclosures() {
	p.t.Helper()
	_, err := p.Evaluate(`() => document.querySelectorAll('details').forEach((details) => { details.open = true; })`)
	check(p.t, err)
}

// doublesText has text alone at twice its size, which moves all of the page.
func (p *page) doublesText() {
	p.t.Helper()
	_, err := p.Evaluate(`() => {
		window.changesLook = true;
		document.documentElement.style.fontSize = '200%';
	}`)
	check(p.t, err)
}

// checkDialogFoot wants the buttons of a dialog to be the last that is in it, and in
// sight.
func (p *page) checkDialogFoot() {
	p.t.Helper()
	found, err := p.Evaluate(`() => {
		const foot = document.querySelector('dialog[open] footer');
		if (!foot) return '';
		const after = [...foot.closest('dialog').querySelectorAll('a[href], button, input:not([type=hidden]), select')]
			.filter((e) => !foot.contains(e) && foot.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING);
		const box = foot.getBoundingClientRect();
		if (after.length) return after.length + ' controls come after the buttons';
		return box.top < 0 || box.bottom > innerHeight ? 'the buttons are out of sight' : '';
	}`)
	if check(p.t, err); found != "" {
		p.t.Errorf("%s, %d wide: %s", p.URL(), p.ViewportSize().Width, found)
	}
}

// TestAppearanceWithoutScripts: without scripts, nothing is offered that needs them.
func TestAppearanceWithoutScripts(t *testing.T) {
	t.Parallel()
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: look.as, noScript: true, narrow: true})
			look.show(t, c, p)
			p.screenshot("no-script-" + look.name)
			p.checkFits()
			copying, err := p.Locator("[data-copy]:visible").Count()
			if check(t, err); copying > 0 {
				t.Errorf("%d buttons to copy", copying)
			}
		})
	}
}

// openFirst opens a dialog about the newest key.
func openFirst(action string) func(*testing.T, *console, *page) {
	return func(_ *testing.T, _ *console, p *page) {
		p.open(keysPage)
		row := p.Locator("[data-key]").First()
		p.click(row.Locator(".i-more"))
		p.click(row.GetByText(action, playwright.LocatorGetByTextOptions{Exact: playwright.Bool(true)}))
		p.see(p.Locator(".dialog"))
	}
}

// keyAddress is the page of the nth key that an account has had.
func keyAddress(c *console, email string, n int) string {
	return keysPage + "/" + c.keysOf(email)[n].AccessKey
}

func openPath(path string) func(*testing.T, *console, *page) {
	return func(_ *testing.T, _ *console, p *page) { p.open(path) }
}
