package e2e

import (
	"net/http"
	"regexp"
	"testing"
)

// results is the address of a page of results.
var results = regexp.MustCompile(`/contract/keys/results/[0-9a-z-]+$`)

// changed waits until the results say of so many keys that they are done.
func (p *page) changed(n int) {
	p.t.Helper()
	check(p.t, expect.Page(p.Page).ToHaveURL(results))
	check(p.t, expect.Locator(p.Locator("[data-result=done]")).ToHaveCount(n))
}

// askToDeleteAll asks to delete all keys of a person, of which one is deactivated.
func (p *page) askToDeleteAll(c *console) {
	p.t.Helper()
	p.open("/contract/keys?select=all&q=" + c.userID(full))
	p.see(p.Locator("#selection").GetByText("All 5 that match are selected."))
	p.expect(http.StatusUnprocessableEntity)
	p.click(p.button("Delete"))
	p.see(p.field("Number of keys"))
}

// TestChangeSeveralKeys: the five keys of a person are deactivated with three clicks,
// without scripts as well.
func TestChangeSeveralKeys(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.open("/users/" + c.userID(full) + "/object-storage-keys")
		p.click(p.link("Change several"))
		p.see(p.Locator("#selection").GetByText("All 5 that match are selected."))
		p.expect(http.StatusUnprocessableEntity)
		p.click(p.button("Deactivate"))
		p.says(p.main(), "One user may be left without an active key")
		p.click(p.button("Deactivate 5 keys"))
		p.changed(5)
	})
}

// TestChangeSeveralKeysByKeyboard: a review with keys alone: filter, select two, delete
// what is deactivated, and try the rest again.
func TestChangeSeveralKeysByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/contract/keys?older=90&q=" + c.userID(full))
	p.see(p.link("Read again"))
	boxes := p.Locator("#selection input[type=checkbox]")
	p.tabTo(boxes.First())
	p.press("Space")
	p.tabTo(boxes.Nth(1))
	p.press("Space")
	p.tabTo(p.button("Delete"))
	p.expect(http.StatusUnprocessableEntity)
	p.press("Enter")
	p.focused(p.field("Number of keys"))
	p.expect(http.StatusUnprocessableEntity)
	p.typed("3")
	p.press("Enter")
	p.says(p.Locator("#confirm-error"), "Enter the number of keys: 2.")
	p.fill("Number of keys", "2")
	p.press("Enter")
	check(t, expect.Page(p.Page).ToHaveURL(results))
	p.see(p.button("Try the rest again"))
	p.says(p.Locator("[data-result=refused]").First(), "It is active")
	p.tabTo(p.button("Try the rest again"))
	p.expect(http.StatusUnprocessableEntity)
	p.press("Enter")
	p.see(p.field("Number of keys"))
}
