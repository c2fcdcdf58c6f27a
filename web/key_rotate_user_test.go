package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

// TestRotateUserKey: another person's key is rotated to the end, by the steps of one's
// own; the list leads back to it on the way.
func TestRotateUserKey(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	tab, old := c.keysOf(twofa), c.keyOf(twofa)
	assistant := tab + "/" + old + "/rotate"
	begin := b.get(assistant).doc(t)
	htmltest.Sound(t, begin)
	if said := begin.Text("main"); !strings.Contains(said, "of the user’s five places") || strings.Contains(said, "your") {
		t.Errorf("it begins with %s", said)
	}
	made := b.submit(begin, "Generate successor")
	successor := strings.TrimPrefix(made.header.Get("Location"), tab+"/")
	if pair := b.get(made.header.Get("Location")).doc(t); pair.Value("#key") != successor || !pair.Has("a[href='"+assistant+"']") {
		t.Fatalf("%d: the new pair is %s", made.status, pair.Text("main"))
	}
	c.settle()
	if list := b.get(tab).doc(t); !list.Has(".message a[href='" + assistant + "']") {
		t.Errorf("the list does not lead back to it: %s", list.Text("main"))
	}
	page := b.get(assistant).doc(t)
	htmltest.Sound(t, page)
	if said := page.Text("main"); !strings.Contains(said, "the tools of ") || page.Has("a[href*='/delete']") || page.Has("form[action$='/deactivate']") || !page.Has("a[href$='"+successor+"/handover']") {
		t.Errorf("it says %s", said)
	}
	if got := b.post(assistant, url.Values{"step": {"use"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("without the box it is %d", got.status)
	}
	b.post(assistant, url.Values{"in_use": {"yes"}})
	for _, act := range []string{"deactivate", "delete"} {
		step := url.Values{"rotation": {old}, "confirm": {"yes"}}
		if got := b.post(tab+"/"+old+"/"+act, step).header.Get("Location"); got != assistant {
			t.Errorf("%s leads to %q", act, got)
		}
		c.settle()
	}
	if page := b.get(assistant).doc(t); page.Count(".steps [data-done]") != 4 || !strings.Contains(page.Text("main"), "Finish") {
		t.Errorf("at the end it says %s", page.Text("main"))
	}
	b.post(assistant, url.Values{"end": {"yes"}})
	if said := b.get(tab).doc(t).Text("#notice"); !strings.Contains(said, "is finished") {
		t.Errorf("at the end the list says %q", said)
	}
}

// TestRotateUserKeyWithoutRoom: with five keys there is no successor, and nothing is
// asked of an API that changes something.
func TestRotateUserKeyWithoutRoom(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	address := c.keysOf(full) + "/" + fullsKey + "/rotate"
	page := b.get(address).doc(t)
	if !page.Has("button[disabled]") || !strings.Contains(page.Text("main"), "All five keys are in use") {
		t.Errorf("it says %s", page.Text("main"))
	}
	c.asked()
	if answer := b.post(address, url.Values{"request_id": {""}}); answer.status != http.StatusUnprocessableEntity || len(changes(c.asked())) > 0 {
		t.Errorf("got %d", answer.status)
	}
}

// TestRotateUserKeyApart: a rotation of another's keys is not one of one's own.
func TestRotateUserKeyApart(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	address := c.keysOf(twofa) + "/" + c.keyOf(twofa) + "/rotate"
	b.submit(b.get(address).doc(t), "Generate successor")
	c.settle()
	if b.get(keysPage).doc(t).Has(".message:contains('A rotation is under way')") {
		t.Error("it is shown among one's own keys")
	}
}
