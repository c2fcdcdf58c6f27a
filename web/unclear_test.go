package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/htmltest"
)

// late does at the API what the console has given up waiting for.
func (c *console) late(email, method, path, body string) {
	c.t.Helper()
	r := httptest.NewRequest(method, "http://apis.test"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+c.token(email, time.Hour))
	r.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	c.sandbox.ServeHTTP(recorder, r)
	if recorder.Code >= http.StatusBadRequest {
		c.t.Fatalf("%s %s: %d %s", method, path, recorder.Code, recorder.Body)
	}
	c.asked()
}

// check sends the form of a page that says what is not known.
func (b *browser) check(page answer) answer {
	b.console.t.Helper()
	doc := page.doc(b.console.t)
	form := url.Values{}
	for _, name := range []string{"request_id", "description", "check"} {
		form.Set(name, doc.Attr("form input[name="+name+"]", "value"))
	}
	return b.post(doc.Attr("main form", "action"), form)
}

// unclear generates a key that nobody knows the end of.
func (b *browser) unclear(description string) answer {
	t := b.console.t
	t.Helper()
	id := b.requestID()
	b.console.fault(`{"method":"POST","path":"/accesskeys","delay":"1m"}`)
	page := b.post(keysPage, url.Values{"request_id": {id}, "description": {description}})
	if page.status != http.StatusBadGateway || !strings.Contains(page.doc(t).Text("h1"), "not known whether the key was generated") {
		t.Fatalf("got %d: %s", page.status, page.doc(t).Text("main"))
	}
	if page.doc(t).Attr("input[name=request_id]", "value") != id {
		t.Fatal("it asks about another form")
	}
	htmltest.Sound(t, page.doc(t))
	if n := made(b.console.asked()); n != 1 {
		t.Fatalf("%d calls to make a key", n)
	}
	return page
}

func TestCheckWhetherAKeyWasMade(t *testing.T) {
	t.Parallel()
	t.Run("it was, late", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := newConsole(t)
			b := c.signIn("member@keydeck.example")
			page := b.unclear("late")
			if still := b.check(page); still.status != http.StatusBadGateway {
				t.Errorf("checked too early: %d", still.status)
			}
			c.late("member@keydeck.example", http.MethodPost, "/accesskeys", `{"properties":{"description":"another"}}`)
			c.late("member@keydeck.example", http.MethodPost, "/accesskeys", `{"properties":{"description":"late"}}`)
			found := b.check(page)
			if found.status != http.StatusSeeOther {
				t.Fatalf("checked: %d %s", found.status, found.doc(t).Text("main"))
			}
			c.asked()
			key := b.get(found.header.Get("Location")).doc(t)
			if text := key.Text("main"); len(key.Text("#secret")) != 40 || !strings.Contains(text, "late") || !strings.Contains(text, "save the pair now") {
				t.Errorf("the page says %s", text)
			}
			if again := b.check(page); again.header.Get("Location") != found.header.Get("Location") || made(c.asked()) != 0 {
				t.Errorf("checked again: %d", again.status)
			}
		})
	})
	t.Run("it was not", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := newConsole(t)
			b := c.signIn("member@keydeck.example")
			page := b.unclear("never")
			c.clock.Advance(time.Minute)
			for range 2 {
				told := b.check(page)
				form := told.doc(t)
				if told.status < http.StatusBadRequest || !strings.Contains(form.Text("main"), "No key was generated") || form.Value("#description") != "never" {
					t.Errorf("checked: %d %s", told.status, form.Text("main"))
				}
			}
			if n := made(c.asked()); n != 0 {
				t.Errorf("checking asked for %d keys", n)
			}
		})
	})
	t.Run("the form is sent again instead", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := newConsole(t)
			b := c.signIn("member@keydeck.example")
			id := b.unclear("again").doc(t).Attr("input[name=request_id]", "value")
			again := b.post(keysPage, url.Values{"request_id": {id}, "description": {"again"}})
			if again.status != http.StatusBadGateway || made(c.asked()) != 0 {
				t.Errorf("got %d", again.status)
			}
		})
	})
}

// TestWhatAnotherSessionHasMade is not what came of this form, however alike.
func TestWhatAnotherSessionHasMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("member@keydeck.example")
		page := b.unclear("")
		other := c.signIn("member@keydeck.example").generate("")
		c.asked()
		if told := b.check(page); told.status != http.StatusBadGateway {
			t.Errorf("checked: %d to %q", told.status, told.header.Get("Location"))
		}
		c.late("member@keydeck.example", http.MethodPost, "/accesskeys", `{"properties":{"description":""}}`)
		for range 2 {
			told := b.check(page)
			if location := told.header.Get("Location"); told.status != http.StatusSeeOther || location == other {
				t.Errorf("checked when it was there: %d to %q", told.status, location)
			}
		}
	})
}

// TestCreationInProgress: while the outcome of a creation is not known, the next
// one in the session is answered with it, and makes nothing; one for another owner
// is not affected.
func TestCreationInProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("admin@keydeck.example")
		b.generate("first")
		open := b.requestID()
		c.asked()
		page := b.unclear("lost")
		id := page.doc(t).Attr("input[name=request_id]", "value")
		second := b.post(keysPage, url.Values{"request_id": {open}, "description": {"second"}})
		for name, answer := range map[string]answer{"sent": second, "opened": b.get(keysPage + "/new")} {
			doc := answer.doc(t)
			if answer.status != http.StatusConflict || !strings.Contains(doc.Text("h1"), "check it first") || doc.Attr("input[name=request_id]", "value") != id {
				t.Errorf("%s: got %d: %s", name, answer.status, doc.Text("main"))
			}
			htmltest.Sound(t, doc)
		}
		if n := made(c.asked()); n != 0 {
			t.Errorf("%d calls to make a key", n)
		}
		managed := "/users/" + c.userID("member@keydeck.example") + "/object-storage-keys"
		form := url.Values{"request_id": {b.get(managed+"/new").doc(t).Attr("input[name=request_id]", "value")}}
		if answer := b.post(managed, form); answer.status != http.StatusSeeOther {
			t.Errorf("for another owner: %d", answer.status)
		}
		c.clock.Advance(time.Minute)
		if told := b.check(second); !strings.Contains(told.doc(t).Text("main"), "No key was generated") {
			t.Errorf("checked: %d %s", told.status, told.doc(t).Text("main"))
		}
		b.generate("second")
	})
}

// TestWhatAnotherFormMadeLongAgo: nor is a key that was there before many that
// have come and gone since.
func TestWhatAnotherFormMadeLongAgo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("member@keydeck.example")
		page := b.unclear("")
		other := c.signIn("member@keydeck.example")
		other.generate("")
		for range 80 {
			gone := other.generate("")
			c.settle()
			c.control(http.MethodDelete, "keys/"+strings.TrimPrefix(gone, keysPage+"/"), "")
		}
		c.clock.Advance(time.Minute)
		if told := b.check(page); told.status == http.StatusSeeOther || !strings.Contains(told.doc(t).Text("main"), "No key was generated") {
			t.Errorf("checked: %d to %q", told.status, told.header.Get("Location"))
		}
	})
}

// TestTwoFormsAndTheirKeys: of two that nobody knows the end of, each gets a key
// of its own, and none if there is one for the other alone.
func TestTwoFormsAndTheirKeys(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]int{"one key": 1, "two keys": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.signIn("member@keydeck.example")
				sessions := []*browser{b, c.signIn("member@keydeck.example")}
				forms := []answer{sessions[0].unclear(""), sessions[1].unclear("")}
				for range late {
					c.late("member@keydeck.example", http.MethodPost, "/accesskeys", `{"properties":{"description":""}}`)
				}
				c.clock.Advance(2 * time.Minute)
				told := make([]answer, len(forms))
				var both sync.WaitGroup
				for i := range forms {
					both.Go(func() { told[i] = sessions[i].clone().check(forms[i]) })
				}
				both.Wait()
				for i := range forms { // what was in doubt while the other was at it is not any more
					if told[i].status != http.StatusSeeOther {
						told[i] = sessions[i].check(forms[i])
					}
				}
				keys := map[string]bool{}
				for _, answer := range told {
					if answer.status == http.StatusSeeOther {
						keys[answer.header.Get("Location")] = true
					} else if !strings.Contains(answer.doc(t).Text("main"), "No key was generated") {
						t.Errorf("told %d: %s", answer.status, answer.doc(t).Text("main"))
					}
				}
				if len(keys) != late {
					t.Errorf("%d keys were handed out: %v", len(keys), keys)
				}
			})
		})
	}
}

func TestCheckingNeedsItsForm(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	if answer := b.post(keysPage, url.Values{"request_id": {"made up"}, "check": {"yes"}}); answer.status != http.StatusBadGateway {
		t.Errorf("a made up id: %d", answer.status)
	}
	never := b.post(keysPage, url.Values{"request_id": {b.requestID()}, "check": {"yes"}})
	if never.status != http.StatusUnprocessableEntity || !strings.Contains(never.doc(t).Text("main"), "Nothing was changed") {
		t.Errorf("a form that was never sent: %d %s", never.status, never.doc(t).Text("main"))
	}
	if n := made(c.asked()); n != 0 {
		t.Errorf("%d calls to make a key", n)
	}
}

func TestCheckWhetherASecretWasRenewed(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]bool{"it was, late": true, "it was not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.signIn("member@keydeck.example")
				address := b.generate("renewed")
				c.settle()
				before := b.get(address).doc(t).Text("#secret")
				id := b.get(address+"/renew").doc(t).Attr("input[name=request_id]", "value")
				c.fault(`{"method":"PUT","path":"/accesskeys","delay":"1m"}`)
				page := b.post(address+"/renew", url.Values{"request_id": {id}})
				if page.status != http.StatusBadGateway || !strings.Contains(page.doc(t).Text("h1"), "not known whether the secret was renewed") {
					t.Fatalf("got %d: %s", page.status, page.doc(t).Text("main"))
				}
				if late {
					c.late("member@keydeck.example", http.MethodPut, "/accesskeys/"+c.resourceID(address)+"/renew", "")
				} else {
					c.clock.Advance(time.Minute)
				}
				c.asked()
				told := b.check(page)
				switch after := b.get(address).doc(t).Text("#secret"); {
				case late && (told.status != http.StatusSeeOther || after == before):
					t.Errorf("renewed: %d", told.status)
				case !late && (told.status < http.StatusBadRequest || after != before || !strings.Contains(told.doc(t).Text("main"), "The secret was not renewed")):
					t.Errorf("not renewed: %d %s", told.status, told.doc(t).Text("main"))
				}
				if asked := changes(c.asked()); len(asked) > 0 {
					t.Errorf("asked %v", asked)
				}
			})
		})
	}
}

// TestCheckOnAKeyThatIsGone: with either secret, there is nothing to tell.
func TestCheckOnAKeyThatIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("member@keydeck.example")
		address := b.generate("renewed")
		c.settle()
		id := b.get(address+"/renew").doc(t).Attr("input[name=request_id]", "value")
		c.fault(`{"method":"PUT","path":"/accesskeys","delay":"1m"}`)
		page := b.post(address+"/renew", url.Values{"request_id": {id}})
		c.control(http.MethodDelete, "keys/"+address[strings.LastIndex(address, "/")+1:], "")
		if told := b.check(page); told.status != http.StatusNotFound {
			t.Errorf("checked: %d %s", told.status, told.doc(t).Text("main"))
		}
	})
}

// resourceID is what the Management API calls the key of an address.
func (c *console) resourceID(address string) string {
	c.t.Helper()
	key := address[strings.LastIndex(address, "/")+1:]
	answer := string(c.control(http.MethodPost, "keys/"+key, "{}"))
	_, rest, _ := strings.Cut(answer, `"id":"`)
	id, _, found := strings.Cut(rest, `"`)
	if !found {
		c.t.Fatalf("no id in %s", answer)
	}
	return id
}

// TestUnclearChangesLeadToTheList, which tells.
func TestUnclearChangesLeadToTheList(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change
		method, path, title string
	}{
		"deactivate": {deactivate, "PUT", "/cloudapi/v6/um/users", "being deactivated"},
		"activate":   {activate, "PUT", "/cloudapi/v6/um/users", "being activated"},
		"describe":   {describe, "PUT", "/accesskeys", "description was changed"},
		"delete":     {remove, "DELETE", "/accesskeys", "being deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.as(tt.account)
				send := tt.prepare(b)
				c.fault(`{"method":"` + tt.method + `","path":"` + tt.path + `","delay":"1m"}`)
				answer := send(htmx)
				page := answer.doc(t)
				if answer.status != http.StatusBadGateway || !strings.Contains(page.Text("dialog"), "not known whether the") || !strings.Contains(page.Text("dialog"), tt.title) {
					t.Errorf("got %d: %s", answer.status, answer.body)
				}
				if !page.Has("dialog a[href='" + keysPage + "']") {
					t.Error("no way to the list")
				}
				if n := countChanges(c.asked()); n != 1 {
					t.Errorf("%d calls that change something", n)
				}
			})
		})
	}
}
