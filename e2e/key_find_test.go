package e2e

import "testing"

// search types what is looked for, and sends it where no script does.
func (p *page) search(words string) {
	p.t.Helper()
	p.fill("Search", words)
	if p.noScript {
		p.click(p.button("Search"))
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		p := openKeys(t, startConsole(t), pageOptions{as: full, noScript: noScript})
		stays := p.stays()
		for _, tt := range []struct {
			words, address, finds string
			rows                  int
		}{
			{"veeam", "?q=veeam", veeam, 1},
			{"not active", "?q=not+active", laptop, 1},
			{"active", "?q=active", veeam, 4},
			{"", "", laptop, 5},
		} {
			p.search(tt.words)
			p.rows(tt.rows)
			p.see(p.keyRow(tt.finds))
			if !noScript {
				p.focused(p.field("Search"))
				p.at(keysPage + tt.address)
			}
		}
		p.search("<b>nothing")
		p.rows(0)
		p.see(p.GetByText("No key matches “<b>nothing”."))
		stays()
		check(t, expect.Locator(p.field("Search")).ToHaveValue("<b>nothing"))
	})
}

// TestFindWithoutScripts is a form that leads to an address.
func TestFindWithoutScripts(t *testing.T) {
	t.Parallel()
	p := openKeys(t, startConsole(t), pageOptions{as: full, noScript: true})
	p.search("veeam")
	p.at(keysPage + "?q=veeam")
	p.rows(1)
	check(t, expect.Locator(p.field("Search")).ToHaveValue("veeam"))
}

// TestFindByTyping: each letter counts, and Enter sends nobody elsewhere.
func TestFindByTyping(t *testing.T) {
	t.Parallel()
	p := openKeys(t, startConsole(t), pageOptions{as: full})
	stays := p.stays()
	p.tabTo(p.field("Search"))
	p.typed("veeam")
	p.rows(1)
	p.press("Enter")
	p.at(keysPage + "?q=veeam")
	p.focused(p.field("Search"))
	stays()
	p.reload()
	p.rows(1)
	check(t, expect.Locator(p.field("Search")).ToHaveValue("veeam"))
}

// TestFoundKeysAreChanged where they were found.
func TestFoundKeysAreChanged(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: full})
	stays := p.stays()
	p.search("veeam")
	p.rows(1)
	p.at(keysPage + "?q=veeam")
	p.click(p.toggle(veeam))
	p.toggledOff(veeam)
	p.rows(1)
	p.at(keysPage + "?q=veeam")
	p.click(p.offered(veeam, "Delete"))
	p.see(p.dialogAbout(deletionOf))
	p.press("Escape")
	p.noDialog()
	p.at(keysPage + "?q=veeam")
	p.rows(1)
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
		p.search("a")
		p.says(rows.First(), legacy)
		p.search("veeam")
		p.rows(1)
		p.at(keysPage + "?q=veeam&sort=oldest")
		p.click(p.link("Created"))
		p.at(keysPage + "?q=veeam")
		p.rows(1)
	})
}
