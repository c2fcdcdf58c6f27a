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
		{"full", 5, []string{"user-owned buckets only", "Not active", "Five keys are the limit", "5 of 5", "Legacy NAS, user-owned buckets"}, []string{"It appears with"}},
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
			if n := strings.Count(asked, "GET"); n != 2 || strings.Count(asked, "GET /accesskeys") != 1 {
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
