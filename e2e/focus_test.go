package e2e

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// keepsFocus wants the keyboard's focus on something, now and once the page is at
// rest: on what was acted on, its successor or a heading, and never on the body.
func (p *page) keepsFocus(after string) {
	p.t.Helper()
	_, err := p.WaitForFunction(`() => !document.querySelector('.htmx-request, [aria-busy="true"], [hx-get][data-quiet]') &&
		document.activeElement !== document.body`, nil)
	if err != nil {
		focused, _ := p.Evaluate(`() => document.activeElement.outerHTML.slice(0, 120)`)
		p.t.Errorf("after %s the focus is on %v", after, focused)
	}
}

// enter acts on an element by the keyboard.
func (p *page) enter(what playwright.Locator) {
	p.t.Helper()
	check(p.t, what.Focus())
	p.press("Enter")
}

// TestFocus walks through every action by the keyboard.
func TestFocus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		as       string
		walk     func(*page)
		noScript bool
	}{
		"toggle and undo":        {full, (*page).walkToggle, false},
		"describe":               {full, (*page).walkDescribe, false},
		"delete":                 {full, (*page).walkDelete, false},
		"generate":               {member, (*page).walkGenerate, false},
		"renew":                  {full, (*page).walkRenew, false},
		"copy, test and use":     {full, (*page).walkPair, false},
		"rotate":                 {twofa, (*page).walkRotate, false},
		"the only active key":    {twofa, (*page).walkOnlyActive, false},
		"refused":                {full, (*page).walkTrouble, false},
		"sort":                   {full, (*page).walkSort, false},
		"another's keys":         {admin, (*page).walkOther, false},
		"regions":                {full, (*page).walkRegions, false},
		"a lost answer":          {member, (*page).walkLost, false},
		"the end of a rotation":  {twofa, (*page).walkRotated, false},
		"search":                 {admin, (*page).walkSearch, false},
		"a user's groups":        {admin, (*page).walkUser, false},
		"a group's members":      {admin, (*page).walkGroup, false},
		"keys of the contract":   {admin, (*page).walkContract, false},
		"a leaked key":           {admin, (*page).walkLeak, false},
		"pages":                  {admin, (*page).walkPages, false},
		"pages, without scripts": {admin, (*page).walkPages, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPage(t, startConsole(t, provisioning(500*time.Millisecond), users(400)), pageOptions{as: test.as, noScript: test.noScript})
			p.open(keysPage)
			test.walk(p)
		})
	}
}

func (p *page) walkToggle() {
	p.t.Helper()
	check(p.t, p.toggle(veeam).Focus())
	p.press("Space")
	p.says(p.notice(), "deactivated")
	p.focused(p.toggle(veeam))
	p.keepsFocus("toggle")
	p.focused(p.toggle(veeam))
	p.enter(p.button("Dismiss"))
	p.keepsFocus("dismiss")
	check(p.t, p.toggle(ci).Focus())
	p.press("Space")
	p.enter(p.notice().GetByText("Undo"))
	p.says(p.notice(), "activ")
	p.keepsFocus("undo")
	p.focused(p.keyRow(ci).Locator(":focus"))
}

func (p *page) walkDescribe() {
	p.t.Helper()
	p.chooseByKey(ci, "Edit description")
	p.focused(p.field("Description (optional)"))
	p.fill("Description (optional)", "another")
	p.press("Enter")
	p.says(p.notice(), "was changed")
	p.keepsFocus("describe")
	p.focused(p.keyRow("another").Locator(":focus"))
}

func (p *page) walkDelete() {
	p.t.Helper()
	p.chooseByKey(laptop, "Delete")
	p.see(p.dialogAbout(deletionOf))
	p.keepsFocus("opening a dialog")
	p.enter(p.button("Delete"))
	p.says(p.notice(), "is being deleted")
	p.keepsFocus("delete")
	p.rows(4)
	p.focused(p.Locator("main:focus, main :focus"))
}

func (p *page) walkGenerate() {
	p.t.Helper()
	p.enter(p.link("Generate a key").First())
	p.see(p.field("Description (optional)"))
	p.press("Enter")
	p.see(p.dialog("Copy key"))
	p.focusedWithin("dialog")
	p.press("Escape")
	p.noDialog()
	p.rows(1)
	p.keepsFocus("closing the new pair")
	p.focused(p.Locator("[data-key] a.button")) // Copy key
	p.press("Enter")
	p.see(p.dialog("Copy key"))
	p.enter(p.button("Done"))
	p.noDialog()
	p.keepsFocus("done")
	p.focused(p.Locator("[data-key] :focus"))
}

// walkOnlyActive deactivates the only active key, which asks first, and activates it.
func (p *page) walkOnlyActive() {
	p.t.Helper()
	check(p.t, p.toggle(photos).Focus())
	p.press("Space")
	p.see(p.dialogAbout("Deactivate key"))
	p.focusedWithin("dialog")
	p.press("Escape")
	p.noDialog()
	p.keepsFocus("not deactivating")
	p.focused(p.toggle(photos))
	p.press("Space")
	p.enter(p.button("Deactivate"))
	p.says(p.notice(), "is deactivated")
	p.keepsFocus("deactivating the only active key")
	p.focused(p.keyRow(photos).Locator(":focus"))
	check(p.t, p.toggle(photos).Focus())
	p.press("Space")
	p.says(p.notice(), "is active")
	p.keepsFocus("activate")
	p.focused(p.toggle(photos))
}

// walkTrouble meets refusals.
func (p *page) walkTrouble() {
	p.t.Helper()
	p.console.fault(fault{Method: http.MethodPut, Path: "/", Status: http.StatusUnprocessableEntity})
	p.expect(http.StatusUnprocessableEntity)
	check(p.t, p.toggle(veeam).Focus())
	p.press("Space")
	p.says(p.notice(), "refused")
	p.keepsFocus("a refused toggle")
	p.focused(p.toggle(veeam))

	p.chooseByKey(laptop, "Delete")
	p.see(p.dialogAbout(deletionOf))
	p.console.fault(fault{Method: http.MethodDelete, Path: "/", Status: http.StatusUnprocessableEntity})
	p.expect(http.StatusUnprocessableEntity)
	p.enter(p.button("Delete"))
	p.see(p.message("The key was not deleted"))
	p.keepsFocus("a refused deletion")
	p.focusedWithin("dialog")
	p.press("Escape")
	p.noDialog()
	p.keepsFocus("closing a refused deletion")
}

func (p *page) walkRenew() {
	p.t.Helper()
	p.chooseByKey(ci, "Renew secret")
	p.see(p.dialogAbout("Renew the secret of"))
	p.enter(p.button("Renew secret"))
	p.see(p.dialog("Copy key"))
	p.focusedWithin("dialog")
	p.press("Escape")
	p.noDialog()
	p.keepsFocus("closing the renewed pair")
	p.focused(p.keyRow(ci).Locator(":focus"))
}

func (p *page) walkPair() {
	p.t.Helper()
	p.enter(p.offered(ci, "Copy key"))
	p.see(p.dialog("Copy key"))
	p.focusedWithin("dialog")
	p.enter(p.button("Copy Secret"))
	p.focused(p.button("Copy Secret"))
	p.enter(p.link("Use it"))
	p.see(p.heading("Use with AWS CLI"))
	p.focusedWithin("dialog")
	p.enter(p.button("Test key"))
	p.says(p.Locator("#key-check"), "This key works")
	p.keepsFocus("test")
	p.focused(p.button("Test key"))
	p.choosesTool("rclone")
	p.see(p.heading("Use with rclone"))
	p.focusedWithin("dialog")
	p.enter(p.button("Apply"))
	p.see(p.heading("Use with rclone"))
	p.focusedWithin("dialog")
	p.press("Escape")
	p.noDialog()
	p.keepsFocus("closing a dialog")
}

func (p *page) walkRotate() {
	p.t.Helper()
	p.beginRotation(twofa, photos)
	p.keepsFocus("beginning a rotation")
	check(p.t, p.field("My tools use the new key").Focus())
	p.press("Space")
	p.enter(p.button("Go on"))
	p.says(p.dialogAbout(rotating), "You confirmed")
	p.keepsFocus("ticking a step")
	p.enter(p.step("button", "Deactivate"))
	p.says(p.rotated("Old key"), "Deactivated")
	p.keepsFocus("a step of a rotation")
	p.enter(p.button("Leave the rotation"))
	p.noDialog()
	p.keepsFocus("leaving a rotation")
}

func (p *page) walkSort() {
	p.t.Helper()
	p.enter(p.link("Created"))
	check(p.t, expect.Locator(p.Locator("[aria-sort=ascending]")).ToBeVisible())
	p.keepsFocus("sort")
	p.focused(p.link("Created"))
}

func (p *page) walkOther() {
	p.t.Helper()
	p.open("/users/" + p.console.userID(full) + "/object-storage-keys")
	toggle := p.GetByRole("checkbox", playwright.PageGetByRoleOptions{Checked: playwright.Bool(true)}).First()
	check(p.t, toggle.Focus())
	p.press("Space")
	p.says(p.notice(), "deactivated")
	p.keepsFocus("toggle")

	p.open("/users/" + p.console.userID(member) + "/object-storage-keys")
	p.enter(p.link("+ Generate Key"))
	p.enter(p.button("OK"))
	p.see(p.dialog("Copy key"))
	p.focusedWithin("dialog")
	p.press("Escape")
	p.noDialog()
	p.rows(1)
	p.keepsFocus("closing the new pair")
	p.focused(p.Locator("[data-key] a.button")) // Copy key
	p.enter(p.Locator("[data-key] [popovertarget]"))
	p.enter(p.Locator(".menu:popover-open").GetByText("Delete"))
	p.see(p.dialogAbout(deletionOf))
	p.focusedWithin("dialog")
	key, err := p.Locator("[data-key]").GetAttribute("data-key")
	check(p.t, err)
	p.fill("Last four characters of the key", key[len(key)-4:])
	p.enter(p.button("OK"))
	p.says(p.notice(), "is being deleted")
	p.keepsFocus("delete")
	p.rows(0)
	p.keepsFocus("the end of a deletion")
}

// walkPages goes through the pages and orders of Users and of the members of a
// group.
func (p *page) walkPages() {
	p.t.Helper()
	p.open("/users")
	p.enter(p.link("Next page"))
	p.at("/users?page=2#rows")
	p.focused(p.Locator("#rows"))
	p.press("Tab")
	p.focusedWithin("#rows")
	p.enter(p.link("Previous page"))
	p.at("/users#rows")
	p.focused(p.Locator("#rows"))
	p.enter(p.link("Name"))
	p.at("/users?sort=name#sort-name")
	p.focused(p.link("Name"))
	p.enter(p.link("Next page"))
	p.see(p.GetByText("21–40 of 400"))
	p.focused(p.Locator("#rows"))

	p.open("/groups")
	p.enter(p.link("Storage Team"))
	p.see(p.heading("Members"))
	p.enter(p.link("Next page"))
	p.see(p.GetByText("Page 2"))
	p.focused(p.heading("Members"))
	p.enter(p.link("Previous page"))
	p.see(p.GetByText("Page 1"))
	p.focused(p.heading("Members"))
}

func (p *page) walkRegions() {
	p.t.Helper()
	p.enter(p.offered(ci, "Copy key"))
	p.see(p.dialog("Copy key"))
	p.enter(p.link("Use it"))
	p.see(p.heading("Use with AWS CLI"))
	p.enter(p.link("Regions and endpoints"))
	check(p.t, expect.Page(p.Page).ToHaveURL(regexp.MustCompile(`/regions$`)))
	p.focusedWithin("dialog")
	p.press("Escape")
	p.noDialog()
	p.keepsFocus("closing the regions")
}

// walkLost has the answer to a creation lost, and asks again.
func (p *page) walkLost() {
	p.t.Helper()
	p.console.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Status: http.StatusGatewayTimeout})
	p.expect(http.StatusBadGateway)
	p.enter(p.link("Generate a key").First())
	p.see(p.field("Description (optional)"))
	p.press("Enter")
	p.see(p.button("Check now"))
	p.keepsFocus("a lost answer")
	p.focusedWithin("dialog")
	p.console.ask(http.MethodPost, "/accesskeys", p.console.token(member, time.Hour), map[string]any{"properties": map[string]string{}}, nil)
	p.enter(p.button("Check now"))
	p.see(p.dialog("Copy key"))
	p.keepsFocus("checking a lost answer")
	p.focusedWithin("dialog")
}

// walkRotated deletes the old key at the end of a rotation.
func (p *page) walkRotated() {
	p.t.Helper()
	p.beginRotation(twofa, photos)
	check(p.t, p.field("My tools use the new key").Focus())
	p.press("Space")
	p.enter(p.button("Go on"))
	p.says(p.dialogAbout(rotating), "You confirmed")
	p.enter(p.step("button", "Deactivate"))
	p.says(p.rotated("Old key"), "Deactivated")
	p.enter(p.step("link", "Delete"))
	p.see(p.dialogAbout(deletionOf))
	p.focusedWithin("dialog")
	p.enter(p.button("Delete"))
	p.says(p.notice(), "is being deleted")
	p.keepsFocus("deleting the old key")
}

func (p *page) walkSearch() {
	p.t.Helper()
	p.open("/users")
	field := p.Locator("input[type=search]")
	check(p.t, field.Focus())
	check(p.t, p.Keyboard().Type("leila"))
	check(p.t, expect.Locator(p.Locator("#rows tbody tr")).ToHaveCount(1))
	p.focused(field)
	p.keepsFocus("typing a search")
	p.press("Enter")
	p.focused(field)
}

func (p *page) walkUser() {
	p.t.Helper()
	p.open("/users/" + p.console.userID(guest))
	p.enter(p.button("Add to group"))
	p.says(p.main(), "The user is in the group")
	p.keepsFocus("adding to a group")
	p.enter(p.Locator("[data-group]", playwright.PageLocatorOptions{HasText: "Network Engineering"}).Locator("button"))
	p.says(p.main(), "not in the group any more")
	p.keepsFocus("removing from a group")
}

func (p *page) walkGroup() {
	p.t.Helper()
	p.openGroup("Network Engineering")
	p.fill("Add members", "nobody@example.com")
	p.expect(http.StatusUnprocessableEntity)
	p.enter(p.button("Add to group"))
	p.see(p.message("was not added"))
	p.focused(p.field("Add members"))
	p.fill("Add members", twofa)
	p.enter(p.button("Add to group"))
	p.says(p.main(), "The user is in the group")
	p.keepsFocus("adding a member")
	p.enter(p.link("Give it"))
	p.see(p.heading("Give Use Object Storage?"))
	p.keepsFocus("the question about the privilege")
	p.enter(p.button("Give"))
	p.says(p.main(), "The group gives Use Object Storage")
	p.keepsFocus("giving the privilege")
}

func (p *page) walkContract() {
	p.t.Helper()
	p.open("/contract/keys")
	p.see(p.link("Read again"))
	p.enter(p.link("Read again"))
	p.see(p.link("Read again"))
	p.keepsFocus("reading again")
	p.enter(p.Locator(".chips a:has-text('User-owned')").First())
	p.keepsFocus("a filter")
	p.open("/contract/keys?q=" + p.console.userID(full) + "&select=all")
	p.expect(http.StatusUnprocessableEntity)
	p.enter(p.button("Deactivate"))
	p.see(p.button("Deactivate 5 keys"))
	p.keepsFocus("a question about several keys")
	p.enter(p.button("Deactivate 5 keys"))
	p.says(p.main(), "Finished:")
	p.keepsFocus("results")
}

func (p *page) walkLeak() {
	p.t.Helper()
	p.open("/key-owner")
	p.fill("Access key", p.console.keysOf(full)[0].AccessKey)
	p.press("Enter")
	p.see(p.button("Deactivate now"))
	p.keepsFocus("finding the owner")
	p.enter(p.button("Deactivate now"))
	p.says(p.main(), "nobody can use it")
	p.keepsFocus("deactivating a leaked key")
}
