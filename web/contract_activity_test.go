package web_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keydeck/internal/htmltest"
)

const contractActivity = "/contract/activity"

// TestContractActivity: what members and administrators did is there, by person, key,
// action and time, as a page and as a file.
func TestContractActivity(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	key := strings.TrimPrefix(c.signIn(member).generate("<b>=1+1"), keysPage+"/")
	b := c.signIn(admin)
	b.post(c.keysOf(full)+"/"+fullsKey+"/deactivate", nil)
	answer := b.get(contractActivity)
	page := answer.doc(t)
	htmltest.Sound(t, page)
	htmltest.NoInline(t, page)
	for _, says := range []string{"Generated a key", "Deactivated a key", member, "of " + c.userID(full), "ninety days", "Activity Log API"} {
		if !strings.Contains(page.Text("main"), says) {
			t.Errorf("it does not say %q: %s", says, page.Text("main"))
		}
	}
	if strings.Contains(answer.body, "=1+1") {
		t.Error("it holds a description")
	}
	all := page.Count("[data-activity]")
	for query, rows := range map[string]int{
		"q=" + strings.ToUpper(member[:6]) + "&action=generate": 1, "action=deactivate": 1, "q=" + key: 1, "q=" + fullsKey[:8]: 1, "q=nothing": 0, "days=1": all,
	} {
		if got := b.get(contractActivity + "?" + query).doc(t); got.Count("[data-activity]") != rows {
			t.Errorf("%s: %d rows, want %d: %s", query, got.Count("[data-activity]"), rows, got.Text("main"))
		}
	}
	for _, query := range []string{"action=burn", "days=4", "days=x", "q=" + strings.Repeat("a", 257)} {
		if got := b.get(contractActivity + "?" + query).status; got != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", query, got)
		}
	}
	file := b.get(contractActivity + ".csv?action=generate")
	records, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	if err != nil || len(records) != 2 || records[1][1] != member || records[1][6] != key || !strings.Contains(file.header.Get("Content-Disposition"), ".csv") {
		t.Errorf("%v: %v", err, records)
	}
	// After 90 days nothing of it is left.
	c.clock.Advance(90 * 24 * time.Hour)
	if page := c.signIn(owner).get(contractActivity).doc(t); page.Count("[data-activity]") != 1 { // the sign-in
		t.Errorf("after 90 days: %s", page.Text("main"))
	}
}

// TestContractActivityOf: it is for those who look after others now, and of their own
// contract alone.
func TestContractActivityOf(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	for email, want := range map[string]int{owner: 200, admin: 200, member: 403, guest: 403} {
		if got := c.signIn(email).get(contractActivity).status; got != want {
			t.Errorf("%s: %d", email, got)
		}
	}
	b := c.signIn(admin)
	c.control(http.MethodPost, "users/"+admin, `{"administrator":false}`)
	for _, address := range []string{contractActivity, contractActivity + ".csv"} {
		if got := b.get(address).status; got != http.StatusForbidden {
			t.Errorf("%s for who was an administrator: %d", address, got)
		}
	}
	other := c.browser()
	if answer := other.post("/sign-in", url.Values{"email": {"owner@partner.example"}, "password": {"sandbox"}}); answer.status == http.StatusSeeOther {
		if page := other.get(contractActivity); strings.Contains(page.body, "keydeck.example") {
			t.Error("it shows what was done in another contract")
		}
	}
}
