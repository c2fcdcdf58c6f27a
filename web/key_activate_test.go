package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// count tells how often one thing was asked.
func count(asked []string, prefix string) int {
	n := 0
	for _, line := range asked {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}

func TestDeactivateAndActivate(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	address := keysPage + "/" + key
	answer := b.post(address+"/deactivate", nil)
	if asked := c.asked(); answer.status != http.StatusSeeOther || len(changes(asked)) != 1 || len(asked) != 3 {
		t.Fatalf("got %d and asked %v", answer.status, asked)
	}
	page := b.get(answer.header.Get("Location")).doc(t)
	if !strings.Contains(page.Text("#notice"), "is being deactivated") {
		t.Errorf("the notice says %q", page.Text("#notice"))
	}
	row := page.Text(rowOf(key))
	if !strings.Contains(row, "Deactivating…") || !page.Has("#keys[hx-get]") {
		t.Errorf("the row says %s", row)
	}
	if b.get(keysPage).doc(t).Text("#notice") != "" {
		t.Error("the notice is shown twice")
	}
	c.settle()
	c.asked()
	page = b.get(keysPage).doc(t)
	if asked := c.asked(); len(asked) != 3 || page.Has("#keys[hx-get]") {
		t.Errorf("settled, it asks %v, or looks again", asked)
	}
	if !page.One(rowOf(key)).Has("[role=switch][aria-checked=false]") {
		t.Error("the key is not inactive")
	}
	if answer := b.post(address+"/activate", nil); answer.status != http.StatusSeeOther {
		t.Fatalf("activating: %d", answer.status)
	}
	c.settle()
	if !strings.Contains(b.row(key), "Active") {
		t.Errorf("the row says %s", b.row(key))
	}
}

// TestUndo: what was done is taken back from where it is said, before it has
// come true or after.
func TestUndo(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	own, admin := c.signIn(full), c.as(admin)
	key := own.key("CI artifacts")
	for b, list := range map[*browser]string{own: keysPage, admin: "/users/" + c.userID(full) + "/object-storage-keys"} {
		toasted := b.get(b.post(list+"/"+key+"/deactivate", nil).header.Get("Location")).doc(t)
		undo := toasted.One("#notice form[method=post]")
		if undo.Attr("action") != list+"/"+key+"/activate" || undo.One("button").Text() != "Undo" {
			t.Fatalf("it is undone by %s", undo)
		}
		back := b.get(b.post(undo.Attr("action"), nil).header.Get("Location")).doc(t)
		if !strings.Contains(back.Text("#notice"), "is being activated") || back.Attr("#notice form", "action") != list+"/"+key+"/deactivate" {
			t.Errorf("then it says %s", back.Text("#notice"))
		}
		c.settle()
		if row := own.row(key); !strings.Contains(row, "Active") || strings.Contains(row, "Deactivated") {
			t.Errorf("the row says %s", row)
		}
	}
}

// TestPollingAsksForTheChange: while it is under way, the API is asked about it
// once a look, with growing pauses.
func TestPollingAsksForTheChange(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	b.post(keysPage+"/"+b.key("CI artifacts")+"/deactivate", nil)
	c.asked()
	page := b.get(keysPage+"?poll=1", htmx, header{"HX-Target", "keys"})
	if asked := c.asked(); count(asked, "GET /cloudapi/v6/requests/") != 1 || len(asked) != 3 {
		t.Errorf("asked %v", asked)
	}
	if got := page.doc(t).Attr("#keys", "hx-trigger"); got != "load delay:2s" {
		t.Errorf("looks again at %q", got)
	}
	if page.header.Get("HX-Retarget") != "" {
		t.Error("a look at the list takes the place of something else")
	}
}

func TestAToggleThatFailsAtTheAPI(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	c.control(http.MethodPost, "keys/"+key, `{"toggle":"fail","message":"no <b>can</b> do"}`)
	b.post(keysPage+"/"+key+"/deactivate", nil)
	c.settle()
	row := b.row(key)
	if !strings.Contains(row, "could not be deactivated") || !strings.Contains(row, "no <b>can</b> do") {
		t.Errorf("the row says %s", row)
	}
	if b.get(keysPage).doc(t).Has("#keys[hx-get]") {
		t.Error("the list looks again at what has failed")
	}
	// Once more, and it works.
	b.post(keysPage+"/"+key+"/deactivate", nil)
	c.settle()
	if row := b.row(key); !strings.Contains(row, "Deactivated") || strings.Contains(row, "could not") {
		t.Errorf("the row says %s", row)
	}
}

// TestTheOnlyActiveKey is not deactivated unawares, whatever was on the screen.
func TestTheOnlyActiveKey(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.as(twofa)
	key := b.key("Photo archive")
	address := keysPage + "/" + key + "/deactivate"
	if !b.get(keysPage).doc(t).Has("form[action$='/deactivate']:not([method])") {
		t.Error("the switch does not ask first")
	}
	question := b.get(address).doc(t)
	if !strings.Contains(question.Text("main"), "only active key") || question.Value("input[name=confirm]") != "yes" {
		t.Errorf("it asks %s", question.Text("main"))
	}
	for name, form := range map[string]url.Values{
		"missing": nil, "empty": {"confirm": {""}}, "no": {"confirm": {"no"}}, "loud": {"confirm": {"YES"}},
	} {
		answer := b.post(address, form)
		if answer.status != http.StatusUnprocessableEntity || !answer.doc(t).Has("input[name=confirm][value=yes]") {
			t.Errorf("%s: got %d", name, answer.status)
		}
	}
	if answer := b.post(address+"?confirm=yes", nil); answer.status != http.StatusUnprocessableEntity {
		t.Errorf("confirmed in the address: %d", answer.status)
	}
	part := b.post(address, nil, htmx, header{"HX-Target", "dialog"})
	if part.status != http.StatusUnprocessableEntity || !part.doc(t).Has("dialog form") || part.header.Get("HX-Retarget") != "#dialog" {
		t.Errorf("htmx gets %d: %s", part.status, part.body)
	}
	if asked := changes(c.asked()); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
	if answer := b.post(address, url.Values{"confirm": {"yes"}}); answer.status != http.StatusSeeOther {
		t.Errorf("confirmed: %d", answer.status)
	}
	c.settle()
	if !strings.Contains(b.row(key), "Deactivated") {
		t.Errorf("the row says %s", b.row(key))
	}
}

// TestTwoInARow: what is on its way counts, so that two changes cannot do what
// one would have been asked about.
func TestTwoInARow(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]struct {
		action string
		form   url.Values
	}{
		"deactivate": {"deactivate", nil},
		"delete":     {"delete", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn("owner@keydeck.example") // two keys
			one, other := b.key("Root backup"), b.key("Terraform")
			form := first.form
			if first.action == "delete" {
				form = url.Values{"confirm": {one[len(one)-4:]}}
			}
			if answer := b.post(keysPage+"/"+one+"/"+first.action, form); answer.status != http.StatusSeeOther {
				t.Fatalf("the first: %d", answer.status)
			}
			if answer := b.post(keysPage+"/"+other+"/deactivate", nil); answer.status != http.StatusUnprocessableEntity {
				t.Errorf("the second: %d", answer.status)
			}
		})
	}
}

func TestToggledTwice(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	for range 3 {
		if answer := b.post(keysPage+"/"+key+"/deactivate", nil); answer.status != http.StatusSeeOther {
			t.Errorf("got %d", answer.status)
		}
	}
	if asked := changes(c.asked()); len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
	// There and back before the first has come true: the last word counts.
	b.post(keysPage+"/"+key+"/activate", nil)
	if asked := changes(c.asked()); len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
	c.settle()
	if !strings.Contains(b.row(key), "Active") {
		t.Errorf("the row says %s", b.row(key))
	}
	if b.post(keysPage+"/"+key+"/activate", nil); len(changes(c.asked())) != 0 {
		t.Error("an active key was activated")
	}
}

// TestTogglesAtOnce: each of them is followed.
func TestTogglesAtOnce(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	names := []string{b.key("CI artifacts"), b.key("Veeam repository"), b.key("Legacy NAS")}
	var all sync.WaitGroup
	for _, key := range names {
		all.Go(func() { b.clone().post(keysPage+"/"+key+"/deactivate", nil) })
	}
	all.Wait()
	if got := strings.Count(b.get(keysPage).doc(t).Text("#keys"), "Deactivating…"); got != len(names) {
		t.Errorf("%d of %d are followed", got, len(names))
	}
}

func TestAChangeIsNotFollowedForEver(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	c.control(http.MethodPost, "keys/"+key, `{"toggle":"fail","message":"no"}`)
	b.post(keysPage+"/"+key+"/deactivate", nil)
	c.clock.Advance(11 * time.Minute)
	c.asked()
	if row := b.get(keysPage).doc(t).Text(rowOf(key)); strings.Contains(row, "could not") {
		t.Errorf("the row says %s", row)
	}
	if asked := c.asked(); len(asked) != 3 {
		t.Errorf("asked %v", asked)
	}
}

// TestTheStoreFailsAfterAChange: what was asked for is known all the same, so
// that the next change does not count on what the list still shows.
func TestTheStoreFailsAfterAChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("full@keydeck.example")
		key := c.keyOf("full@keydeck.example")
		c.answered(func(r *http.Request) {
			if r.Method == http.MethodPut {
				c.store.Fail(errors.New("gone"))
			}
		})
		b.post(keysPage+"/"+key+"/deactivate", nil)
		c.answered(func(*http.Request) {})
		c.store.Fail(nil)
		c.asked()
		if got := b.post(keysPage+"/"+key+"/activate", nil).status; got != http.StatusSeeOther {
			t.Fatalf("activating: %d", got)
		}
		c.settle()
		var found struct {
			Properties struct{ Active bool }
		}
		c.api("/cloudapi/v6/um/users/"+c.userID("full@keydeck.example")+"/s3keys/"+key, &found)
		if !found.Properties.Active {
			t.Error("it was said to be activated, and is not")
		}

		// Where it cannot be noted beforehand, nothing is asked for.
		c.asked()
		c.answered(func(r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/s3keys") {
				c.store.Fail(errors.New("gone"))
			}
		})
		if got := b.post(keysPage+"/"+key+"/deactivate", nil).status; got != http.StatusServiceUnavailable {
			t.Errorf("without a note: %d", got)
		}
		for _, line := range c.asked() {
			if strings.HasPrefix(line, "PUT") {
				t.Errorf("asked for %s", line)
			}
		}
	})
}

// TestALostAnswerWhileAnotherChangeIsUnderWay: the list shows the key as it was
// before both, so it tells nothing of the one whose answer was lost.
func TestALostAnswerWhileAnotherChangeIsUnderWay(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	address := keysPage + "/" + c.keyOf("full@keydeck.example")
	if got := b.post(address+"/deactivate", nil).status; got != http.StatusSeeOther {
		t.Fatalf("deactivating: %d", got)
	}
	c.fault(`{"method":"PUT","path":"/cloudapi/v6/um/users","times":1,"drop":"before"}`)
	answer := b.post(address+"/activate", nil)
	if answer.status != http.StatusBadGateway || !strings.Contains(answer.doc(t).Text("h1"), "not known whether") {
		t.Errorf("got %d: %s", answer.status, answer.doc(t).Text("main"))
	}
}

// TestAChangeThatWasRefusedIsNotTakenForAsked: the store failed before the note
// of it could be taken back, so the next try asks the API again.
func TestAChangeThatWasRefusedIsNotTakenForAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("full@keydeck.example")
		admin := c.signIn("admin@keydeck.example")
		key := c.keyOf("full@keydeck.example")
		managed := "/users/" + c.userID("full@keydeck.example") + "/object-storage-keys/" + key
		for _, tt := range []struct {
			name    string
			by      *browser
			address string
			method  string
		}{
			{"deactivate", b, keysPage + "/" + key + "/deactivate", "PUT"},
			{"delete", admin, managed + "/delete", "DELETE"}, // of a key that is being deactivated
		} {
			confirm := url.Values{"confirm": {"yes"}}
			c.fault(`{"method":"` + tt.method + `","path":"/cloudapi/v6/um/users","times":1,"status":429,"headers":{"Retry-After":"1"}}`)
			c.answered(func(r *http.Request) {
				if r.Method == tt.method {
					c.store.Fail(errors.New("gone"))
				}
			})
			if got := tt.by.post(tt.address, confirm).status; got < 400 {
				t.Fatalf("%s: a refused change: %d", tt.name, got)
			}
			c.answered(func(*http.Request) {})
			c.store.Fail(nil)
			c.asked()
			tt.by.post(tt.address, confirm)
			if asked := c.asked(); count(asked, tt.method) != 1 {
				t.Errorf("%s: a second try asked %v", tt.name, asked)
			}
		}
	})
}

// TestAListThatIsOlderThanTheChange: it was read before the activation was
// carried out, and so does not say that a deactivation has nothing to do.
func TestAListThatIsOlderThanTheChange(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	address := keysPage + "/" + c.keyOf("full@keydeck.example")
	b.post(address+"/deactivate", nil)
	c.settle()
	b.post(address+"/activate", nil)
	c.answered(func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/s3keys") {
			c.settle() // the activation is carried out right after
		}
	})
	c.asked()
	if got := b.post(address+"/deactivate", nil).status; got != http.StatusSeeOther {
		t.Errorf("deactivating: %d", got)
	}
	if asked := c.asked(); count(asked, "PUT") != 1 {
		t.Errorf("it was said to be deactivated, and asked for was %v", asked)
	}
}
