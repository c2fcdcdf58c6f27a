package web_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

// A key of full@keydeck.example.
const fullsKey = "72a6f222fce6fca07c40"

func TestKeysThatCannotBeShown(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	for name, tt := range map[string]struct {
		key   string
		asked bool
	}{
		"unknown":           {"0123456789abcdef0123", true},
		"another user's":    {fullsKey, true},
		"malformed":         {"not%20a%20key", false},
		"markup":            {"%3Cscript%3E", false},
		"encoded slash":     {"..%2f..%2fusers", false},
		"encoded dots":      {"%2e%2e", false},
		"control character": {"a%00b", false},
		"over-long":         {strings.Repeat("a", 300), false},
	} {
		for _, address := range []string{keysPage + "/" + tt.key, keysPage + "/" + tt.key + "/key-pair.csv"} {
			answer := b.get(address)
			if answer.status != http.StatusNotFound {
				t.Errorf("%s: %s gets %d", name, address, answer.status)
			}
			if !strings.Contains(answer.header.Get("Content-Type"), "text/html") {
				t.Errorf("%s: %s is %s", name, address, answer.header.Get("Content-Type"))
			}
			if asked := c.asked(); len(asked) > 0 != tt.asked {
				t.Errorf("%s: asked %v", name, asked)
			}
		}
	}
}

func TestDownloadKeyPair(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	secret := b.get(keysPage + "/" + fullsKey).doc(t).Text("#secret")
	answer := b.get(keysPage + "/" + fullsKey + "/key-pair.csv")
	want := "User Name,Access key ID,Secret access key\r\nfull@keydeck.example," + fullsKey + "," + secret + "\r\n"
	if answer.status != http.StatusOK || answer.body != want {
		t.Errorf("got %d and %d bytes, want %d", answer.status, len(answer.body), len(want))
	}
	for name, want := range map[string]string{
		"Content-Type":        "text/csv; charset=utf-8",
		"Content-Disposition": `attachment; filename="object-storage-key-72a6f222.csv"`,
		"Cache-Control":       "no-store",
	} {
		if got := answer.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestTheDownloadQuotesWhatItMust(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	const odd = `=1+1,"/x`
	c.control(http.MethodPost, "keys/"+fullsKey, `{"secretKey":"=1+1,\"/x"}`)
	b := c.signIn("full@keydeck.example")
	answer := b.get(keysPage + "/" + fullsKey + "/key-pair.csv")
	if want := `,"=1+1,""/x"` + "\r\n"; !strings.HasSuffix(answer.body, want) {
		t.Error("the secret was not written to the letter")
	}
	if got := b.get(keysPage + "/" + fullsKey).doc(t).Text("#secret"); got != odd {
		t.Error("the page does not show the secret to the letter")
	}
}

func TestADialogHasItsAddress(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	const dialog, list = keysPage + "/" + fullsKey, "http://127.0.0.1:8080" + keysPage
	for _, tt := range []struct{ from, header string }{
		{list, "HX-Push-Url"},
		{list + "?poll=3", "HX-Push-Url"},
		{list + "/new", "HX-Replace-Url"},
	} {
		answer := b.get(dialog, htmx, header{"HX-Current-URL", tt.from})
		if got := answer.header.Get(tt.header); got != dialog {
			t.Errorf("from %s: %s is %q", tt.from, tt.header, got)
		}
		if !answer.doc(t).Has("dialog[data-dialog]") || answer.header.Get("Vary") != "HX-Request" {
			t.Errorf("from %s: got %s, Vary %q", tt.from, answer.body, answer.header.Get("Vary"))
		}
	}
	if answer := b.get(dialog, htmx, header{"HX-History-Restore-Request", "true"}); !answer.doc(t).Has("html main") {
		t.Error("what restores history gets a part")
	}
}

// TestANewKeyThatNobodyCanTellOf: the one API does not know it yet, the other
// is down. It is not said to be missing.
func TestANewKeyThatNobodyCanTellOf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.signIn("member@keydeck.example")
		address := b.generate("new")
		b.post(address+"/saved", nil)
		c.fault(`{"method":"GET","path":"/accesskeys","status":500,"times":100}`)
		if page := b.get(address); page.status != http.StatusBadGateway {
			t.Errorf("got %d: %s", page.status, page.doc(t).Text("main"))
		}
	})
}
