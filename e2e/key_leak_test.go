package e2e

import (
	"net/http"
	"regexp"
	"testing"
)

// leakText is the page with a text for the owner of a key that leaked.
var leakText = regexp.MustCompile(`/handover\?about=leak$`)

// TestLeak: from a pasted line to a key that is deactivated, a successor and a text for
// its owner, in four clicks and a question, without scripts as well; the owner then
// finds the new pair at the address in the text.
func TestLeak(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		leaked := c.keysOf(twofa)[0].AccessKey
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.open("/key-owner")
		p.fill("Access key", "export AWS_ACCESS_KEY_ID="+leaked)
		p.click(p.button("Find"))
		p.expect(http.StatusUnprocessableEntity)
		p.click(p.button("Deactivate now"))
		p.says(p.main(), "This is the user's only active key")
		p.click(p.button("Deactivate"))
		p.says(p.main(), "nobody can use it")
		c.activeAtAPI(twofa, leaked, false)
		p.click(p.button("Generate successor"))
		check(t, expect.Page(p.Page).ToHaveURL(leakText))
		p.says(p.Locator("#handover-text"), "A new key is ready for you")
		p.see(p.link("Write an e-mail"))
		p.gone(p.Locator("#secret"))
	})
}

// TestLeakByKeyboard is the same with keys alone, of a key that is not the only one.
func TestLeakByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	leaked := c.keysOf(full)[0].AccessKey
	p := newPage(t, c, pageOptions{as: admin})
	p.open("/key-owner")
	check(t, p.field("Access key").Focus())
	check(t, p.Keyboard().InsertText(leaked))
	p.press("Enter")
	p.tabTo(p.button("Deactivate now"))
	p.press("Enter")
	p.says(p.main(), "nobody can use it")
	c.activeAtAPI(full, leaked, false)
	p.tabTo(p.link("Tell the owner"))
	p.press("Enter")
	p.says(p.Locator("#handover-text"), "It is deactivated")
}

// TestHandOver: a key is made for a member, who is told and finds it; the pair is on no
// page of the administrator but the one that they asked for.
func TestHandOver(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.open("/users/" + c.userID(member) + "/object-storage-keys")
		p.click(p.link("+ Generate Key"))
		p.click(p.button("OK"))
		p.see(p.heading("Copy key"))
		p.click(p.link("Tell the owner"))
		p.see(p.heading("Tell the owner"))
		text, err := p.Locator("#handover-text").TextContent()
		check(t, err)
		address := regexp.MustCompile(`/object-storage/keys/[0-9A-Za-z_-]+`).FindString(text)
		their := newPage(t, c, pageOptions{as: member, noScript: noScript})
		their.open(address)
		their.see(their.Locator("#secret"))
	})
}

// TestRotateOfAnother: an administrator rotates the key of a user, up to the owner being
// told.
func TestRotateOfAnother(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		old := c.keysOf(twofa)[0].AccessKey
		tab := "/users/" + c.userID(twofa) + "/object-storage-keys"
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.open(tab + "/" + old + "/rotate")
		p.click(p.button("Generate successor"))
		p.click(p.link("Continue the rotation"))
		p.says(p.named("region", "New key"), "Active")
		check(t, p.field("Their tools use the new key").Check())
		p.click(p.button("Go on"))
		p.click(p.button("Deactivate old key"))
		p.says(p.named("region", "Old key"), "Deactivated")
		c.activeAtAPI(twofa, old, false)
		p.open(tab)
		p.see(p.message("A rotation is under way"))
	})
}
