package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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
	long := c.signIn(full).key("CI artifacts")
	short := long[:8] + "…" + long[len(long)-6:]
	for name, tt := range map[string]struct{ key, says string }{
		"whole key":             {fullsKey, "belongs to Rafael Echeverría"},
		"white space":           {" " + fullsKey + "\n", "belongs to Rafael Echeverría"},
		"quotes":                {`"` + fullsKey + `"`, "belongs to Rafael Echeverría"},
		"credential":            {"Credential=" + long + "/20261125/eu-central-3/s3/aws4_request", "belongs to Rafael Echeverría"},
		"environment":           {"AWS_ACCESS_KEY_ID=" + long, "belongs to Rafael Echeverría"},
		"short form":            {short, long},
		"beginning":             {long[:8], long},
		"end":                   {long[len(long)-6:], long},
		"unknown key":           {"0123456789abcdef0123", "All 12 users were looked through"},
		"unknown part of a key": {"0123456789", "No key with this part was found"},
	} {
		t.Run(name, func(t *testing.T) {
			page, _ := b.follow("/key-owner?" + url.Values{"key": {tt.key}}.Encode())
			if !strings.Contains(page.Text("#search"), tt.says) {
				t.Errorf("%q: %s", tt.key, page.Text("#search"))
			}
		})
	}
	page, _ := b.follow("/key-owner?key=" + fullsKey)
	if !page.Has("a[href='"+c.keysOf(full)+"']") || !strings.Contains(page.Text("#search"), "The key is active") {
		t.Errorf("it leads to %s", page.Text("#search"))
	}
	for name, tt := range map[string]struct{ text, says string }{
		"markup": {"<b>", "cannot be an access key"}, "short part": {"2_AVS", "at least six characters"},
		"two keys": {fullsKey + " " + long, "more than one access key"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := b.get("/key-owner?" + url.Values{"key": {tt.text}}.Encode())
			if page := answer.doc(t); answer.status != http.StatusUnprocessableEntity || page.Attr("#key", "value") != tt.text || !strings.Contains(page.Text("main"), tt.says) {
				t.Errorf("%d: %s", answer.status, page.Text("main"))
			}
		})
	}
	htmltest.Sound(t, b.get("/key-owner").doc(t))
}

// TestKeyOwnerGoesOn: between two steps the user list is outdated and users are
// deleted, added and given keys; the holder is found all the same.
func TestKeyOwnerGoesOn(t *testing.T) {
	t.Parallel()
	const users = 60
	c := newConsoleOf(t, users)
	b := c.as(admin)
	holder, asker := c.userID(full), c.userID(admin)
	address := "/key-owner?key=" + fullsKey
	// The first step ends early, before the holder: the list of a user's keys
	// is throttled.
	c.fault(`{"path":"/cloudapi/v6/um/users/","times":100,"status":429,"headers":{"Retry-After":"1"}}`)
	first := b.get(address, htmx).doc(t)
	if first.Has("a:contains('User')") || !first.Has("#search[hx-get]") {
		t.Fatalf("the first step: %s", first.Text("#search"))
	}
	c.control(http.MethodDelete, "faults", "")
	var list struct{ Items []struct{ ID string } }
	c.api("/cloudapi/v6/um/users?depth=1", &list)
	deleted := 0
	for _, u := range list.Items {
		if u.ID != holder && u.ID != asker && deleted < 20 {
			c.control(http.MethodDelete, "users/"+u.ID, "")
			deleted++
		}
	}
	c.clock.Advance(3 * time.Minute)
	if page, _ := b.follow(first.Attr("#search", "hx-get")); !strings.Contains(page.Text("#search"), "belongs to Rafael Echeverría") {
		t.Errorf("in the end: %s", page.Text("#search"))
	}
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
		c.fault(`{"path":"/cloudapi/v6/um/users/","times":40,"status":429,"headers":{"Retry-After":"120"}}`)
		stop := b.get(address).doc(t).Attr("a:contains('Stop')", "href")
		stopped := b.get(stop).doc(t)
		if !strings.Contains(stopped.Text("#search"), "0 of 12 users") || stopped.Has("#search[hx-get]") || stopped.Text("#search a") != "Go on" {
			t.Errorf("stopped: %s", stopped.Text("#search"))
		}
	})
}
