package e2e

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

const (
	question = "Rotate key"  // the dialog that begins a rotation
	rotating = "Rotation of" // the dialog while it is under way
)

// askToRotate goes the way to the assistant: by the pair.
func (p *page) askToRotate(description string) {
	p.t.Helper()
	p.click(p.offered(description, "Copy key").First())
	p.see(p.dialog("Copy key"))
	p.click(p.link("Rotate"))
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
	check(p.t, expect.Locator(p.keyRow(description).Locator("code")).ToHaveText(successor))
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
		p.click(p.step("button", "Deactivate"))
		p.says(p.rotated("Old key"), "Not active")
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

// TestRotateAtOnce skips the step that can be undone, which takes more.
func TestRotateAtOnce(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: twofa, noScript: noScript})
		old, successor := p.beginRotation(twofa, photos)
		p.click(p.step("link", "Delete"))
		p.says(p.dialogAbout(deletionOf), "This key is active")
		p.click(p.link("Cancel"))
		p.see(p.rotated("Old key"))
		p.click(p.step("link", "Delete"))
		p.expect(http.StatusUnprocessableEntity)
		p.fill(lastFour, "zzzz")
		p.click(p.button("Delete"))
		p.says(p.dialogAbout(deletionOf), notTheLast)
		c.deletions(0)
		p.fill(lastFour, old[len(old)-4:])
		p.click(p.button("Delete"))
		p.isRotated(successor, photos)
		c.deletions(1)
	})
}

// TestRotationTakesTime: what is under way is shown, and settles by itself.
func TestRotationTakesTime(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(2*time.Second))
	p := openKeys(t, c, pageOptions{as: twofa})
	stays := p.stays()
	_, successor := p.beginRotation(twofa, photos)
	p.says(p.rotated("New key"), "Being made")
	p.says(p.rotated("New key"), "Active")
	p.click(p.step("button", "Deactivate"))
	p.says(p.rotated("Old key"), "Being deactivated")
	p.says(p.rotated("Old key"), "Not active")
	p.click(p.step("link", "Delete"))
	p.see(p.dialogAbout(deletionOf))
	p.click(p.button("Delete"))
	p.says(p.rotated("Old key"), "Deleted")
	check(t, expect.Locator(p.Locator("#rotation-steps[hx-get]")).ToHaveCount(0))
	stays()
	p.isRotated(successor, photos)
}
