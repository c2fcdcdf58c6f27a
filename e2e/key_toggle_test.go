package e2e

import (
	"testing"
	"time"
)

const (
	veeam  = "Veeam repository"
	ci     = "CI artifacts"
	laptop = "Old laptop"    // not active
	photos = "Photo archive" // the only one of its account
)

// TestToggle: there and back, each with one request.
func TestToggle(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		key := c.accessKey(full, veeam)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		stays := p.stays()
		p.toggledOn(veeam)
		p.click(p.toggle(veeam))
		p.toggledOff(veeam)
		p.says(p.notice(), "deactivated")
		p.focusStays()
		c.toggled(1)
		c.activeAtAPI(full, key, false)
		p.click(p.toggle(veeam))
		p.toggledOn(veeam)
		p.says(p.notice(), "activ") // being activated, or active already
		c.toggled(2)
		c.activeAtAPI(full, key, true)
		stays()
		p.at(keysPage)
	})
}

// TestToggleByKeyboard: the switch keeps the focus and its name, and says what the
// key is, while a change is in progress.
func TestToggleByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(2*time.Second))
	p := openKeys(t, c, pageOptions{as: full})
	stays := p.stays()
	p.tabTo(p.toggle(veeam))
	p.press("Space")
	p.says(p.keyRow(veeam), "Deactivating…")
	toggle := p.toggle(veeam)
	check(t, expect.Locator(toggle).ToHaveAttribute("aria-busy", "true"))
	check(t, expect.Locator(toggle).ToHaveAttribute("aria-disabled", "true"))
	check(t, expect.Locator(toggle).ToHaveAccessibleName("Active, "+veeam))
	p.toggledOn(veeam)
	p.focused(toggle)
	_, err := toggle.Evaluate("toggle => { if (toggle.ariaBusy) toggle.click(); }", nil) // without effect
	check(t, err)
	p.toggledOff(veeam)
	p.gone(p.Locator("#keys[hx-get]"))
	check(t, expect.Locator(toggle).ToHaveAccessibleName("Active, "+veeam))
	p.focused(toggle)
	stays()
	c.toggled(1)
	c.activeAtAPI(full, c.accessKey(full, veeam), false)
}

// TestToggleFailure at the API, after it has been taken: the row says why, and
// the key is what it was.
func TestToggleFailure(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		key := c.accessKey(full, veeam)
		c.failToggle(key, "no <b>can</b> do")
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		stays := p.stays()
		p.click(p.toggle(veeam))
		p.says(p.keyRow(veeam), "could not be deactivated")
		p.says(p.keyRow(veeam), "no <b>can</b> do")
		p.says(p.notice(), "was not deactivated")
		p.toggledOn(veeam)
		c.activeAtAPI(full, key, true)
		p.click(p.toggle(veeam))
		p.toggledOff(veeam)
		p.gone(p.keyRow(veeam).Locator(".error"))
		stays()
		c.toggled(2)
	})
}

// TestToggleOnlyActiveKey is asked about first.
func TestToggleOnlyActiveKey(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		key := c.accessKey(twofa, photos)
		p := openKeys(t, c, pageOptions{as: twofa, noScript: noScript})
		p.click(p.toggle(photos))
		p.says(p.dialogAbout("Deactivate key"), "only active key")
		p.says(p.dialogAbout("Deactivate key"), photos)
		p.click(p.link("Cancel"))
		p.at(keysPage)
		p.noDialog()
		p.toggledOn(photos)
		c.toggled(0)

		p.click(p.toggle(photos))
		p.see(p.dialogAbout("Deactivate key"))
		p.click(p.button("Deactivate"))
		p.at(keysPage)
		p.noDialog()
		p.toggledOff(photos)
		p.says(p.notice(), "deactivated")
		p.focusStays()
		c.toggled(1)
		c.activeAtAPI(twofa, key, false)
		p.click(p.toggle(photos))
		p.toggledOn(photos)
		p.noDialog()
	})
}

// TestToggleOnlyActiveKeyByKeyboard: the question gives the focus back.
func TestToggleOnlyActiveKeyByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: twofa})
	stays := p.stays()
	p.tabTo(p.toggle(photos))
	p.press("Space")
	p.see(p.dialogAbout("Deactivate key"))
	p.focusedWithin("dialog")
	p.press("Escape")
	p.noDialog()
	p.at(keysPage)
	p.focused(p.toggle(photos))
	p.press("Space")
	p.see(p.dialogAbout("Deactivate key"))
	p.tabTo(p.button("Deactivate"))
	p.press("Enter")
	p.noDialog()
	p.toggledOff(photos)
	p.at(keysPage)
	p.focusStays()
	stays()
	c.toggled(1)
}
