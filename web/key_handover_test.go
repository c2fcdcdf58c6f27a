package web_test

import (
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
	"keydeck/web"
)

// letter is the message of a page with a text for the owner of a key.
func letter(t *testing.T, page *htmltest.Doc) (to string, body string) {
	t.Helper()
	link := page.Attr("a[href^='mailto:']", "href")
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	to, err = url.PathUnescape(u.Opaque)
	if err != nil {
		t.Fatal(err)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil || len(query) != 2 || strings.Contains(link, "+") {
		t.Errorf("the link is %q: %v", link, err)
	}
	return to, query.Get("body")
}

// TestHandover: from the pair of a new key to the text for its owner, who finds the
// pair at its address.
func TestHandover(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	location := b.generateFor(c.keysOf(member))
	pair := b.get(location).doc(t)
	secret, accessKey := pair.Text("#secret"), pair.Value("#key")
	if got := pair.Attr("a:contains('Tell the owner')", "href"); got != location+"/handover" || !strings.Contains(pair.Text("main"), "Better than to send the pair") {
		t.Errorf("the pair leads to %q: %s", got, pair.Text("main"))
	}
	answer := b.get(location + "/handover")
	page := answer.doc(t)
	htmltest.Sound(t, page)
	to, body := letter(t, page)
	address := "http://127.0.0.1:8080" + keysPage + "/" + accessKey
	if to != member || !strings.Contains(body, address+"\r\n") || !strings.Contains(body, "Hello "+memberName+",") {
		t.Errorf("to %q: %q", to, body)
	}
	if text := page.Text("#handover-text"); strings.Join(strings.Fields(text), " ") != strings.Join(strings.Fields(body), " ") {
		t.Errorf("the text is %q, the message %q", text, body)
	}
	if strings.Contains(answer.body, secret) || strings.Contains(page.Text("#handover-text"), accessKey+".") {
		t.Error("the page holds the secret, or the text the whole key outside of its address")
	}
	c.settle()
	own := c.signIn(member).get(keysPage + "/" + accessKey).doc(t)
	if own.Text("#secret") != secret {
		t.Error("the owner does not find the pair at the address")
	}
}

// TestHandoverOf: whose key it is decides what there is.
func TestHandoverOf(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	for name, tt := range map[string]struct {
		address  string
		status   int
		location string
	}{
		"another's key":   {c.keysOf(full) + "/" + fullsKey, http.StatusOK, ""},
		"no key":          {c.keysOf(full) + "/" + noKey, http.StatusNotFound, ""},
		"markup":          {c.keysOf(full) + "/%3Cb%3E", http.StatusNotFound, ""},
		"no user":         {"/users/" + strings.Repeat("0", 36) + "/object-storage-keys/" + fullsKey, http.StatusNotFound, ""},
		"a stranger's":    {c.keysOf(member) + "/" + fullsKey, http.StatusNotFound, ""},
		"one's own":       {c.keysOf(admin) + "/" + fullsKey, http.StatusSeeOther, keysPage + "/" + fullsKey},
		"own, upper case": {strings.ToUpper(c.userID(admin)), 0, ""},
	} {
		if tt.status == 0 {
			tt.address, tt.status, tt.location = "/users/"+tt.address+"/object-storage-keys/"+fullsKey, http.StatusSeeOther, keysPage+"/"+fullsKey
		}
		if answer := b.get(tt.address + "/handover"); answer.status != tt.status || answer.header.Get("Location") != tt.location {
			t.Errorf("%s: %d to %q", name, answer.status, answer.header.Get("Location"))
		}
	}
	if b.get(b.generateFor(c.keysOf(admin))).doc(t).Has("a:contains('Tell the owner')") {
		t.Error("one can tell oneself")
	}
}

// TestHandoverNames: what a person is called changes nothing but the name in the text.
func TestHandoverNames(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		record  string
		to, has string
	}{
		"markup":        {`{"firstname":"<b>&amp;","lastname":"?body=x&bcc=y+z"}`, full, "Hello <b>&amp; ?body=x&bcc=y+z,"},
		"line breaks":   {`{"firstname":"Ra\r\nBcc: x","lastname":"E"}`, full, "Hello RaBcc: x E,"},
		"right to left": {`{"firstname":"\u202eRafael","lastname":"E"}`, full, "Hello Rafael E,"},
		"plus":          {`{"email":"a+b&c=d?e@keydeck.example"}`, "a+b&c=d?e@keydeck.example", "Hello Rafael"},
		"no address":    {`{"email":"not an address"}`, "", "Hello Rafael"},
		"two addresses": {`{"email":"a@x.example, b@x.example"}`, "", "Hello Rafael"},
		"header":        {`{"email":"a@x.example\r\nBcc: b@x.example"}`, "", "Hello Rafael"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(admin)
			address := c.keysOf(full) + "/" + fullsKey + "/handover"
			c.control(http.MethodPost, "users/"+full, tt.record)
			page := b.get(address).doc(t)
			if !strings.Contains(page.Text("#handover-text"), tt.has) {
				t.Errorf("the text is %q", page.Text("#handover-text"))
			}
			if tt.to == "" {
				if page.Has("a[href^='mailto:']") || !strings.Contains(page.Text("main"), "no e-mail address") {
					t.Errorf("it offers to write: %s", page.Text("main"))
				}
				return
			}
			to, body := letter(t, page)
			if parsed, err := mail.ParseAddress(to); err != nil || parsed.Address != tt.to || !strings.Contains(body, tt.has) {
				t.Errorf("to %q (%v): %q", to, err, body)
			}
		})
	}
}

// TestHandoverAddress: the owner is sent to where browsers find the console.
func TestHandoverAddress(t *testing.T) {
	t.Parallel()
	c := newConsole(t, func(cfg *web.Config) { cfg.PublicURL = "https://keys.example/deck" })
	b := c.browser()
	b.post("/deck/sign-in", url.Values{"email": {admin}, "password": {"sandbox"}})
	page := b.get("/deck" + c.keysOf(full) + "/" + fullsKey + "/handover").doc(t)
	if _, body := letter(t, page); !strings.Contains(body, "https://keys.example/deck"+keysPage+"/"+fullsKey+"\r\n") {
		t.Errorf("the text is %q", body)
	}
}
