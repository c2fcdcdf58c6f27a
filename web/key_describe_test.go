package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keys"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 255)
	for name, tt := range map[string]struct {
		typed, kept string // kept is what the list says afterwards
		says        string // what is said of one that is refused
	}{
		"another":            {"  NAS & <b>backup</b> ", "NAS & <b>backup</b>", ""},
		"none":               {"", "No description", ""},
		"as long as can be":  {long, long, ""},
		"a formula":          {"=1+1", "=1+1", ""},
		"too long":           {long + "x", "", "more than 255"},
		"control characters": {"a\x07b", "", "control characters"},
		"two lines":          {"a\nb", "", "one line"},
		"turned":             {"a\u202eb", "", "control characters"},
		"unreadable":         {"a\xffb", "", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(full)
			key := b.key("CI artifacts")
			answer := b.post(keysPage+"/"+key+"/description", url.Values{"description": {tt.typed}})
			asked := changes(c.asked())
			if tt.says != "" {
				page := answer.doc(t)
				if answer.status != http.StatusUnprocessableEntity || len(asked) > 0 || !strings.Contains(page.Text("#description-error"), tt.says) {
					t.Errorf("got %d, asked %v: %s", answer.status, asked, page.Text("main"))
				}
				if name == "too long" && page.Attr("#description", "value") != tt.typed {
					t.Error("what was typed is gone")
				}
				return
			}
			if answer.status != http.StatusSeeOther || len(asked) != 1 || !strings.Contains(b.row(key), tt.kept) {
				t.Errorf("got %d, asked %v: %s", answer.status, asked, b.row(key))
			}
		})
	}
}

func TestDescribeAsItIs(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	answer := b.post(keysPage+"/"+b.key("CI artifacts")+"/description", url.Values{"description": {" CI artifacts"}})
	if asked := changes(c.asked()); answer.status != http.StatusSeeOther || len(asked) > 0 {
		t.Errorf("got %d and asked %v", answer.status, asked)
	}
}

// TestDescribeANewKey: the pair that is kept of it says so, too.
func TestDescribeANewKey(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("before")
	secret := b.get(address).doc(t).Text("#secret")
	c.settle()
	b.post(address+"/description", url.Values{"description": {"after"}})
	page := b.get(address).doc(t)
	if text := page.Text("main"); !strings.Contains(text, "after") || strings.Contains(text, "before") || page.Text("#secret") != secret {
		t.Errorf("the page says %s", text)
	}
}

// TestListedButNotFound: the answer to a change of a key that the API does not find does
// not say that the key is gone while the list has it.
func TestListedButNotFound(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	key := b.key("CI artifacts")
	for method, address := range map[string]string{http.MethodPut: "/deactivate", http.MethodDelete: "/delete"} {
		c.fault(`{"method":"` + method + `","path":"/","status":404,"times":1}`)
		form := url.Values{"confirm": {key[len(key)-4:]}}
		answer := b.post(keysPage+"/"+key+address, form)
		text := answer.doc(t).Text("body")
		if answer.status != http.StatusConflict || !strings.Contains(text, "The list of keys has it") || strings.Contains(text, "no such key") {
			t.Errorf("%s: %d %s", address, answer.status, text)
		}
		if !strings.Contains(b.get(keysPage).body, key) {
			t.Errorf("%s: the list does not have the key", address)
		}
	}
}

// TestDescribeThenDelete: a key is not deleted while a change of its description is on
// its way, which would create another key if it came later.
func TestDescribeThenDelete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn(full)
		key := b.key("CI artifacts")
		c.fault(`{"method":"PUT","path":"/accesskeys/","delay":"55s","times":1}`)
		b.post(keysPage+"/"+key+"/description", url.Values{"description": {"late"}})
		answer := b.post(keysPage+"/"+key+"/delete", url.Values{"confirm": {keys.LastCharacters(key)}})
		if answer.status != http.StatusConflict || !strings.Contains(answer.doc(t).Text("main"), "description of the key is still being changed") {
			t.Errorf("at once: %d, %s", answer.status, answer.doc(t).Text("main"))
		}
		<-time.After(time.Minute)
		if answer := b.post(keysPage+"/"+key+"/delete", url.Values{"confirm": {keys.LastCharacters(key)}}); answer.status != http.StatusSeeOther {
			t.Errorf("a minute later: %d, %s", answer.status, answer.doc(t).Text("main"))
		}
	})
}
