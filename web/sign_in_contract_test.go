package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// Somebody of two contracts is asked which one is meant, and then sees the keys
// of that one alone, in both APIs.
func TestSignInAsksForTheContract(t *testing.T) {
	t.Parallel()
	for contract, want := range map[string]string{"31718824": "Research data", "32045117": "Partner uploads"} {
		t.Run(contract, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.browser()
			form := url.Values{"email": {"multi@keydeck.example"}, "password": {"sandbox"}}
			asked := b.post("/sign-in", form)
			page := asked.doc(t)
			if asked.status != http.StatusUnprocessableEntity || !strings.Contains(page.Text("#contract-error"), "You belong to several contracts") || strings.Contains(page.Text("#contract-error"), "Header") {
				t.Fatalf("got %d: %s", asked.status, page.Text("main"))
			}
			if page.Attr("#email", "value") != "multi@keydeck.example" || page.Count("#contract[autofocus]") != 1 {
				t.Error("the address is gone, or one does not get to the field by itself")
			}
			c.asked()
			form.Set("contract", contract)
			if answer := b.post("/sign-in", form); answer.status != http.StatusSeeOther {
				t.Fatalf("with the number: %d %s", answer.status, answer.body)
			}
			list := b.get("/object-storage/keys").doc(t)
			if !strings.Contains(list.Text("main"), want) || !strings.Contains(list.Text("header.bar"), contract) {
				t.Errorf("does not show %q of %s: %s", want, contract, list.Text("body"))
			}
			if n := list.Count("[data-key]"); n != 1 {
				t.Errorf("%d keys, want the one of this contract", n)
			}
		})
	}
}

// The number goes to the APIs that want it: to the Cloud and Auth APIs with
// each request, and to the Management API never.
func TestContractIsNamedToTheAPIs(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	var mu sync.Mutex // tokens are deleted in the background
	named, unnamed := map[string]bool{}, map[string]bool{}
	c.answered(func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.Header.Get("X-Contract-Number") == "32045117" {
			named[r.Method+" "+r.URL.Path] = true
		} else {
			unnamed[r.Method+" "+r.URL.Path] = true
		}
	})
	b := c.browser()
	b.post("/sign-in", url.Values{"email": {"multi@keydeck.example"}, "password": {"sandbox"}, "contract": {"32045117"}})
	b.post("/sign-out", nil)
	c.settleTokens()
	mu.Lock()
	defer mu.Unlock()
	if len(named) != 3 || len(unnamed) > 0 {
		t.Errorf("making a token, reading the user and deleting the token: named to %v, not to %v", named, unnamed)
	}
}

func TestWrongContract(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	token := c.token("multi@keydeck.example", time.Hour)
	for name, tt := range map[string]struct {
		form  url.Values
		field string
		says  string
	}{
		"of somebody else": {
			url.Values{"email": {"member@keydeck.example"}, "password": {"sandbox"}, "contract": {"32045117"}},
			"#contract-error", "does not belong to the contract",
		},
		"that there is not": {
			url.Values{"email": {"multi@keydeck.example"}, "password": {"sandbox"}, "contract": {"99999999999999999999"}},
			"#contract-error", "does not belong to the contract",
		},
		"other than the token's": {
			url.Values{"token": {token}, "contract": {"32045117"}}, "#contract-error", "for another contract",
		},
		"in words, with a token": {url.Values{"token": {token}, "contract": {"mine"}}, "#contract-error", "digits only"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := c.browser().post("/sign-in", tt.form)
			if text := answer.doc(t).Text(tt.field); answer.status != http.StatusUnprocessableEntity || !strings.Contains(text, tt.says) {
				t.Errorf("got %d, and beside the field %q", answer.status, text)
			}
			if strings.Contains(answer.body, token) {
				t.Error("the token came back")
			}
		})
	}
}
