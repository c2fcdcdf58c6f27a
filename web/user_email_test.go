package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

// ignoringFilters is a console on APIs that do not honour filters.
func (c *console) ignoringFilters() *console {
	c.t.Helper()
	other := *c
	other.wire.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		query.Del("filter.email")
		r.URL.RawQuery = query.Encode()
		c.sandbox.ServeHTTP(w, r)
	})
	other.server = other.serve(c.store)
	return &other
}

// TestSearchUsersByEmail: a whole address takes one call of the list of users. Only
// the list of all users shows that there is no user with it.
func TestSearchUsersByEmail(t *testing.T) {
	t.Parallel()
	const users, reading = 300, 9 // calls that read all users
	refusing := func(r *http.Request, answer *httptest.ResponseRecorder) {
		if r.URL.Query().Has("filter.email") {
			refuse("/cloudapi/v6/um/users", http.StatusBadRequest, "unknown parameter")(r, answer)
		}
	}
	honouring := func(c *console) *console { return c }
	for name, tt := range map[string]struct {
		apis  func(*console) *console
		query url.Values
		found int
		says  string
		calls int
	}{
		"address":                {honouring, url.Values{"q": {member}}, 1, "1 found with exactly this e-mail address.", 1},
		"address in capitals":    {honouring, url.Values{"q": {" " + strings.ToUpper(member) + " "}}, 1, "1 found with exactly", 1},
		"address, sorted":        {honouring, url.Values{"q": {member}, "sort": {"-name"}}, 1, "1 found with exactly", 1},
		"second page":            {honouring, url.Values{"q": {member}, "page": {"2"}}, 0, "1 found with exactly", 1},
		"address of no user":     {honouring, url.Values{"q": {"nobody@keydeck.example"}}, 0, "No user matches", 1 + reading},
		"end of an address":      {honouring, url.Values{"q": {member[1:]}}, 1, "1 found.", 1 + reading},
		"among all users":        {honouring, url.Values{"q": {member}, "all": {"yes"}}, 1, "1 found.", 1 + reading},
		"filter ignored":         {(*console).ignoringFilters, url.Values{"q": {member}}, 1, "1 found.", 1 + reading},
		"filter ignored, no one": {(*console).ignoringFilters, url.Values{"q": {"nobody@keydeck.example"}}, 0, "No user matches", 1 + reading},
		"filter refused":         {func(c *console) *console { return c.rewriting(refusing) }, url.Values{"q": {member}}, 1, "1 found.", 2 + reading},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsoleOf(t, users)
			b := c.signIn(admin).on(tt.apis(c))
			page := b.get("/users?" + tt.query.Encode()).doc(t)
			if got := count(c.asked(), "GET /cloudapi/v6/um/users"); got != tt.calls {
				t.Errorf("the users were listed %d times, want %d", got, tt.calls)
			}
			if got := page.Count("[data-user]"); got != tt.found || !strings.Contains(page.Text("#rows"), tt.says) {
				t.Errorf("%d found: %s", got, page.Text("#rows"))
			}
			if tt.found == 1 && !strings.Contains(page.Text("[data-user]"), member) {
				t.Errorf("found %s", page.Text("[data-user]"))
			}
			if all := page.Count("#rows a:contains('Search all users')"); (all == 1) != strings.Contains(tt.says, "exactly") {
				t.Errorf("%d links to search all users", all)
			}
			htmltest.Sound(t, page)
		})
	}
}

// TestSearchUsersAmongAll: an address that is a part of another's leads on to it.
func TestSearchUsersAmongAll(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	c.control(http.MethodPost, "users/"+c.userID(guest), `{"email":"x`+member+`"}`)
	b := c.signIn(admin)
	page := b.get("/users?sort=email&q=" + member).doc(t)
	if page.Count("[data-user]") != 1 || page.Has("tr:contains('x"+member+"')") {
		t.Errorf("the address finds %s", page.Text("#rows"))
	}
	all := page.Attr("#rows a:contains('Search all users')", "href")
	if all != "/users?all=yes&q="+url.QueryEscape(member)+"&sort=email" {
		t.Errorf("the address of all users is %q", all)
	}
	if page := b.get(all).doc(t); page.Count("[data-user]") != 2 || page.Has("a:contains('Search all users')") {
		t.Errorf("all users: %s", page.Text("#rows"))
	}
}

// TestSearchUsersByEmailTrouble: what could not be looked up is not said to be
// absent.
func TestSearchUsersByEmailTrouble(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault string
		says  string
		polls bool
	}{
		"failing":   {`"times":9,"status":503`, "Not all users could be looked through", false},
		"throttled": {`"times":9,"status":429,"headers":{"Retry-After":"30"}`, "Reading the users", true},
		"no users":  {`"status":200,"body":"{\"items\":null}"`, "No user matches", false}, // all were read afterwards
		"no JSON":   {`"times":9,"status":200,"body":"<html>"`, "Not all users could be looked through", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(admin)
			c.fault(`{"method":"GET","path":"/cloudapi/v6/um/users",` + tt.fault + `}`)
			answer := b.get("/users?q=nobody@keydeck.example")
			rows := answer.doc(t).Text("#rows")
			if answer.status != http.StatusOK || !strings.Contains(rows, tt.says) || answer.doc(t).Has("#rows[hx-get]") != tt.polls {
				t.Errorf("%d: %s", answer.status, rows)
			}
			if tt.says != "No user matches" && strings.Contains(rows, "No user") {
				t.Errorf("it says %s", rows)
			}
		})
	}
}
