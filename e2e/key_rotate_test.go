package e2e

import (
	"regexp"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

const (
	question = "Rotate key"  // the dialog that begins a rotation
	rotating = "Rotation of" // the dialog while it is under way
)

// askToRotate goes the way to the assistant.
func (p *page) askToRotate(description string) {
	p.t.Helper()
	p.choose(description, "Rotate")
	p.says(p.dialogAbout(question), description)
}

// beginRotation has a successor made, and shows both keys.
func (p *page) beginRotation(email, description string) (old, successor string) {
	p.t.Helper()
	old = p.console.accessKey(email, description)
	p.askToRotate(description)
	p.click(p.button("Generate successor"))
	p.see(p.dialog("Copy key"))
	p.atKey()
	made := p.shownPair()
	if made.key == old {
		p.t.Error("the successor is the key itself")
	}
	p.downloadsExactly(made, email)
	p.click(p.link("Continue the rotation"))
	p.at(keysPage + "/" + old + "/rotate")
	p.says(p.rotated("Old key"), old)
	p.says(p.rotated("New key"), made.key)
	return old, made.key
}

// rotated is what a rotation tells of either key.
func (p *page) rotated(label string) playwright.Locator {
	return p.dialogAbout(rotating).GetByRole("region", playwright.LocatorGetByRoleOptions{Name: label})
}

// step is what a rotation offers, up to the key that it is about.
func (p *page) step(role playwright.AriaRole, words string) playwright.Locator {
	return p.dialogAbout(rotating).GetByRole(role, playwright.LocatorGetByRoleOptions{Name: regexp.MustCompile("^" + words + " ")})
}

// saysInUse ticks the box of a rotation.
func (p *page) saysInUse() {
	p.t.Helper()
	check(p.t, p.field("My tools use the new key").Check())
	p.click(p.button("Go on"))
	p.says(p.dialogAbout(rotating), "You confirmed that your tools use the new key")
}

// isRotated: the new key alone is left, and is called as the old one was.
func (p *page) isRotated(successor, description string) {
	p.t.Helper()
	p.says(p.rotated("Old key"), "Deleted")
	p.says(p.rotated("New key"), "Active")
	p.gone(p.step("button", "Deactivate"))
	p.gone(p.step("link", "Delete"))
	p.click(p.button("Finish"))
	p.at(keysPage)
	p.noDialog()
	p.rows(1)
	check(p.t, expect.Locator(p.offered(description, "Copy key")).ToHaveAttribute("href", keysPage+"/"+successor))
	p.toggledOn(description)
	p.says(p.notice(), "The rotation is finished")
	p.gone(p.message("A rotation is under way"))
	p.focusStays()
	if key := p.console.accessKey(twofa, description); key != successor {
		p.t.Errorf("the API has %.8s…", key)
	}
	p.console.keysAtAPI(twofa, 1)
}

func TestRotate(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: twofa, noScript: noScript})
		old, successor := p.beginRotation(twofa, photos)
		p.says(p.rotated("Old key"), "Active")
		p.gone(p.step("button", "Deactivate"))
		p.gone(p.step("link", "Delete"))
		p.saysInUse()
		p.gone(p.step("link", "Delete"))
		p.click(p.step("button", "Deactivate"))
		p.says(p.rotated("Old key"), "Deactivated")
		p.see(p.step("button", "Activate"))
		c.activeAtAPI(twofa, old, false)
		c.activeAtAPI(twofa, successor, true)
		p.click(p.step("link", "Delete"))
		p.see(p.dialogAbout(deletionOf))
		p.gone(p.field(lastFour))
		p.click(p.button("Delete"))
		p.isRotated(successor, photos)
		c.toggled(1)
		c.deletions(1)
	})
}

// TestRotateByTest: a passed test of the new key ticks the step of use.
func TestRotateByTest(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: twofa, noScript: noScript})
		old, successor := p.beginRotation(twofa, photos)
		p.says(p.dialogAbout(rotating).Locator("[aria-current=step]"), "Use the new key")
		p.open(keysPage + "/" + successor)
		p.says(p.Locator("#key-pair"), "The old key is active and keeps working")
		p.click(p.link("Use it"))
		p.click(p.button("Test key"))
		p.says(p.Locator("#key-check"), "This key works")
		p.open(keysPage + "/" + old + "/rotate")
		p.says(p.Locator(".steps"), "A test of the new key has passed")
		p.click(p.Locator(".steps").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Deactivate"}))
		p.says(p.Locator("#rotation [aria-current=step]"), "Delete the old key")
		p.open(keysPage + "/" + successor)
		p.says(p.Locator("#key-pair"), "The old key is deactivated")
		c.activeAtAPI(twofa, old, false)
		c.deletions(0)
	})
}

// TestRotateSlowProvisioning: what is under way is shown, and settles by itself.
func TestRotateSlowProvisioning(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(2*time.Second))
	p := openKeys(t, c, pageOptions{as: twofa})
	stays := p.stays()
	_, successor := p.beginRotation(twofa, photos)
	p.says(p.rotated("New key"), "Being made")
	p.says(p.rotated("New key"), "Active")
	p.saysInUse()
	p.click(p.step("button", "Deactivate"))
	p.says(p.rotated("Old key"), "Being deactivated")
	p.says(p.rotated("Old key"), "Deactivated")
	p.click(p.step("link", "Delete"))
	p.see(p.dialogAbout(deletionOf))
	p.click(p.button("Delete"))
	p.says(p.rotated("Old key"), "Deleted")
	check(t, expect.Locator(p.Locator("#rotation-steps[hx-get]")).ToHaveCount(0))
	stays()
	p.isRotated(successor, photos)
}
