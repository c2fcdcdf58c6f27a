package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keydeck/internal/htmltest"
	"keydeck/views/pages"
)

// TestSessionEnd ends a session in each way: the sign-in page says which, once, and
// where it goes on.
func TestSessionEnd(t *testing.T) {
	t.Parallel()
	tests := map[pages.SessionEnd]struct {
		end  func(c *console, b *browser)
		says string
	}{
		pages.SignedOut:    {func(_ *console, b *browser) { b.post("/sign-out", nil) }, "You are signed out"},
		pages.EndedUnused:  {func(c *console, _ *browser) { c.clock.Advance(idle + time.Minute) }, "not used for 30 minutes"},
		pages.EndedByLimit: {useUntilLimit, "open for 12 hours"},
		pages.EndedElsewhere: {func(c *console, _ *browser) {
			other := c.signIn(member)
			other.post(other.get(sessionsPage).doc(t).All("tr[data-session]")[1].One("form").Attr("action"), nil)
		}, "from another session"},
		pages.EndedByAPI: {func(c *console, _ *browser) {
			c.control(http.MethodPost, "users/"+member, `{"active":false}`)
		}, "no longer accept its token"},
	}
	for _, end := range pages.SessionEnds() {
		t.Run(string(end), func(t *testing.T) {
			t.Parallel()
			tt, tested := tests[end]
			if !tested {
				t.Fatal("not tested")
			}
			c := newConsole(t)
			b := c.signIn(member)
			tt.end(c, b)
			gone := b.get(keysPage)
			to := gone.header.Get("Location")
			if gone.status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in?next=") {
				t.Fatalf("%d to %q", gone.status, to)
			}
			page := b.get(to).doc(t)
			htmltest.Sound(t, page)
			text := page.Text("main .message")
			if !strings.Contains(text, tt.says) || !strings.Contains(text, "return to the page") {
				t.Errorf("it says %q, want %q", text, tt.says)
			}
			for other, not := range tests {
				if other != end && strings.Contains(text, not.says) {
					t.Errorf("it says %q too", not.says)
				}
			}
			if again := b.get("/sign-in").doc(t); again.Has("main > .sign-in > .message") {
				t.Errorf("it says so twice: %s", again.Text("main"))
			}
		})
	}
}

// useUntilLimit keeps a session in use until its absolute limit. Its cookie is gone
// by then.
func useUntilLimit(c *console, b *browser) {
	for range int(most / (20 * time.Minute)) {
		b.get(keysPage)
		c.clock.Advance(20 * time.Minute)
	}
	delete(b.cookies, "__Host-keydeck")
}

// TestSessionEndNever: nothing is said to a browser that had no session, and a
// forged cookie says nothing of its own.
func TestSessionEndNever(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	for _, value := range []string{"", "-", "<b>forged", "99999999999999999999", strings.Repeat("a", 3000)} {
		b := c.browser()
		if value != "-" {
			b.cookies["keydeck-end"] = &http.Cookie{Name: "keydeck-end", Value: value}
		}
		answer := b.get("/sign-in")
		if text := answer.doc(t).Text("main"); answer.status != http.StatusOK || strings.Contains(text, "session has ended") || strings.Contains(text, "forged") {
			t.Errorf("%.20q: %d %s", value, answer.status, text)
		}
	}
	failed := c.browser()
	failed.cookies["keydeck-end"] = &http.Cookie{Name: "keydeck-end", Value: "refused"}
	page := failed.post("/sign-in", url.Values{"email": {member}, "password": {"wrong"}}).doc(t)
	if text := page.Text("main"); strings.Contains(text, "session has ended") || !strings.Contains(text, "do not match") {
		t.Errorf("a failed attempt: %s", text)
	}
}
