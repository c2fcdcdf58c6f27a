package web_test

import (
	"net/http"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

// TestRowActions: the menu of a row leads to the list with what can be done with that
// key, whatever the order; other values show nothing.
func TestRowActions(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	for query, want := range map[string]int{
		"": 0, "?more=" + key: 5, "?more=" + key[:8]: 5, "?sort=oldest&more=" + key[:8]: 5, "?more=": 0, "?more=%3Cb%3E": 0, "?more=%ff": 0,
		"?more=" + strings.Repeat("a", 3000): 0,
	} {
		answer := b.get(keysPage + query)
		page := answer.doc(t)
		if got := page.Count("td .actions a"); answer.status != http.StatusOK || got != want {
			t.Errorf("%.40q: %d with %d actions, want %d", query, answer.status, got, want)
		}
		htmltest.Sound(t, page)
	}
	sorted := b.get(keysPage + "?sort=oldest").doc(t)
	if got := sorted.One(rowOf(key)).One("a.i-more").Attr("href"); got != "?more="+key[:8]+"&sort=oldest" {
		t.Errorf("the menu leads to %q", got)
	}
	if got := sorted.Count("template#actions a[data-action]"); got != 5 {
		t.Errorf("the script gets %d actions", got)
	}
	for path, want := range map[string]int{"": 0, "?more=" + key: 4} {
		if got := c.signIn(admin).get(c.keysOf(full) + path).doc(t).Count("td .actions a"); got != want {
			t.Errorf("another's key, %q: %d actions, want %d", path, got, want)
		}
	}
}

// TestFewerActions: a row says which of the actions it has where some cannot work.
func TestFewerActions(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	if b.get(keysPage).doc(t).Has("[data-actions]") {
		t.Error("a row has fewer actions than others, with nothing amiss")
	}
	c.control(http.MethodPost, "keys/"+key, `{"status":"FAILED"}`)
	if got := b.get(keysPage).doc(t).Attr("[data-actions]", "data-actions"); got != "delete" {
		t.Errorf("a failed key has %q", got)
	}
	c.control(http.MethodPost, "keys/"+key, `{"status":"AVAILABLE"}`)
	c.fault(`{"path":"/cloudapi/v6/um","times":9,"status":503}`)
	row := b.get(keysPage).doc(t).One("tr[data-key='" + key + "']")
	if got := row.Attr("data-actions"); got != "description rotate renew delete" {
		t.Errorf("without the Cloud API there is %q", got)
	}
}
