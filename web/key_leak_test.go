package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

// submit sends the first form of a page whose button says words, as a browser does.
func (b *browser) submit(page *htmltest.Doc, words string) answer {
	b.console.t.Helper()
	form := page.One("form:has(button:contains('" + words + "'))")
	values := url.Values{}
	for _, field := range form.All("input[name]") {
		values.Add(field.Attr("name"), field.Attr("value"))
	}
	return b.post(form.Attr("action"), values)
}

// TestLeak: from the pasted text to a key that is deactivated, a successor, and a text
// for the owner; no secret is shown on the way.
func TestLeak(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	leaked := c.keyOf(twofa)
	answer := b.get("/key-owner?" + url.Values{"key": {"deploy.log: AWS_ACCESS_KEY_ID=" + leaked}}.Encode())
	page := answer.doc(t)
	htmltest.Sound(t, page)
	if said := page.Text("#search"); !strings.Contains(said, "can use it now") || !strings.Contains(said, "the only active key of its owner") {
		t.Errorf("it says %s", said)
	}
	// It is the only active key: that takes a question.
	question := b.submit(page, "Deactivate now")
	if question.status != http.StatusUnprocessableEntity || !strings.Contains(question.body, "only active key") {
		t.Fatalf("got %d", question.status)
	}
	home := "/key-owner?" + url.Values{"key": {leaked}, "user": {c.userID(twofa)}}.Encode()
	if got := question.doc(t).Attr("a:contains('Cancel')", "href"); got != home {
		t.Errorf("Cancel leads to %q", got)
	}
	done := b.submit(question.doc(t), "Deactivate")
	if done.status != http.StatusSeeOther || done.header.Get("Location") != home {
		t.Fatalf("got %d to %q", done.status, done.header.Get("Location"))
	}
	c.asked()
	page = b.get(home).doc(t)
	if !strings.Contains(page.Text("#search"), "being deactivated") || page.Has("button:contains('Deactivate now')") || !page.Has("#search[hx-get]") {
		t.Errorf("after that it says %s", page.Text("#search"))
	}
	for _, asked := range c.asked() {
		if strings.Contains(asked, "/um/users?") {
			t.Errorf("it reads all users again: %s", asked)
		}
	}
	c.settle()
	if page = b.get(home).doc(t); !strings.Contains(page.Text("#search"), "nobody can use it") || page.Has("#search[hx-get]") {
		t.Errorf("in the end it says %s", page.Text("#search"))
	}
	made := b.submit(page, "Generate successor")
	tell := made.header.Get("Location")
	if made.status != http.StatusSeeOther || tell != c.keysOf(twofa)+"/"+leaked+"/handover?about=leak" {
		t.Fatalf("got %d to %q", made.status, tell)
	}
	c.asked()
	again := b.submit(page, "Generate successor")
	if asked := changes(c.asked()); again.header.Get("Location") != tell || len(asked) > 0 {
		t.Errorf("sent twice, it leads to %q and asks %v", again.header.Get("Location"), asked)
	}
	text := b.get(tell)
	_, body := letter(t, text.doc(t))
	if !strings.Contains(body, "turned up where it should not be") || !strings.Contains(body, "It is deactivated") || !strings.Contains(body, "A new key is ready for you") {
		t.Errorf("the text is %q", body)
	}
	if text.doc(t).Has("#secret") {
		t.Error("the secret is shown")
	}
}

// TestLeakBeforeAct: what is offered follows from the state of the key.
func TestLeakBeforeAct(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		email                       string
		deactivated                 bool
		says                        string
		deactivate, successor, tell bool
	}{
		"active":      {twofa, false, "can use it now", true, true, true},
		"five keys":   {full, false, "All five places are taken", true, false, true},
		"deactivated": {twofa, true, "nobody can use it", false, true, true},
		"one's own":   {admin, false, "can use it now", true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(admin)
			key := c.keyOf(tt.email)
			if tt.deactivated {
				b.post(c.keysOf(tt.email)+"/"+key+"/deactivate", url.Values{"confirm": {"yes"}})
				c.settle()
			}
			page := b.get("/key-owner?key=" + key).doc(t)
			for words, want := range map[string]bool{
				"button:contains('Deactivate now')":                     tt.deactivate,
				"button:contains('Generate successor'):not([disabled])": tt.successor,
				"a:contains('Tell the owner')":                          tt.tell,
			} {
				if page.Has(words) != want {
					t.Errorf("%s: %v, want %v", words, !want, want)
				}
			}
			if !strings.Contains(page.Text("#search"), tt.says) {
				t.Errorf("it says %s", page.Text("#search"))
			}
		})
	}
}

// TestLeakElsewhere: the user in the address is a hint, not a fact: a key that they do
// not have is searched for.
func TestLeakElsewhere(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	for _, user := range []string{c.userID(member), strings.Repeat("0", 36), "%3Cb%3E", ""} {
		if page, _ := b.follow("/key-owner?key=" + fullsKey + "&user=" + user); !strings.Contains(page.Text("#search"), "belongs to Rafael Echeverría") {
			t.Errorf("with user %q: %s", user, page.Text("#search"))
		}
	}
}
