package e2e

import "testing"

// TestSortAndToggle: what was sorted stays so.
func TestSortAndToggle(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: full})
	stays := p.stays()
	p.click(p.link("Created"))
	p.at(keysPage + "?sort=oldest")
	p.click(p.toggle(veeam))
	p.toggledOff(veeam)
	p.at(keysPage + "?sort=oldest")
	p.choose(veeam, "Delete")
	p.see(p.dialogAbout(deletionOf))
	p.press("Escape")
	p.noDialog()
	p.at(keysPage + "?sort=oldest")
	p.see(p.Locator("th[aria-sort=ascending]"))
	stays()
	c.toggled(1)
}

func TestSort(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		p := openKeys(t, startConsole(t), pageOptions{as: full, noScript: noScript})
		const legacy = "Legacy NAS" // the oldest
		stays := p.stays()
		rows := p.Locator("[data-key]")
		p.says(rows.Last(), legacy)
		p.click(p.link("Created"))
		p.says(rows.First(), legacy)
		p.at(keysPage + "?sort=oldest")
		p.see(p.Locator("th[aria-sort=ascending]"))
		stays()
		p.reload()
		p.says(rows.First(), legacy)
		p.click(p.link("Created"))
		p.at(keysPage)
		p.says(rows.Last(), legacy)
	})
}
