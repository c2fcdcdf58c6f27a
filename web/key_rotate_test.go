package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRotate(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.as(twofa)
	old := b.key("Photo archive")
	assistant := keysPage + "/" + old + "/rotate"
	answer := rotate.send(b)
	if asked := changes(c.asked()); answer.status != http.StatusSeeOther || len(asked) != 1 {
		t.Fatalf("got %d, asked %v", answer.status, asked)
	}
	address := answer.header.Get("Location")
	successor := strings.TrimPrefix(address, keysPage+"/")
	pair := b.get(address).doc(t)
	if pair.Value("#key") != successor || len(pair.Text("#secret")) != 40 || !pair.Has("a[href='"+assistant+"']") {
		t.Errorf("the new pair: %s", pair.Text("main"))
	}
	c.settle()
	if !strings.Contains(b.row(successor), "Photo archive") || b.row(old) == "" {
		t.Error("the list does not hold both, with one description")
	}
	if list := b.get(keysPage).doc(t); !list.Has(".message a[href='" + assistant + "']") {
		t.Error("the list does not lead back to it")
	}
	steps := b.get(assistant).doc(t)
	if text := steps.Text("main"); !strings.Contains(text, old) || !strings.Contains(text, successor) || steps.Count(".steps [data-done]") != 1 {
		t.Errorf("the assistant says %s", text)
	}

	step := url.Values{"rotation": {old}, "confirm": {"yes"}}
	if got := b.post(keysPage+"/"+old+"/deactivate", step).header.Get("Location"); got != assistant {
		t.Errorf("deactivating leads to %q", got)
	}
	if !strings.Contains(b.get(assistant).doc(t).Text("main"), "Being deactivated") {
		t.Error("the assistant does not show what is under way")
	}
	c.settle()
	if got := b.get(assistant).doc(t).Count(".steps [data-done]"); got != 3 {
		t.Errorf("deactivated, %d steps are done", got)
	}
	if got := b.post(keysPage+"/"+old+"/delete", step).header.Get("Location"); got != assistant {
		t.Errorf("deleting leads to %q", got)
	}
	for range 2 { // being deleted, and gone
		if page := b.get(assistant).doc(t); page.Count(".steps [data-done]") != 4 || !strings.Contains(page.Text("main"), "Finish") {
			t.Errorf("at the end it says %s", page.Text("main"))
		}
		c.settle()
	}
	if got := b.post(assistant, url.Values{"end": {"yes"}}).header.Get("Location"); got != keysPage {
		t.Errorf("the end leads to %q", got)
	}
	if !strings.Contains(b.get(keysPage).doc(t).Text("#notice"), "has taken over") {
		t.Error("the end is not told")
	}
	if got := b.get(assistant).status; got != http.StatusNotFound {
		t.Errorf("after that it is %d", got)
	}
}

func TestRotateAtFiveKeys(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	address := keysPage + "/" + b.key("CI artifacts") + "/rotate"
	page := b.get(address).doc(t)
	if !strings.Contains(page.Text("main"), "First delete a key") || !page.Has("button[disabled]") {
		t.Errorf("it says %s", page.Text("main"))
	}
	// From a form that was opened when there was room.
	answer := b.post(address, url.Values{"request_id": {""}})
	if answer.status != http.StatusUnprocessableEntity || len(changes(c.asked())) > 0 {
		t.Errorf("got %d", answer.status)
	}
}

func TestLeaveARotation(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.as(twofa)
	old := b.key("Photo archive")
	rotate.send(b)
	c.settle()
	c.asked()
	b.post(keysPage+"/"+old+"/rotate", url.Values{"end": {"yes"}})
	if asked := changes(c.asked()); len(asked) > 0 {
		t.Errorf("leaving asked %v", asked)
	}
	if b.get(keysPage).doc(t).Has(".message") {
		t.Log(b.get(keysPage).doc(t).Text("main"))
	}
	if page := b.get(keysPage).doc(t); strings.Contains(page.Text("main"), "under way") || page.Count("[data-key]") != 2 {
		t.Errorf("the list says %s", page.Text("main"))
	}
	// It can be taken up again, by what the APIs know of the two keys.
	start := b.get(keysPage + "/" + old + "/rotate").doc(t)
	successor := start.Attr("input[name=successor]", "value")
	answer := b.post(keysPage+"/"+old+"/rotate", url.Values{"successor": {successor}})
	if answer.status != http.StatusSeeOther || b.get(keysPage+"/"+old+"/rotate").doc(t).Count(".steps li") != 4 {
		t.Errorf("taken up again: %d", answer.status)
	}
	for name, wrong := range map[string]string{"itself": old, "not there": "0123456789abcdef0123", "markup": "<b>"} {
		if got := b.post(keysPage+"/"+old+"/rotate", url.Values{"successor": {wrong}}).status; got != http.StatusUnprocessableEntity {
			t.Errorf("%s as the successor: %d", name, got)
		}
	}
}

// TestARotationWhoseNewKeyIsGone begins anew.
func TestARotationWhoseNewKeyIsGone(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.as(twofa)
	old := b.key("Photo archive")
	successor := strings.TrimPrefix(rotate.send(b).header.Get("Location"), keysPage+"/")
	c.settle()
	c.control(http.MethodDelete, "keys/"+successor, "")
	if page := b.get(keysPage + "/" + old + "/rotate").doc(t); !page.Has("button:contains('Generate successor')") {
		t.Errorf("it says %s", page.Text("main"))
	}
	if strings.Contains(b.get(keysPage).doc(t).Text("main"), "under way") {
		t.Error("the list still leads to it")
	}
}
