package e2e

import (
	"net/http"
	"testing"
)

// TestSearchUsersByEmail: a whole address finds its user at once. From there all
// users can be searched.
func TestSearchUsersByEmail(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.open("/users")
		before := len(c.requests(http.MethodGet, "/cloudapi/v6/um/users"))
		p.searches(member, noScript)
		p.says(p.Locator("#rows"), "1 found with exactly this e-mail address.")
		p.says(p.Locator("[data-user]"), "Amara Okafor")
		asked := 0
		for _, r := range c.requests(http.MethodGet, "/cloudapi/v6/um/users")[before:] {
			if r.Path == "/cloudapi/v6/um/users" {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("the users were listed %d times, want once", asked)
		}
		p.tabTo(p.link("Search all users"))
		p.press("Enter")
		p.says(p.Locator("#rows"), "1 found.")
		p.gone(p.link("Search all users"))
		p.searches("nobody@keydeck.example", noScript)
		p.says(p.Locator("#rows"), "No user matches “nobody@keydeck.example”.")
	})
}

// TestSearchUsersFilterIgnored: the API answers a filter with other users, and all
// are searched.
func TestSearchUsersFilterIgnored(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := newPage(t, c, pageOptions{as: admin, noScript: noScript})
		p.open("/users")
		if !noScript { // the numbers of keys are asked for after the page, and must not get the answer below
			p.see(p.GetByText("5 keys, 4 active"))
		}
		c.fault(fault{Method: http.MethodGet, Path: "/cloudapi/v6/um/users", Status: http.StatusOK, Body: `{"id":"users","type":"collection","items":[
			{"id":"00000000-0000-4000-8000-000000000001","type":"user","properties":{"firstname":"Some","lastname":"Other","email":"other@keydeck.example","active":true}}]}`})
		p.searches(member, noScript)
		p.says(p.Locator("#rows"), "1 found.")
		p.says(p.Locator("[data-user]"), "Amara Okafor")
		p.gone(p.GetByText("Some Other"))
	})
}

// searches searches the users. Without scripts that takes the button.
func (p *page) searches(query string, noScript bool) {
	p.t.Helper()
	p.fill("Search", query)
	if noScript {
		p.click(p.button("Search"))
	}
}
