package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// renewals wants the API to have been asked that often.
func (c *console) renewals(times int) {
	c.t.Helper()
	asked := 0
	for _, r := range c.requests(http.MethodPut, "/accesskeys/") {
		if strings.HasSuffix(r.Path, "/renew") {
			asked++
		}
	}
	if asked != times {
		c.t.Errorf("the API was asked %d times, want %d", asked, times)
	}
}

// pairAtAPI is a key with the secret that counts.
func (c *console) pairAtAPI(email, description string) pair {
	c.t.Helper()
	key := c.accessKey(email, description)
	found := pair{key, c.secretsOf(c.userID(email))[key]}
	c.hide(found.secret)
	return found
}

func (p *page) askToRenew(description string) {
	p.t.Helper()
	p.choose(description, "Renew secret")
	p.says(p.dialogAbout("Renew the secret of"), "The current secret stops working at once")
	p.says(p.dialogAbout("Renew the secret of"), description)
}

// showsPair wants the pair to be that of a key at the API.
func (p *page) showsPair(email, description string) pair {
	p.t.Helper()
	p.see(p.heading("Copy key"))
	p.atKey()
	shown, want := p.shownPair(), p.console.pairAtAPI(email, description)
	if shown != want {
		p.t.Errorf("shows %.4q…, which is not what the API has", shown)
	}
	return shown
}

func TestRenew(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		before := c.pairAtAPI(full, veeam)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		p.askToRenew(veeam)
		c.renewals(0)
		p.click(p.button("Renew secret"))
		p.see(p.dialog("Copy key"))
		made := p.showsPair(full, veeam)
		if made.key != before.key || made.secret == before.secret {
			t.Error("it is another key, or the secret is the same")
		}
		p.downloadsExactly(made, full)
		p.reload()
		if again := p.showsPair(full, veeam); again != made {
			t.Error("the pair is another one after a reload")
		}
		p.click(p.link("Close").Last())
		p.at(keysPage)
		p.rows(5)
		p.toggledOn(veeam)
		c.renewals(1)
	})
}

// TestRenewCancelled: the secret is what it was.
func TestRenewCancelled(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		before := c.pairAtAPI(full, veeam)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		p.askToRenew(veeam)
		p.click(p.link("Cancel"))
		p.at(keysPage)
		p.noDialog()
		p.click(p.offered(veeam, "Copy key"))
		if shown := p.showsPair(full, veeam); shown != before {
			t.Error("the pair has changed")
		}
		c.renewals(0)
	})
}

// TestRenewTwice, as with a double click: it is renewed once.
func TestRenewTwice(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		p.askToRenew(veeam)
		c.fault(fault{Method: http.MethodPut, Path: "/accesskeys", Delay: "300ms"})
		check(t, p.button("Renew secret").Dblclick())
		p.see(p.dialog("Copy key"))
		p.showsPair(full, veeam)
		c.renewals(1)
	})
}

func TestRenewByKeyboard(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	p := openKeys(t, c, pageOptions{as: full})
	p.tabTo(p.more(veeam))
	p.chooseByKey(veeam, "Renew secret")
	p.see(p.dialogAbout("Renew the secret of"))
	p.focusedWithin("dialog")
	p.tabTo(p.button("Renew secret"))
	p.press("Enter")
	p.see(p.dialog("Copy key"))
	p.focusedWithin("dialog")
	p.showsPair(full, veeam)
	p.press("Escape")
	p.at(keysPage)
	p.noDialog()
	c.renewals(1)
}
