package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"
)

// tellWords keeps what the live region says first after an act, and whether half a second
// has gone by before. The timers of a page keep their order however busy the machine is.
// An act before the one that is waited for is over once acts has grown.
// A page that is left takes its live region along, but not what is kept.
const tellWords = `window.acts = 0;
for (const type of ['click', 'keydown']) addEventListener(type, (event) => {
	const act = ++window.acts;
	setTimeout(() => { if (act === window.acts) sessionStorage.said ??= 'nothing within half a second'; }, 500);
});
new MutationObserver((changes) => {
	for (const { target } of changes) {
		const region = target.closest?.('[data-status]');
		if (!region?.textContent || document.querySelector('dialog[open]') && !region.closest('dialog[open]')) continue;
		sessionStorage.said ??= region.textContent;
	}
}).observe(document, { childList: true, subtree: true });`

// announced wants the live region to name what goes on within half a second of an act.
func (p *page) announced(words string, act func()) {
	p.t.Helper()
	_, err := p.Evaluate("() => { window.acts++; delete sessionStorage.said }")
	check(p.t, err)
	act()
	said, err := p.WaitForFunction("() => sessionStorage.said", nil)
	check(p.t, err)
	if value, err := said.JSONValue(); err != nil || value != words {
		p.t.Errorf("it says %q, want %q: %v", value, words, err)
	}
}

// TestAnnounced: whatever is pressed, the live region names what goes on while the APIs
// take their time: a change, the opening of a dialog and the way to another page, by
// links and by forms, with htmx and without.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		as, at  string
		before  func(*page)
		pressed func(*page) playwright.Locator
		words   string
	}{
		"switch":            {full, keysPage, nil, func(p *page) playwright.Locator { return p.toggle(veeam) }, "Deactivating…"},
		"switch that asks":  {twofa, keysPage, nil, func(p *page) playwright.Locator { return p.toggle(photos) }, "Loading…"},
		"link to a dialog":  {full, keysPage, nil, func(p *page) playwright.Locator { return p.offered(ci, "Copy key") }, "Loading…"},
		"order of the list": {full, keysPage, nil, func(p *page) playwright.Locator { return p.link("Created") }, "Loading…"},
		"undo": {full, keysPage, func(p *page) {
			p.click(p.toggle(veeam))
			p.says(p.notice(), "deactivated")
		}, func(p *page) playwright.Locator { return p.notice().GetByText("Undo") }, "Undoing…"},
		"test key": {full, keysPage, func(p *page) {
			p.click(p.offered(ci, "Copy key"))
			p.click(p.link("Use it"))
			p.see(p.heading("Use with AWS CLI"))
		}, func(p *page) playwright.Locator { return p.button("Test key") }, "Testing…"},
		"another tool": {full, keysPage, func(p *page) {
			p.click(p.offered(ci, "Copy key"))
			p.click(p.link("Use it"))
			p.see(p.heading("Use with AWS CLI"))
		}, func(p *page) playwright.Locator { return p.button("Apply") }, "Loading…"},
		"generate": {member, keysPage, func(p *page) {
			p.click(p.link("Generate a key").First())
		}, func(p *page) playwright.Locator { return p.button("Generate") }, "Generating…"},
		"rotate": {twofa, keysPage, func(p *page) { p.beginRotation(twofa, photos) }, func(p *page) playwright.Locator {
			check(p.t, p.field("My tools use the new key").Check())
			return p.button("Go on")
		}, "Saving…"},
		"sign in":           {"", "/sign-in", nil, func(p *page) playwright.Locator { return p.Locator(".accounts button").First() }, "Signing in…"},
		"link to a page":    {admin, keysPage, nil, func(p *page) playwright.Locator { return p.link("Users & Groups") }, "Loading…"},
		"link without htmx": {admin, "/groups", nil, func(p *page) playwright.Locator { return p.link("Storage Team") }, "Loading…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPage(t, startConsole(t, users(60)), pageOptions{as: test.as, beforeScript: tellWords})
			p.open(test.at)
			if test.before != nil {
				test.before(p)
			}
			pressed := test.pressed(p)
			check(t, pressed.WaitFor())
			p.console.fault(fault{Path: "/", Delay: "1s", Times: 50})
			p.announced(test.words, func() { check(t, pressed.Click(playwright.LocatorClickOptions{NoWaitAfter: playwright.Bool(true)})) })
		})
	}
}
