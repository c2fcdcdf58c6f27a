package e2e

import (
	"testing"
	"time"
)

// TestRowMenu by the keyboard: the arrow keys open it and move in it, Escape gives the
// focus back, and a list that refreshes itself keeps it open.
func TestRowMenu(t *testing.T) {
	t.Parallel()
	c := startConsole(t, provisioning(3*time.Second))
	p := openKeys(t, c, pageOptions{as: full})
	p.tabTo(p.more(ci))
	p.press("ArrowDown")
	for _, words := range []string{"Download key pair", "Edit description", "Rotate", "Renew secret", "Delete", "Download key pair"} {
		p.focused(p.offered(ci, words))
		p.press("ArrowDown")
	}
	p.press("End")
	p.focused(p.offered(ci, "Delete"))
	p.press("Escape")
	p.focused(p.more(ci))
	p.gone(p.Locator(":popover-open"))

	p.click(p.toggle(veeam))
	p.says(p.keyRow(veeam), "Deactivating…")
	p.press("Escape")
	p.openMenu(ci)
	p.says(p.keyRow(veeam), "Deactivated")
	p.see(p.offered(ci, "Delete"))
	p.gone(p.Locator("#keys[hx-get]"))
}

// openMenu opens the menu of a row, to look at it.
func (p *page) openMenu(description string) {
	p.t.Helper()
	p.click(p.more(description))
	p.see(p.Locator(":popover-open"))
}

// TestRowMenuWithoutScripts is a list in the row, at an address of its own.
func TestRowMenuWithoutScripts(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: full, noScript: true})
	p.click(p.more(ci))
	p.at(keysPage + "?more=" + c.accessKey(full, ci)[:8])
	for _, words := range []string{"Download key pair", "Edit description", "Rotate", "Renew secret", "Delete"} {
		p.see(p.offered(ci, words))
		p.gone(p.offered(veeam, words))
	}
	p.checkFits()
}

// TestCopyKeyID: a row copies the whole of its key, also where it has no Copy key.
func TestCopyKeyID(t *testing.T) {
	c := startConsole(t)
	for name, path := range map[string]string{"both APIs": "", "without the Cloud API": "/cloudapi/v6"} {
		t.Run(name, func(t *testing.T) {
			pasted := newClipboard(t, c, false)
			p := newPage(t, c, pageOptions{as: full})
			if path != "" {
				c.fault(fault{Path: path, Status: 503, Times: 50})
				t.Cleanup(c.healFaults)
			}
			p.open(keysPage)
			key := c.accessKey(full, ci)
			p.click(p.keyRow(ci).Locator("[data-copy]"))
			p.says(p.Locator("[data-status]"), "Copied")
			if got := pasted.text(); got != key {
				t.Errorf("copied is %q, want %q", got, key)
			}
		})
	}
}
