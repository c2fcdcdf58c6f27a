package e2e

import (
	"net/http"
	"testing"
	"time"
)

// TestGenerateSaved: the owner of a new pair ends the time that it is kept.
func TestGenerateSaved(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openNewKey(t, c, pageOptions{noScript: noScript})
		p.fill("Description (optional)", "saved")
		p.click(p.button("Generate"))
		p.see(p.dialog("Copy key"))
		if !noScript {
			p.checkAccess()
		}
		p.click(p.button("Done"))
		p.says(p.notice(), "is saved")
		p.gone(p.dialog("Copy key"))
		p.at(keysPage)
		p.see(p.keyRow("saved"))
	})
}

// TestGenerateCheckNow: the outcome is not known, then the key exists.
// A check returns it, and no second one.
func TestGenerateCheckNow(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openNewKey(t, c, pageOptions{noScript: noScript})
		p.fill("Description (optional)", "late")
		c.fault(fault{Method: http.MethodPost, Path: "/accesskeys", Status: http.StatusGatewayTimeout})
		p.expect(http.StatusBadGateway)
		p.click(p.button("Generate"))
		unclear := p.dialog("It is not known whether the key was generated")
		p.see(unclear)
		if !noScript {
			p.checkAccess()
		}
		made := map[string]any{"properties": map[string]string{"description": "late"}}
		c.ask(http.MethodPost, "/accesskeys", c.token(member, time.Hour), made, nil)
		p.click(p.button("Check now"))
		p.see(p.dialog("Copy key"))
		p.gone(unclear)
		pair := p.shownPair()
		if keys := c.keysOf(member); len(keys) != 1 || keys[0].AccessKey != pair.key {
			t.Errorf("the API has %v", keys)
		}
	})
}

// TestToggleIndeterminate is asked for from the list: what is not known is said in a
// dialog, which leads back to the list.
func TestToggleIndeterminate(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openKeys(t, c, pageOptions{as: full, noScript: noScript})
		c.fault(fault{Method: http.MethodPut, Path: "/cloudapi/v6/um/users", Status: http.StatusGatewayTimeout})
		p.expect(http.StatusBadGateway)
		p.click(p.toggle(veeam))
		unclear := p.dialog("It is not known whether the key is being deactivated")
		p.see(unclear)
		p.click(p.link("Look at the keys"))
		p.gone(unclear)
		p.see(p.keyRow(veeam))
		p.at(keysPage)
	})
}
