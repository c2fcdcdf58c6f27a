package e2e

import (
	"testing"
	"time"
)

// TestUndo takes a toggle back from where it is told, after it has come true
// and before.
func TestUndo(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		key := c.accessKey(full, veeam)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		stays := p.stays()
		p.click(p.toggle(veeam))
		p.toggledOff(veeam)
		p.click(p.notice().GetByText("Undo"))
		p.says(p.notice(), "activ") // being activated, or active already
		p.toggledOn(veeam)
		c.toggled(2)
		c.activeAtAPI(full, key, true)
		stays()
		p.at(keysPage)
	})
}

// TestUndoWhilePending: while the key is still being deactivated, by the keyboard.
func TestUndoWhilePending(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(time.Second))
	p := openKeys(t, c, pageOptions{as: full})
	p.click(p.toggle(veeam))
	p.says(p.keyRow(veeam), "Deactivating…")
	undo := p.notice().GetByText("Undo")
	check(t, undo.Focus())
	p.press("Enter")
	p.says(p.notice(), "activ") // being activated, or active already
	p.toggledOn(veeam)
	p.gone(p.Locator("#keys[hx-get]"))
	p.focused(p.keyRow(veeam).Locator(":focus"))
	c.activeAtAPI(full, c.accessKey(full, veeam), true)
}

// TestUndoConfirm where it would take away the only access there is.
func TestUndoConfirm(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: twofa})
	p.click(p.toggle(photos))
	p.click(p.button("Deactivate"))
	p.toggledOff(photos)
	p.click(p.toggle(photos))
	p.toggledOn(photos)
	p.expect(422)
	p.click(p.notice().GetByText("Undo"))
	p.says(p.dialogAbout("Deactivate key"), "only active key")
	p.press("Escape")
	p.toggledOn(photos)
}

// TestUndoDismiss: a notice over the page goes when its reader is done with it.
func TestUndoDismiss(t *testing.T) {
	t.Parallel()
	p := openKeys(t, startConsole(t), pageOptions{as: full})
	p.click(p.toggle(veeam))
	p.says(p.notice(), "deactivated")
	dismiss := p.button("Dismiss")
	check(t, dismiss.Focus())
	p.press("Enter")
	check(t, expect.Locator(p.notice()).ToBeEmpty())
	p.focused(p.main())
}
