package e2e

import (
	"net/http"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// TestRotateLeft: the list keeps it at hand until it is left, which changes
// no key. Later it can be taken up again.
func TestRotateLeft(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: twofa, noScript: noScript})
		old, successor := p.beginRotation(twofa, photos)
		p.click(p.link("Close").Last())
		p.at(keysPage)
		p.noDialog()
		p.rows(2)
		p.see(p.message("A rotation is under way"))
		p.click(p.link("Continue"))
		p.says(p.rotated("New key"), successor)
		p.click(p.button("Leave the rotation"))
		p.at(keysPage)
		p.noDialog()
		p.says(p.notice(), "You have left the rotation")
		p.gone(p.message("A rotation is under way"))
		p.focusStays()
		p.rows(2)
		c.activeAtAPI(twofa, old, true)
		c.activeAtAPI(twofa, successor, true)
		c.toggled(0)
		c.deletions(0)

		p.open(keysPage + "/" + old + "/rotate")
		p.click(p.GetByRole("button", playwright.PageGetByRoleOptions{Name: "Continue with"}))
		p.at(keysPage + "/" + old + "/rotate")
		p.see(p.heading("Old key"))
		if asked := c.requests(http.MethodPost, "/accesskeys"); len(asked) != 1 {
			t.Errorf("the API was asked to make a key %d times", len(asked))
		}
	})
}

// TestRotateFiveKeys: five keys leave none for a successor.
func TestRotateFiveKeys(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		p := openKeys(t, startConsole(t), pageOptions{as: full, noScript: noScript})
		p.askToRotate(veeam)
		p.says(p.dialogAbout(question), "All five keys are in use")
		check(t, expect.Locator(p.button("Generate successor")).ToBeDisabled())
		p.click(p.link("Close").Last())
		p.at(keysPage)
		p.noDialog()
	})
}

// TestRotateTwice, as with a double click: there is one successor.
func TestRotateTwice(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: twofa, noScript: noScript})
		p.askToRotate(photos)
		c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Delay: "300ms"})
		check(t, p.button("Generate successor").Dblclick())
		p.see(p.dialog("Copy key"))
		p.atKey()
		p.shownPair()
		c.keysAtAPI(twofa, 2)
	})
}

// TestRotateByKeyboard: each step goes on where the last one was.
func TestRotateByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: twofa})
	p.tabTo(p.more(photos))
	p.chooseByKey(photos, "Rotate")
	for _, step := range []struct {
		at  func() playwright.Locator
		key string
	}{
		{func() playwright.Locator { return p.button("Generate successor") }, "Enter"},
		{func() playwright.Locator { return p.link("Continue the rotation") }, "Enter"},
		{func() playwright.Locator { return p.field("My tools use the new key") }, "Space"},
		{func() playwright.Locator { return p.button("Go on") }, "Enter"},
		{func() playwright.Locator { return p.step("button", "Deactivate") }, "Enter"},
		{func() playwright.Locator { return p.step("link", "Delete") }, "Enter"},
		{func() playwright.Locator { return p.dialogAbout(deletionOf).GetByText("Delete").Last() }, "Enter"},
		{func() playwright.Locator { return p.button("Finish") }, "Enter"},
	} {
		p.see(step.at())
		p.focusedWithin("dialog")
		p.tabTo(step.at())
		p.press(step.key)
	}
	p.noDialog()
	p.at(keysPage)
	p.rows(1)
	p.focusStays()
	c.keysAtAPI(twofa, 1)
}
