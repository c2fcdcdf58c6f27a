package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

const adminKey = "ADMIN KEY"

// generateFor generates a key for a user and returns its address.
func (b *browser) generateFor(tab string) string {
	b.console.t.Helper()
	id := b.get(tab + "/new").doc(b.console.t).Value("input[name=request_id]")
	answer := b.post(tab, url.Values{"request_id": {id}})
	if answer.status != http.StatusSeeOther {
		b.console.t.Fatalf("generating: %d %s", answer.status, answer.body)
	}
	return answer.header.Get("Location")
}

// TestAdminKeyNew: a key is marked right after it was generated, before it is
// ready and after, in the list and on its pair, by whom it was generated.
func TestAdminKeyNew(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]bool{owner: true, admin: true, member: false} {
		t.Run(email, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(email)
			address := b.generate("new")
			key := strings.TrimPrefix(address, keysPage+"/")
			for _, state := range []string{"being made", "ready"} {
				pair, list := b.get(address).doc(t), b.get(keysPage).doc(t)
				row := list.Text("[data-key]:has(a[href*='" + key + "'])")
				if strings.Contains(pair.Text("main"), adminKey) != want || strings.Contains(row, adminKey) != want {
					t.Errorf("%s: the pair %s; the row %s", state, pair.Text("main"), row)
				}
				htmltest.Sound(t, pair)
				c.settle()
			}
			renewed := b.post(address+"/renew", url.Values{"confirm": {"yes"}, "request_id": {b.get(address + "/renew").doc(t).Value("input[name=request_id]")}})
			if text := b.get(address).doc(t).Text("main"); renewed.status != http.StatusSeeOther || strings.Contains(text, adminKey) != want {
				t.Errorf("renewed: %d %s", renewed.status, text)
			}
		})
	}
}

// TestAdminKeyUnknown: without the Management API there is no mark but on a pair
// that it has just made.
func TestAdminKeyUnknown(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	address := b.generate("new")
	c.settle()
	other := c.signIn(admin)
	c.fault(`{"path":"/accesskeys","times":99,"status":500}`)
	if page := b.get(keysPage).doc(t); page.Count("[data-key]") == 0 || strings.Contains(page.Text("main"), adminKey) {
		t.Errorf("the list: %s", page.Text("main"))
	}
	if text := b.get(address).doc(t).Text("main"); !strings.Contains(text, adminKey) {
		t.Errorf("the pair in the session that made it: %s", text)
	}
	if text := other.get(address).doc(t).Text("main"); strings.Contains(text, adminKey) || !strings.Contains(text, "Secret") {
		t.Errorf("the pair in another session: %s", text)
	}
}

// TestAdminKeyOfAnother: the APIs do not say of another user's key what it is, so
// the page does not; of one's own key they do, at any address.
func TestAdminKeyOfAnother(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		as, of string
		want   bool
	}{
		"own":                       {admin, admin, true},
		"of the owner":              {admin, owner, false},
		"of an administrator":       {owner, admin, false},
		"of a user":                 {owner, member, false},
		"own, without Management":   {admin, admin, false},
		"another, without one also": {owner, member, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b, tab := c.signIn(tt.as), c.keysOf(tt.of)
			address := b.generateFor(tab)
			c.settle()
			if strings.Contains(name, "without") {
				c.fault(`{"path":"/accesskeys","times":99,"status":500}`)
			}
			c.asked()
			page := b.get(tab).doc(t)
			if asked := count(c.asked(), "GET /accesskeys"); (asked > 0) != (tt.as == tt.of) {
				t.Errorf("the Management API was asked %d times", asked)
			}
			key := address[strings.LastIndex(address, "/")+1:]
			if row := page.Text("[data-key]:has(a[href*='" + key + "'])"); strings.Contains(row, adminKey) != tt.want {
				t.Errorf("the row: %s", row)
			}
			if text := b.get(address).doc(t).Text("main"); strings.Contains(text, adminKey) != tt.want {
				t.Errorf("the pair: %s", text)
			}
			htmltest.Sound(t, page)
		})
	}
}
