package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/htmltest"
)

// TestItIsSaved: the pair is forgotten when its owner says so. Copy key goes on
// to show it, from the API.
func TestItIsSaved(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	address := b.generate("kept")
	c.settle()
	page := b.get(address).doc(t)
	if page.Attr("form[action='"+address+"/saved']", "method") != "post" {
		t.Fatalf("the page says %s", page.Text("main"))
	}
	answer := b.post(address+"/saved", url.Values{})
	if answer.status != http.StatusSeeOther || answer.header.Get("Location") != keysPage {
		t.Fatalf("got %d to %q", answer.status, answer.header.Get("Location"))
	}
	if list := b.get(keysPage).doc(t); !strings.Contains(list.Text("#notice"), "is saved") {
		t.Errorf("the list says %s", list.Text("#notice"))
	}
	c.asked()
	page = b.get(address).doc(t)
	if len(c.asked()) == 0 || strings.Contains(page.Text("main"), "save the pair now") || page.Has("form[action='"+address+"/saved']") {
		t.Errorf("it is still kept: %s", page.Text("main"))
	}
	if again := b.post(address+"/saved", url.Values{}); again.status != http.StatusSeeOther {
		t.Errorf("said again: %d", again.status)
	}
	if wrong := b.post(keysPage+"/not%20a%20key/saved", url.Values{}); wrong.status != http.StatusNotFound {
		t.Errorf("no key: %d", wrong.status)
	}
	c.store.Fail(errors.New("disk full"))
	if answer := b.post(address+"/saved", url.Values{}); answer.status != http.StatusServiceUnavailable {
		t.Errorf("a store in trouble: %d", answer.status)
	}
}

// TestASavedSuccessorGoesOnWithItsRotation, and somebody else's pair to their
// keys.
func TestASavedSuccessorGoesOnWithItsRotation(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.as(twofa)
	old := b.key("Photo archive")
	address := rotate.send(b).header.Get("Location")
	page := b.get(address).doc(t)
	form := url.Values{"rotation": {page.Attr("form[action='"+address+"/saved'] input[name=rotation]", "value")}}
	if answer := b.post(address+"/saved", form); answer.header.Get("Location") != keysPage+"/"+old+"/rotate" {
		t.Errorf("it leads to %q", answer.header.Get("Location"))
	}
}

// TestNothingIsKeptAfterSigningOut of a pair or of how it was made.
func TestNothingIsKeptAfterSigningOut(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	b.generate("kept")
	if len(c.sessionKeys()) < 3 { // session, list of sessions, pair
		t.Fatalf("the store has %v", c.sessionKeys())
	}
	if answer := b.post("/sign-out", nil); answer.status != http.StatusSeeOther {
		t.Fatalf("signing out: %d", answer.status)
	}
	if left := c.sessionKeys(); len(left) > 0 {
		t.Errorf("the store has %v", left)
	}
}

// TestASecretThatWasLost: the key was made, the answer lost, and the API does
// not give the secret. The page says so, and what can be done; when the API is
// back it shows the pair.
func TestASecretThatWasLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("member@keydeck.example")
		id := b.requestID()
		c.fault(`{"method":"POST","path":"/accesskeys","drop":"after"}`)
		c.fault(`{"method":"GET","path":"/cloudapi/v6/um/users","status":503,"times":100}`)
		made := b.post(keysPage, url.Values{"request_id": {id}, "description": {"lost"}})
		address := made.header.Get("Location")
		if made.status != http.StatusSeeOther {
			t.Fatalf("got %d: %s", made.status, made.doc(t).Text("main"))
		}
		answer := b.get(address)
		page := answer.doc(t)
		if answer.status != http.StatusOK || !strings.Contains(page.Text("main"), "secret was lost on the way") || page.Has("#secret") {
			t.Errorf("got %d: %s", answer.status, page.Text("main"))
		}
		for _, link := range []string{"", "/renew", "/delete"} {
			if !page.Has("main a[href='" + address + link + "']") {
				t.Errorf("it does not lead to %s", link)
			}
		}
		if strings.Contains(page.Text("main"), "save the pair now") || page.Has("a[download]") {
			t.Errorf("it offers to save what is not there: %s", page.Text("main"))
		}
		htmltest.Sound(t, page)
		if file := b.get(address + "/key-pair.csv"); file.status != http.StatusBadGateway {
			t.Errorf("the download: %d", file.status)
		}
		c.control(http.MethodDelete, "faults", "")
		if page = b.get(address).doc(t); len(page.Text("#secret")) != 40 {
			t.Errorf("when the API is back: %s", page.Text("main"))
		}
	})
}

// TestAPairIsDroppedBeforeItIsWrong: while the API is renewing the secret or
// deleting the key, and for whoever is cut off there, the kept pair is not
// shown any more.
func TestAPairIsDroppedBeforeItIsWrong(t *testing.T) {
	t.Parallel()
	for name, action := range map[string]string{"renewed": "/renew", "deleted": "/delete"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.signIn("member@keydeck.example")
				address := b.generate("kept")
				c.settle()
				before := b.get(address).doc(t).Text("#secret")
				form := url.Values{"confirm": {address[len(address)-4:]}}
				if action == "/renew" {
					form.Set("request_id", b.get(address+action).doc(t).Attr("input[name=request_id]", "value"))
				}
				c.answered(func(r *http.Request) {
					if r.Method == http.MethodGet {
						return
					}
					<-time.After(5 * time.Second) // the answer is on its way
				})
				go b.clone().post(address+action, form)
				synctest.Wait()
				c.clock.Advance(5 * time.Second)
				if page := b.get(address); strings.Contains(page.body, before) || strings.Contains(page.body, "save the pair now") {
					t.Errorf("the page shows the pair of before: %d", page.status)
				}
				<-time.After(time.Minute)
			})
		})
	}
}
