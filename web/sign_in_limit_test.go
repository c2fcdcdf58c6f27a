package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestActivityOfFailedSignIns: the owner of an account reads of failed attempts in
// the list of their own activity, which guessing does not fill.
func TestActivityOfFailedSignIns(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	for i := range 40 {
		wrong := url.Values{"email": {strings.ToUpper(full)}, "password": {"wrong"}}
		if i >= 5 {
			c.clock.Advance(idle / 2)
			b.get(keysPage)
		}
		c.browser().post("/sign-in", wrong)
	}
	page := b.get("/account/activity").doc(t)
	if text := page.Text("main"); !strings.Contains(text, "A sign-in with your account failed") || !strings.Contains(text, "32 sign-ins with your account failed") {
		t.Errorf("the activity is %s", text)
	}
	if rows := page.Count("tr[data-activity]"); rows > 8 {
		t.Errorf("%d rows", rows)
	}
	if text := c.signIn("guest@keydeck.example").get("/account/activity").doc(t).Text("main"); strings.Contains(text, "failed") {
		t.Errorf("another person reads %s", text)
	}
}

// TestSignInsAtOnce: attempts under way are no failures.
func TestSignInsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		c.fault(`{"method":"GET","path":"/auth/v1/tokens/generate","times":10,"delay":"1s"}`)
		var in atomic.Int64
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				answer := c.browser().post("/sign-in", url.Values{"email": {"owner@keydeck.example"}, "password": {"sandbox"}})
				if answer.status == http.StatusSeeOther {
					in.Add(1)
				}
			})
		}
		all.Wait()
		c.settleTokens()
		if in.Load() != 10 {
			t.Errorf("%d of 10 are in", in.Load())
		}
	})
}
