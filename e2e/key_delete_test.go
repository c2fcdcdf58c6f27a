package e2e

import (
	"net/http"
	"testing"
)

const (
	lastFour    = "Last four characters of the key"
	notTheLast  = "These are not the last four characters"
	beingGone   = "deleted" // or about to be
	noSuchKey   = "There is no such key"
	deletionOf  = "Delete key"
	description = "Description (optional)"
)

// deletions wants the APIs to have been asked that often.
func (c *console) deletions(times int) {
	c.t.Helper()
	asked := append(c.requests(http.MethodDelete, "/accesskeys"), c.requests(http.MethodDelete, "/cloudapi")...)
	if len(asked) != times {
		c.t.Errorf("the APIs were asked %v, want %d", asked, times)
	}
}

// isDeleted: of five keys, one has gone.
func (p *page) isDeleted(description string) {
	p.t.Helper()
	p.at(keysPage)
	p.noDialog()
	p.gone(p.keyRow(description))
	p.rows(4)
	p.see(p.GetByText("4 of 5"))
	p.says(p.notice(), beingGone)
	p.focusStays()
	p.console.keysAtAPI(full, 4)
	p.console.deletions(1)
}

func (p *page) askToDelete(description string) {
	p.t.Helper()
	p.choose(description, "Delete")
	p.see(p.dialogAbout(deletionOf))
	p.says(p.dialogAbout(deletionOf), description)
}

// TestDeleteInactive takes a click.
func TestDeleteInactive(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		stays := p.stays()
		p.askToDelete(laptop)
		p.says(p.dialogAbout(deletionOf), "cannot be restored")
		p.gone(p.field(lastFour))
		p.click(p.button("Delete"))
		p.isDeleted(laptop)
		stays()
		p.see(p.link("Generate a key"))
	})
}

// TestDeleteActive takes the end of the key.
func TestDeleteActive(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		key := c.accessKey(full, ci)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		stays := p.stays()
		p.askToDelete(ci)
		p.says(p.dialogAbout(deletionOf), "This key is active")
		p.expect(http.StatusUnprocessableEntity)
		p.fill(lastFour, "zzzz")
		p.click(p.button("Delete"))
		p.says(p.dialogAbout(deletionOf), notTheLast)
		p.focused(p.field(lastFour))
		check(t, expect.Locator(p.field(lastFour)).ToHaveValue("zzzz"))
		c.keysAtAPI(full, 5)
		c.deletions(0)
		p.fill(lastFour, key[len(key)-4:])
		p.click(p.button("Delete"))
		p.isDeleted(ci)
		stays()
	})
}

// TestDeleteLast: the last key takes the same, and leaves none.
func TestDeleteLast(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		key := c.accessKey(twofa, photos)
		p := openKeys(t, c, pageOptions{as: twofa, noScript: noScript})
		p.askToDelete(photos)
		p.says(p.dialogAbout(deletionOf), "This is your last key")
		p.fill(lastFour, key[len(key)-4:])
		p.click(p.button("Delete"))
		p.see(p.GetByText("No access keys yet"))
		p.focusStays()
		c.keysAtAPI(twofa, 0)
	})
}

func TestDeleteByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	key := c.accessKey(full, ci)
	p := openKeys(t, c, pageOptions{as: full})
	stays := p.stays()
	p.tabTo(p.more(ci))
	p.chooseByKey(ci, "Delete")
	p.see(p.dialogAbout(deletionOf))
	p.at(keysPage + "/" + key + "/delete")
	p.focused(p.field(lastFour))

	// Escape deletes nothing.
	p.press("Escape")
	p.noDialog()
	p.at(keysPage)
	p.focused(p.more(ci))
	c.deletions(0)

	p.chooseByKey(ci, "Delete")
	p.focused(p.field(lastFour))
	p.typed(key[len(key)-4:])
	p.press("Enter")
	p.isDeleted(ci)
	stays()
}

// TestDeleteStale: the key has gone while the question was open.
func TestDeleteStale(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		p.askToDelete(laptop)
		c.dropKey(c.accessKey(full, laptop))
		p.expect(http.StatusNotFound)
		p.click(p.button("Delete"))
		if noScript {
			p.says(p.main(), noSuchKey)
			return
		}
		p.says(p.dialogAbout(deletionOf).GetByRole("alert"), noSuchKey)
		p.gone(p.keyRow(laptop))
		p.rows(4)
		p.press("Escape")
		p.noDialog()
		p.at(keysPage)
		p.focusStays()
	})
}
