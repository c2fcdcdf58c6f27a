package web_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"keydeck/internal/htmltest"
)

// follow goes on with a search until its page does not go on by itself.
func (b *browser) follow(address string) (last *htmltest.Doc, parts int) {
	b.console.t.Helper()
	for parts = 1; parts < 50; parts++ {
		last = b.get(address, htmx).doc(b.console.t)
		if !last.Has("#search[hx-get]") {
			return last, parts
		}
		address = last.Attr("#search", "hx-get")
	}
	b.console.t.Fatal("the search does not end")
	return nil, 0
}

func TestKeyOwner(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	for name, tt := range map[string]struct{ key, says string }{
		"somebody's": {fullsKey, "belongs to Rafael Echeverría"},
		"nobody's":   {"0123456789abcdef0123", "No user of this contract has this key"},
	} {
		page, _ := b.follow("/key-owner?key=" + tt.key)
		if !strings.Contains(page.Text("#search"), tt.says) {
			t.Errorf("%s: %s", name, page.Text("#search"))
		}
	}
	page, _ := b.follow("/key-owner?key=+" + fullsKey + "+")
	if !page.Has("a[href='"+c.keysOf(full)+"']") || !strings.Contains(page.Text("#search"), "The key is active") {
		t.Errorf("it leads to %s", page.Text("#search"))
	}
	answer := b.get("/key-owner?key=%3Cb%3E")
	if answer.status != http.StatusUnprocessableEntity || answer.doc(t).Attr("#key", "value") != "<b>" {
		t.Errorf("markup: %d", answer.status)
	}
	htmltest.Sound(t, b.get("/key-owner").doc(t))
}

// TestKeyOwnerMeetsTheLimit: it waits as long as it is told to, and goes on.
func TestKeyOwnerMeetsTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(admin)
		b.get("/users?q=x") // the users are read
		const address = "/key-owner?key=" + fullsKey
		c.fault(`{"path":"/cloudapi/v6/um/users","times":40,"status":429,"headers":{"Retry-After":"120"}}`)
		page := b.get(address).doc(t)
		if !strings.Contains(page.Text("#search"), "asks to wait: it goes on in 120 seconds") || page.Attr("#search", "hx-trigger") != "load delay:2m0s" {
			t.Errorf("throttled: %s", page.Text("#search"))
		}
		if !page.Has("noscript") || !page.Has("a:contains('Stop')") {
			t.Error("without scripts it does not go on, or it cannot be stopped")
		}
		c.control(http.MethodDelete, "faults", "")
		c.fault(`{"path":"/cloudapi/v6/um/users","times":90,"status":500}`)
		if page := b.get(address).doc(t); !strings.Contains(page.Text("#search"), "could not be finished") || !page.Has("a:contains('Go on')") {
			t.Errorf("failing: %s", page.Text("#search"))
		}
		c.control(http.MethodDelete, "faults", "")
		stopped := b.get(address + "&from=3&stop=yes").doc(t)
		if !strings.Contains(stopped.Text("#search"), "3 of 12 users") || stopped.Has("#search[hx-get]") || stopped.Text("#search a") != "Go on" {
			t.Errorf("stopped: %s", stopped.Text("#search"))
		}
	})
}
