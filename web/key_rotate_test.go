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

	if steps.Has("a[href*='/delete']") || steps.Has("form[action$='/deactivate']") {
		t.Error("acts on the old key are offered before the new one is in use")
	}
}

// TestRotateToTheEnd: each step as its evidence comes.
func TestRotateToTheEnd(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.as(twofa)
	old := b.key("Photo archive")
	assistant := keysPage + "/" + old + "/rotate"
	rotate.send(b)
	c.settle()
	if got := b.post(assistant, url.Values{"in_use": {"yes"}}).header.Get("Location"); got != assistant {
		t.Errorf("the box leads to %q", got)
	}
	step := url.Values{"rotation": {old}, "confirm": {"yes"}}
	if got := b.post(keysPage+"/"+old+"/deactivate", step).header.Get("Location"); got != assistant {
		t.Errorf("deactivating leads to %q", got)
	}
	if page := b.get(assistant).doc(t); !strings.Contains(page.Text("main"), "Being deactivated") || page.Has("a[href*='/delete']") {
		t.Errorf("while the old key is being deactivated it says %s", page.Text("main"))
	}
	c.settle()
	if page := b.get(assistant).doc(t); page.Count(".steps [data-done]") != 3 || !page.Has("a.button-danger[href*='/delete']") {
		t.Errorf("deactivated, it says %s", page.Text("main"))
	}
	if got := b.post(keysPage+"/"+old+"/delete", step).header.Get("Location"); got != assistant {
		t.Errorf("deleting leads to %q", got)
	}
	if page := b.get(assistant).doc(t); page.Count(".steps [data-done]") != 3 || !strings.Contains(page.Text("main"), "The old key is being deleted") {
		t.Errorf("while the old key is being deleted it says %s", page.Text("main"))
	}
	c.settle()
	if page := b.get(assistant).doc(t); page.Count(".steps [data-done]") != 4 || !strings.Contains(page.Text("main"), "Finish") {
		t.Errorf("at the end it says %s", page.Text("main"))
	}
	if got := b.post(assistant, url.Values{"end": {"yes"}}).header.Get("Location"); got != keysPage {
		t.Errorf("the end leads to %q", got)
	}
	if said := b.get(keysPage).doc(t).Text("#notice"); !strings.Contains(said, "is finished") {
		t.Errorf("at the end the list says %q", said)
	}
	if got := b.get(assistant).status; got != http.StatusNotFound {
		t.Errorf("after that it is %d", got)
	}
}

// deactivate has a key be not active.
func (b *browser) deactivate(key string) int {
	status := b.post(keysPage+"/"+key+"/deactivate", url.Values{"confirm": {"yes"}}).status
	b.console.settle()
	return status
}

// TestRotateEvidence: a passed test of the new key or the person's word ticks the
// step of use; time, the state of the old key and other tests do not.
func TestRotateEvidence(t *testing.T) {
	t.Parallel()
	type rotating struct {
		*browser
		old, successor, assistant string
	}
	test := func(key string) func(rotating) int {
		return func(r rotating) int {
			if key == "" {
				key = r.successor
			}
			return r.post(keysPage+"/"+key+"/test", url.Values{"region": {"eu-central-3"}}).status
		}
	}
	post := func(values url.Values) func(rotating) int {
		return func(r rotating) int { return r.post(r.assistant, values).status }
	}
	tests := map[string]struct {
		does   func(rotating) int
		status int
		ticked bool
	}{
		"nothing":               {func(rotating) int { return http.StatusOK }, http.StatusOK, false},
		"a test of the new key": {test(""), http.StatusOK, true},
		"a test of the old key": {func(r rotating) int { return test(r.old)(r) }, http.StatusOK, false},
		"a test that fails": {func(r rotating) int {
			r.deactivate(r.successor)
			return test("")(r)
		}, http.StatusOK, false},
		"the box":            {post(url.Values{"step": {"use"}, "in_use": {"yes"}}), http.StatusSeeOther, true},
		"the box left empty": {post(url.Values{"step": {"use"}}), http.StatusUnprocessableEntity, false},
		"another value":      {post(url.Values{"in_use": {"no"}}), http.StatusUnprocessableEntity, false},
		"the old key not active": {func(r rotating) int {
			return r.deactivate(r.old)
		}, http.StatusSeeOther, false},
		"the box, then a new secret": {func(r rotating) int {
			post(url.Values{"in_use": {"yes"}})(r)
			form := r.get(keysPage + "/" + r.successor + "/renew").doc(r.console.t)
			id := form.Attr("input[name=request_id]", "value")
			return r.post(keysPage+"/"+r.successor+"/renew", url.Values{"request_id": {id}, "confirm": {"yes"}}).status
		}, http.StatusSeeOther, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.as(twofa)
			old := b.key("Photo archive")
			successor := strings.TrimPrefix(rotate.send(b).header.Get("Location"), keysPage+"/")
			c.settle()
			r := rotating{b, old, successor, keysPage + "/" + old + "/rotate"}
			if got := test.does(r); got != test.status {
				t.Errorf("it was answered with %d", got)
			}
			page := b.get(r.assistant).doc(t)
			if got := page.Has(".steps li:nth-child(2)[data-done]"); got != test.ticked {
				t.Errorf("the step of use is ticked: %v; %s", got, page.Text("main"))
			}
		})
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
