package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

func TestRenew(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	address := keysPage + "/" + key
	before := b.get(address).doc(t).Text("#secret")
	answer := renew.send(b)
	if asked := changes(c.asked()); answer.status != http.StatusSeeOther || answer.header.Get("Location") != address || len(asked) != 1 {
		t.Fatalf("got %d to %q, asked %v", answer.status, answer.header.Get("Location"), asked)
	}
	page := b.get(address).doc(t)
	after := page.Text("#secret")
	if page.Value("#key") != key || after == before || len(after) != 40 {
		t.Errorf("the page shows %s", page.Text("main"))
	}
	for _, words := range []string{"The secret of this key is new", "The secret before no longer works", "save the pair now"} {
		if !strings.Contains(page.Text("main"), words) {
			t.Errorf("the page does not say %q: %s", words, page.Text("main"))
		}
	}
	if !strings.Contains(b.get(address+"/key-pair.csv").body, after) {
		t.Error("the download has another secret")
	}
	if strings.Contains(c.log.String(), after) {
		t.Error("the secret is in the log")
	}
	if !strings.Contains(b.row(key), "CI artifacts") {
		t.Error("the description is gone")
	}
}

func TestOneFormRenewsOnce(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	address := keysPage + "/" + key + "/renew"
	form := url.Values{"request_id": {b.get(address).doc(t).Attr("input[name=request_id]", "value")}}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if answer := b.clone().post(address, form); answer.status != http.StatusSeeOther {
				t.Errorf("got %d", answer.status)
			}
		})
	}
	all.Wait()
	if asked := changes(c.asked()); len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
}

func TestRenewWithoutAFormOfItsOwn(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key, other := b.key("CI artifacts"), b.key("Veeam repository")
	foreign := b.get(keysPage+"/"+other+"/renew").doc(t).Attr("input[name=request_id]", "value")
	for name, id := range map[string]string{"missing": "", "made up": "abc", "of generating": b.requestID(), "of another key": foreign} {
		answer := b.post(keysPage+"/"+key+"/renew", url.Values{"request_id": {id}, "confirm": {"yes"}})
		if fresh := answer.doc(t).Attr("input[name=request_id]", "value"); answer.status != http.StatusUnprocessableEntity || fresh == id {
			t.Errorf("%s: got %d", name, answer.status)
		}
	}
	if asked := changes(c.asked()); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

// TestARenewedPairIsNotTheKeptOne: a pair that was kept before must not come
// back, whatever becomes of the new one.
func TestARenewedPairIsNotTheKeptOne(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("new")
	first := b.get(address).doc(t).Text("#secret")
	c.settle()
	form := url.Values{"request_id": {b.get(address+"/renew").doc(t).Attr("input[name=request_id]", "value")}}
	if answer := b.post(address+"/renew", form); answer.status != http.StatusSeeOther {
		t.Fatalf("got %d", answer.status)
	}
	if second := b.get(address).doc(t).Text("#secret"); second == first || second == "" {
		t.Error("the page shows the old secret")
	}
}
