package web_test

import (
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
)

func TestAnotherUsersKeys(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	tab := c.keysOf(member)
	c.asked()
	page := b.get(tab).doc(t)
	if asked := c.asked(); len(asked) != 4 {
		t.Errorf("the tab asks %v", asked)
	}
	if !strings.Contains(page.Text("main"), "It appears with the first key") || !strings.Contains(page.Text("main"), "+ Generate Key") {
		t.Errorf("the tab says %s", page.Text("main"))
	}
	c.asked()
	form := b.get(tab + "/new").doc(t)
	if !strings.Contains(form.Text("main"), memberName) || form.Text("button.button-primary") != "OK" || form.Has("#description") {
		t.Errorf("the form says %s", form.Text("main"))
	}
	c.asked()
	send := url.Values{"request_id": {form.Attr("input[name=request_id]", "value")}}
	answer := b.post(tab, send)
	location := answer.header.Get("Location")
	if again := b.post(tab, send); answer.status != http.StatusSeeOther || again.header.Get("Location") != location || !strings.HasPrefix(location, tab+"/") {
		t.Fatalf("got %d to %q, then to %q", answer.status, location, again.header.Get("Location"))
	}
	if asked := changes(c.asked()); len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
	pair := b.get(location).doc(t)
	key, secret := pair.Value("#key"), pair.Text("#secret")
	if tab+"/"+key != location || secret == "" || !strings.Contains(pair.Text("main"), member) {
		t.Errorf("the pair is shown as %s", pair.Text("main"))
	}
	csv := b.get(location + "/key-pair.csv").body
	if want := "\r\n" + member + "," + key + ","; !strings.Contains(csv, want) {
		t.Error("the download does not name the user and the key")
	}
	c.settle()
	list := b.get(tab)
	if strings.Contains(list.body, secret) || !strings.Contains(list.body, key) || list.doc(t).Value("#canonical-user-id") == "" {
		t.Error("the tab holds the secret, not the key, or no Canonical User ID")
	}
	log := c.log.String() + c.audited.String()
	for _, action := range []string{"generate", "reveal", "download"} {
		if !strings.Contains(log, `"action":"`+action+`"`) || !strings.Contains(log, `"target":"`+c.userID(member)+`","target_account":"`+member) {
			t.Errorf("the audit log has no %s: %s", action, c.audited)
		}
	}
	if strings.Contains(log, secret) {
		t.Error("the log holds the secret")
	}
}

// byEmail finds sentences in which an e-mail address stands for its person.
var byEmail = regexp.MustCompile(`\b(for|of|to|by|from|with) \S+@keydeck\.example`)

// TestUsersAreNamed: where a sentence is about another user it has their name, on
// every page and in every dialog and notice of their keys.
func TestUsersAreNamed(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	tab := c.keysOf(member)
	named := func(name, text string) {
		t.Helper()
		if got := byEmail.FindString(text); got != "" || !strings.Contains(text, memberName) {
			t.Errorf("%s says %q in: %s", name, got, text)
		}
	}
	named("the form", b.get(tab+"/new").doc(t).Text("main"))
	location := b.generateFor(tab)
	named("the pair", b.get(location).doc(t).Text("main"))
	c.settle()
	named("the pair, kept for a while", b.get(location).doc(t).Text(".message-success"))
	for _, path := range []string{"", "/delete", "/deactivate"} {
		named("key"+path, b.get(location+path).doc(t).Text("main"))
	}
	named("the list", b.get(tab).doc(t).Text("main"))
}

// TestAnotherUsersNewKey is there before its secret can be read: it is not said
// to be missing.
func TestAnotherUsersNewKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn(admin)
		tab := c.keysOf(member)
		form := url.Values{"request_id": {b.get(tab+"/new").doc(t).Attr("input[name=request_id]", "value")}}
		location := b.post(tab, form).header.Get("Location")
		if answer := b.post(location+"/saved", nil); answer.header.Get("Location") != tab {
			t.Errorf("saved leads to %q", answer.header.Get("Location"))
		}
		if page := b.get(location); page.status != http.StatusServiceUnavailable || page.header.Get("Retry-After") == "" {
			t.Errorf("at once: %d %s", page.status, page.doc(t).Text("main"))
		}
		c.settle()
		if page := b.get(location); page.status != http.StatusOK {
			t.Errorf("then: %d", page.status)
		}
	})
}

// TestTheRulesForOthers are those for one's own: the only active key, the last
// one.
func TestTheRulesForOthers(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	tab := c.keysOf(twofa)
	key := path.Base(b.get(tab).doc(t).Attr("[data-key] a.button", "href"))
	location := tab + "/" + key
	if got := b.post(location+"/deactivate", nil); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.doc(t).Text("main"), "user's only active key") {
		t.Errorf("deactivating: %d %s", got.status, got.doc(t).Text("main"))
	}
	if got := b.post(location+"/deactivate", url.Values{"confirm": {"yes"}}); got.header.Get("Location") != tab {
		t.Errorf("confirmed: %d to %q", got.status, got.header.Get("Location"))
	}
	if !strings.Contains(b.get(tab).doc(t).Text("#keys"), "Deactivating…") {
		t.Error("the tab does not show what is under way")
	}
	c.settle()
	if got := b.post(location+"/delete", url.Values{"confirm": {"yes"}}).status; got != http.StatusUnprocessableEntity {
		t.Errorf("deleting the last one with a mere yes: %d", got)
	}
	if got := b.post(location+"/delete", url.Values{"confirm": {key[len(key)-4:]}}); got.header.Get("Location") != tab {
		t.Errorf("deleting: %d", got.status)
	}
	if !strings.Contains(b.get(tab).doc(t).Text("#keys"), "Being deleted") {
		t.Error("the tab does not show that it is being deleted")
	}
	c.settle()
	if b.get(tab).doc(t).Has("[data-key]") {
		t.Error("the key is still there")
	}
}

// TestKeysStayUnderTheirOwner: one user's key is at no other's address, even
// one that was made a moment ago.
func TestKeysStayUnderTheirOwner(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	tab := c.keysOf(member)
	form := url.Values{"request_id": {b.get(tab+"/new").doc(t).Attr("input[name=request_id]", "value")}}
	key := strings.TrimPrefix(b.post(tab, form).header.Get("Location"), tab)
	c.settle()
	for _, other := range []string{c.keysOf(full), keysPage} {
		for _, rest := range []string{"", "/key-pair.csv", "/delete", "/deactivate"} {
			if got := b.get(other + key + rest).status; got != http.StatusNotFound {
				t.Errorf("%s%s%s: %d", other, key, rest, got)
			}
		}
		if got := b.post(other+key+"/delete", url.Values{"confirm": {key[len(key)-4:]}}).status; got != http.StatusNotFound {
			t.Errorf("deleting at %s: %d", other, got)
		}
	}
	// And a form for one user makes no key for another.
	foreign := url.Values{"request_id": {b.get(c.keysOf(guest)+"/new").doc(t).Attr("input[name=request_id]", "value")}}
	c.asked()
	if got := b.post(tab, foreign).status; got != http.StatusUnprocessableEntity || len(changes(c.asked())) > 0 {
		t.Errorf("a foreign form: %d", got)
	}
}

func TestGeneratingForOthersIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ email, says string }{
		"a sixth key":  {full, "limit"},
		"no privilege": {guest, "ACCESS_S3_OBJECT_STORAGE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(admin)
			tab := c.keysOf(tt.email)
			id := b.get(tab+"/new").doc(t).Attr("input[name=request_id]", "value")
			c.asked()
			answer := b.post(tab, url.Values{"request_id": {id}})
			page := answer.doc(t)
			if answer.status != http.StatusUnprocessableEntity || !strings.Contains(page.Text("main"), tt.says) ||
				page.Attr("input[name=request_id]", "value") == id {
				t.Errorf("got %d: %s", answer.status, page.Text("main"))
			}
			if n := made(c.asked()); n > 1 {
				t.Errorf("%d calls to make a key", n)
			}
		})
	}
}

// TestAUserDeletedWhileTheTabIsOpen is said to be gone, everywhere.
func TestAUserDeletedWhileTheTabIsOpen(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	tab := c.keysOf(full)
	id := b.get(tab+"/new").doc(t).Attr("input[name=request_id]", "value")
	c.control(http.MethodDelete, "users/"+strings.Split(tab, "/")[2], "")
	for _, address := range []string{tab, strings.TrimSuffix(tab, "/object-storage-keys"), tab + "/new", tab + "/" + fullsKey + "/delete"} {
		if answer := b.get(address); answer.status != http.StatusNotFound || !strings.Contains(answer.doc(t).Text("main"), "no such user") {
			t.Errorf("%s: %d %s", address, answer.status, answer.doc(t).Text("main"))
		}
	}
	if answer := b.post(tab, url.Values{"request_id": {id}}); answer.status != http.StatusNotFound {
		t.Errorf("generating: %d", answer.status)
	}
}
