package web_test

import (
	"net/http"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

func TestKeyManagement(t *testing.T) {
	t.Parallel()
	tests := []struct {
		account string
		keys    int
		says    []string
		not     []string
	}{
		{"member", 0, []string{"No access keys yet", "It appears with the first key", "0 of 5"}, []string{"ADMIN KEY"}},
		{"full", 5, []string{"user-owned buckets only", "Deactivated", "Five keys are the limit", "5 of 5", "Legacy NAS, user-owned buckets"}, []string{"It appears with"}},
		{"owner", 2, []string{"ADMIN KEY", "2 of 5"}, nil},
		{"guest", 0, []string{"Use Object Storage", "owner or administrator"}, []string{"Generate a key"}},
	}
	for _, tt := range tests {
		t.Run(tt.account, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			answer := c.signIn(tt.account + "@keydeck.example").get(keysPage)
			page := answer.doc(t)
			htmltest.NoInline(t, page)
			htmltest.Sound(t, page)
			if got := page.Count("[data-key]"); answer.status != http.StatusOK || got != tt.keys {
				t.Errorf("got %d with %d keys", answer.status, got)
			}
			text := page.Text("main")
			for _, want := range tt.says {
				if !strings.Contains(text, want) {
					t.Errorf("does not say %q: %s", want, text)
				}
			}
			for _, never := range tt.not {
				if strings.Contains(text, never) {
					t.Errorf("says %q: %s", never, text)
				}
			}
			if page.Value("#contract-user-id") == "" {
				t.Error("no Contract User ID")
			}
			asked := strings.Join(c.asked(), " ")
			if n := strings.Count(asked, "GET"); n != 3 || strings.Count(asked, "GET /accesskeys") != 1 {
				t.Errorf("asked %s", asked)
			}
		})
	}
}

func TestNoSecretIsInTheList(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	c.control(http.MethodPost, "keys/"+fullsKey, `{"secretKey":"canary-7d1f0a"}`)
	b := c.signIn("full@keydeck.example")
	if answer := b.get(keysPage); strings.Contains(answer.body, "canary") || !strings.Contains(answer.body, fullsKey) {
		t.Error("the list holds a secret, or not the key")
	}
	if strings.Contains(c.log.String(), "canary") {
		t.Error("the log holds a secret")
	}
}

func TestKeyManagementWithoutOneOfTheAPIs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, fault string
		status      int
		says        string
		keys        int
	}{
		{"no Cloud API", `{"path":"/cloudapi/v6/um/users","times":9,"status":500}`, 200, "Cloud API does not answer", 5},
		{"no Management API", `{"path":"/accesskeys","times":9,"status":500}`, 200, "Management API does not answer", 5},
		{"neither", `{"path":"/","times":20,"status":500}`, 502, "cannot be reached", 0},
		{"both throttle", `{"path":"/","times":20,"status":429,"headers":{"Retry-After":"70"}}`, 429, "in 70 seconds", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn("full@keydeck.example")
			c.fault(tt.fault)
			answer := b.get(keysPage)
			page := answer.doc(t)
			if answer.status != tt.status || !strings.Contains(page.Text("main"), tt.says) || page.Count("[data-key]") != tt.keys {
				t.Errorf("got %d with %d keys: %s", answer.status, page.Count("[data-key]"), page.Text("main"))
			}
			htmltest.Sound(t, page)
		})
	}
}

func TestAKeyBeingMadeIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	b.generate("new")
	page := b.get(keysPage).doc(t)
	if !strings.Contains(page.Text("main"), "Being made") || page.Attr("#keys", "hx-get") != keysPage+"?poll=1" {
		t.Errorf("the list does not look again: %s", page.Text("main"))
	}
	part := b.get(keysPage+"?poll=3", htmx).doc(t)
	if part.Attr("#keys", "hx-get") != keysPage+"?poll=4" || part.Attr("#keys", "hx-trigger") != "load delay:8s" || part.Has("main") {
		t.Error("the pauses do not grow")
	}
	c.settle()
	if settled := b.get(keysPage+"?poll=4", htmx).doc(t); settled.Has("#keys[hx-get]") || !strings.Contains(settled.Text("#keys"), "Active") {
		t.Error("the list still looks again when all is settled")
	}
}

// TestKeysInOrder: newest first, or oldest; any other order is none.
func TestKeysInOrder(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	for query, want := range map[string]struct{ first, order, turned string }{
		"":               {"No description", "descending", "?sort=oldest"},
		"?sort=oldest":   {"Legacy NAS", "ascending", ""},
		"?sort=%3Cb%3E":  {"No description", "descending", "?sort=oldest"},
		"?sort=%ff&q=no": {"No description", "descending", "?sort=oldest"},
	} {
		answer := b.get(keysPage + query)
		page := answer.doc(t)
		if answer.status != http.StatusOK || page.Count("[data-key]") != 5 || !strings.Contains(page.Text("tbody tr:first-child"), want.first) {
			t.Errorf("%q: %d, first is %s", query, answer.status, page.Text("tbody tr:first-child"))
		}
		if page.Attr("[aria-sort]", "aria-sort") != want.order || page.Attr("[aria-sort] a", "href") != keysPage+want.turned {
			t.Errorf("%q: it is said to be %s, and turned by %s", query, page.Attr("[aria-sort]", "aria-sort"), page.Attr("[aria-sort] a", "href"))
		}
		htmltest.Sound(t, page)
	}
}

// TestAnOrderKeepsItsAddress, and a change leads back to it.
func TestAnOrderKeepsItsAddress(t *testing.T) {
	t.Parallel()
	const sorted = keysPage + "?sort=oldest"
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	here := header{"HX-Current-URL", "http://127.0.0.1:8080" + sorted + "&poll=3"}
	answer := b.get(sorted, htmx, header{"HX-Target", "dialog"}, header{"HX-Current-URL", "http://127.0.0.1:8080" + keysPage})
	if got := answer.header.Get("HX-Replace-Url"); got != sorted {
		t.Errorf("the address becomes %q", got)
	}
	changed := b.post(keysPage+"/"+b.key("CI artifacts")+"/deactivate", nil, htmx, here)
	if got := changed.header.Get("Location"); got != sorted {
		t.Errorf("the change leads to %q", got)
	}
	part := b.get(sorted, htmx, header{"HX-Target", "dialog"}, here)
	if part.header.Get("HX-Retarget") != "#keys" || !part.doc(t).Has("#keys + [hx-swap-oob]") {
		t.Errorf("the list goes to %q, with %s", part.header.Get("HX-Retarget"), part.body)
	}
}

// TestRowsInEveryState: each says what is known, and offers what can work.
func TestRowsInEveryState(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	key := b.key("CI artifacts")
	c.control(http.MethodPost, "keys/"+key, `{"status":"FAILED","message":"no <i>room</i>"}`)
	row := b.get(keysPage + "?more=" + key).doc(t).One(rowOf(key))
	if text := row.Text(); !strings.Contains(text, "Failed") || !strings.Contains(text, "“no <i>room</i>”") ||
		strings.Contains(text, "Renew") || strings.Contains(text, "Copy key") || !strings.Contains(text, "Delete") {
		t.Errorf("a failed key says %s", text)
	}
	c.control(http.MethodPost, "keys/"+key, `{"status":"AVAILABLE"}`)
	for name, tt := range map[string]struct {
		fault    string
		has, not []string
	}{
		"no Cloud":      {`{"path":"/cloudapi/v6/um","times":9,"status":503}`, []string{"Edit description", "Renew secret", "Delete", "Unknown"}, []string{"Copy key", "Download"}},
		"no Management": {`{"path":"/accesskeys","times":9,"status":503}`, []string{"Copy key", "Download", "Delete", "Active"}, []string{"Edit description", "Renew"}},
	} {
		c.fault(tt.fault)
		page := b.get(keysPage + "?more=" + key).doc(t)
		text := page.Text(rowOf(key))
		for _, words := range tt.has {
			if !strings.Contains(text, words) {
				t.Errorf("%s: does not say %q: %s", name, words, text)
			}
		}
		for _, words := range tt.not {
			if strings.Contains(text, words) {
				t.Errorf("%s: says %q: %s", name, words, text)
			}
		}
		if toggles := page.Has("[role=switch]"); toggles != (name == "no Management") {
			t.Errorf("%s: switches: %v", name, toggles)
		}
		c.control(http.MethodDelete, "faults", "")
	}
}

// TestWhatIsSaidIsChecked: a cookie that somebody else has written says nothing
// of its own.
func TestWhatIsSaidIsChecked(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	for _, value := range []string{"", "delete", "delete.", "delete.<b>", "<b>.abc", "nonsense.abc", strings.Repeat("a", 3000)} {
		b.cookies["keydeck-said"] = &http.Cookie{Name: "keydeck-said", Value: value}
		answer := b.get(keysPage)
		if said := answer.doc(t).Text("#notice"); answer.status != http.StatusOK || said != "" {
			t.Errorf("%.20q: %d, %q", value, answer.status, said)
		}
	}
}

// TestKeyManagementIsLight: with five keys, all that can be done with them, and the
// name of each switch.
func TestKeyManagementIsLight(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	if got := len(c.signIn("full@keydeck.example").get(keysPage).body); got > 12<<10 {
		t.Errorf("it has %d bytes", got)
	}
}
