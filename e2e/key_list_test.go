package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// TestKeysPendingCreation: its row says so, and by itself that it is ready.
func TestKeysPendingCreation(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(3*time.Second))
	p := openNewKey(t, c, pageOptions{})
	p.fill("Description (optional)", "slow")
	p.click(p.button("Generate"))
	p.see(p.dialog("Copy key"))
	p.press("Escape")
	p.noDialog()
	row := p.Locator("[data-key]")
	p.says(row, "Being made")
	_, err := p.Evaluate(`() => { window.stillHere = true; }`)
	check(t, err)
	check(t, expect.Locator(row).Not().ToContainText("Being made"))
	p.says(row, "slow")
	if here, err := p.Evaluate(`() => window.stillHere`); here != true {
		t.Errorf("the page was loaded anew: %v", err)
	}
	p.gone(p.Locator("#keys[hx-get]"))
}

// TestKeys of an account with all five: what is told of each.
func TestKeys(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: full, noScript: noScript})
		p.open(keysPage)
		rows := p.Locator("[data-key]")
		check(t, expect.Locator(rows).ToHaveCount(5))
		p.see(p.GetByText("5 of 5"))
		row := func(description string) playwright.Locator {
			return rows.Filter(playwright.LocatorFilterOptions{HasText: description})
		}
		p.says(row("Legacy NAS"), "user-owned buckets only")
		p.gone(row(ci).GetByText("buckets only"))
		p.says(row("Old laptop"), "Deactivated")
		p.says(row("No description"), "months")
		check(t, expect.Locator(row(ci).Locator("code")).ToHaveText("8k4xHJuX…eB5d0w"))
	})
}

// TestAdminKey is marked as one.
func TestAdminKey(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{as: owner})
	p.open(keysPage)
	check(t, expect.Locator(p.Locator("[data-key]")).ToHaveCount(2))
	p.says(p.Locator("[data-key]").Filter(playwright.LocatorFilterOptions{HasText: "Root backup"}), "ADMIN KEY")
	badges := p.GetByText("ADMIN KEY", playwright.PageGetByTextOptions{Exact: playwright.Bool(true)})
	check(t, expect.Locator(badges).ToHaveCount(2))
}

// TestAdminKeyNew: a key that an owner or administrator generates is marked at once,
// on its pair and in the list, and a user's key is not.
func TestAdminKeyNew(t *testing.T) {
	t.Parallel()
	for as, marked := range map[string]bool{owner: true, admin: true, member: false} {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, noScript bool) {
				p := openNewKey(t, startConsole(t), pageOptions{as: as, noScript: noScript})
				p.fill("Description (optional)", "just generated")
				p.click(p.button("Generate"))
				p.see(p.heading("Copy key"))
				pair := p.main()
				if !noScript {
					pair = p.dialog("Copy key")
				}
				for range 2 {
					if marked {
						p.says(pair, "ADMIN KEY")
					} else {
						check(t, expect.Locator(pair).Not().ToContainText("ADMIN KEY"))
					}
					p.open(keysPage)
					pair = p.keyRow("just generated")
					p.see(pair)
				}
			})
		})
	}
}

// TestKeysOneAPIDown does not take the page with it.
func TestKeysOneAPIDown(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ path, says string }{
		"Management": {"/accesskeys", "Object Storage Management API does not answer"},
		"Cloud":      {"/cloudapi/v6", "Cloud API does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t)
			p := newPage(t, c, pageOptions{as: full})
			c.fault(fault{Method: http.MethodGet, Path: tt.path, Status: http.StatusServiceUnavailable, Times: 50})
			p.open(keysPage)
			p.see(p.message(tt.says))
			check(t, expect.Locator(p.Locator("[data-key]")).ToHaveCount(5))
			c.healFaults()
			p.click(p.link("Try again"))
			p.gone(p.message(tt.says))
			check(t, expect.Locator(p.Locator("[data-key]")).ToHaveCount(5))
		})
	}
}

// TestKeysBothAPIsDown is an error page with a way on.
func TestKeysBothAPIsDown(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: full})
	c.fault(fault{Path: "/", Status: http.StatusServiceUnavailable, Times: 50})
	p.expect(http.StatusBadGateway)
	p.open(keysPage)
	p.says(p.main(), "cannot be reached")
	p.see(p.main().Locator("code"))
	c.healFaults()
	p.click(p.link("Try again"))
	check(t, expect.Locator(p.Locator("[data-key]")).ToHaveCount(5))
}
