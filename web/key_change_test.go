package web_test

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/htmltest"
)

const (
	full  = "full@keydeck.example"
	twofa = "twofa@keydeck.example" // has one key
)

// as gives a browser that somebody has signed in with by token, which everyone
// can.
func (c *console) as(email string) *browser {
	c.t.Helper()
	b := c.browser()
	if answer := b.post("/sign-in", url.Values{"token": {c.token(email, time.Hour)}}); answer.status != http.StatusSeeOther {
		c.t.Fatalf("signing in as %s: %d", email, answer.status)
	}
	c.asked()
	return b
}

// key finds a key of the list by its description.
func (b *browser) key(description string) string {
	b.console.t.Helper()
	defer b.console.asked()
	return path.Base(b.get(keysPage).doc(b.console.t).Attr("tr:contains('"+description+"') a.button", "href"))
}

// rowOf selects the row of a key, which has the whole of it in its addresses or
// marks, and shows its ends.
func rowOf(key string) string {
	return "tr[data-key='" + key + "'], tr:has(td > a[href$='/" + key + "'])"
}

// row is what the list says of a key, with all that can be done with it; "" when it
// does not hold it.
func (b *browser) row(key string) string {
	b.console.t.Helper()
	defer b.console.asked()
	page := b.get(keysPage + "?more=" + key).doc(b.console.t)
	if row := rowOf(key); page.Has(row) {
		return page.Text(row)
	}
	return ""
}

// changes are the requests that change something, of those that were asked.
func changes(asked []string) []string {
	var found []string
	for _, line := range asked {
		if !strings.HasPrefix(line, "GET ") {
			found = append(found, line)
		}
	}
	return found
}

// change is a change of a key, with all that its form has to hold.
type change struct {
	account, key string // the key by its description
	action       string
	form         url.Values
	takesID      bool // the form carries a request id
}

// send opens the form, if there is one, and sends it.
func (c change) send(b *browser, headers ...header) answer {
	b.console.t.Helper()
	return c.prepare(b)(headers...)
}

// prepare opens the form and returns how it is sent.
func (c change) prepare(b *browser) func(...header) answer {
	b.console.t.Helper()
	key := b.key(c.key)
	address := keysPage + "/" + key + "/" + c.action
	form := url.Values{}
	for name, values := range c.form {
		form[name] = values
	}
	if form.Get("confirm") == "tail" {
		form.Set("confirm", key[len(key)-4:])
	}
	if c.takesID {
		form.Set("request_id", b.get(address).doc(b.console.t).Attr("input[name=request_id]", "value"))
	}
	b.console.asked()
	return func(headers ...header) answer { return b.post(address, form, headers...) }
}

// The changes that there are, as they succeed.
var (
	deactivate = change{full, "CI artifacts", "deactivate", nil, false}
	activate   = change{full, "Old laptop", "activate", nil, false}
	describe   = change{full, "CI artifacts", "description", url.Values{"description": {"new words"}}, false}
	renew      = change{full, "CI artifacts", "renew", url.Values{"confirm": {"yes"}}, true}
	remove     = change{full, "CI artifacts", "delete", url.Values{"confirm": {"tail"}}, false}
	rotate     = change{twofa, "Photo archive", "rotate", url.Values{}, true}
)

// TestTroubleWithChanges: what goes wrong at the APIs is told in a sentence
// with the right status, nothing is repeated, and the form is kept.
func TestTroubleWithChanges(t *testing.T) {
	t.Parallel()
	const put, cloud, management = "PUT", "/cloudapi/v6/um/users", "/accesskeys"
	changes := map[string]struct {
		change
		method, path string // of the call that does it
		keeps        string // what of the form is still there
	}{
		"activate":   {activate, put, cloud, ""},
		"deactivate": {deactivate, put, cloud, ""},
		"describe":   {describe, put, management, "#description[value='new words']"},
		"renew":      {renew, put, management, "input[name=request_id]"},
		"delete":     {remove, "DELETE", management, "#confirm[value]"},
		"rotate":     {rotate, "POST", management, "input[name=request_id]"},
	}
	troubles := map[string]struct {
		fault  string
		status int
		says   string
	}{
		"conflict":    {`"status":409,"body":"{\"messages\":[{\"message\":\"busy\"}]}"`, 409, "busy"},
		"refused":     {`"status":422,"body":"{\"messages\":[{\"message\":\"not today\"}]}"`, 422, "not today"},
		"throttled":   {`"status":429,"headers":{"Retry-After":"7"}`, 429, "in 7 seconds"},
		"forbidden":   {`"status":403`, 403, ""},
		"not the api": {`"status":502,"body":"<h1>Bad gateway</h1>","headers":{"Content-Type":"text/html"}`, 502, ""},
		"broken":      {`"drop":"before"`, 502, ""},
		"failing":     {`"status":500`, 502, ""},
	}
	for name, tt := range changes {
		for trouble, want := range troubles {
			t.Run(name+", "+trouble, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c := newConsole(t)
					b := c.as(tt.account)
					send := tt.prepare(b)
					c.fault(`{"method":"` + tt.method + `","path":"` + tt.path + `",` + want.fault + `}`)
					answer := send()
					page := answer.doc(t)
					if answer.status != want.status || !strings.Contains(page.Text("main"), want.says) {
						t.Errorf("got %d: %s", answer.status, page.Text("main"))
					}
					if strings.Contains(answer.body, "Bad gateway") {
						t.Error("the page shows what no API has said")
					}
					if want.status == 429 && answer.header.Get("Retry-After") != "7" {
						t.Errorf("Retry-After is %q", answer.header.Get("Retry-After"))
					}
					if tt.keeps != "" && trouble != "forbidden" && !page.Has(tt.keeps) {
						t.Errorf("the form is gone: %s", page.Text("main"))
					}
					htmltest.Sound(t, page)
					if asked := countChanges(c.asked()); asked != 1 {
						t.Errorf("%d calls that change something", asked)
					}
				})
			})
		}
	}
}

func countChanges(asked []string) int { return len(changes(asked)) }

// TestLostAnswersToChanges: the work was done and the answer lost. It is found
// out, where it shows, and the page goes on as after success.
func TestLostAnswersToChanges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change
		fault  string
		status int
	}{
		"describe": {describe, `{"method":"PUT","path":"/accesskeys","drop":"after"}`, 303},
		"renew":    {renew, `{"method":"PUT","path":"/accesskeys","drop":"after"}`, 303},
		"delete":   {remove, `{"method":"DELETE","path":"/accesskeys","drop":"after"}`, 303},
		"rotate":   {rotate, `{"method":"POST","path":"/accesskeys","drop":"after"}`, 303},
		// The sandbox takes three seconds for these: longer than anyone looks.
		"deactivate": {deactivate, `{"method":"PUT","path":"/cloudapi/v6/um/users","drop":"after"}`, 502},
		"activate":   {activate, `{"method":"PUT","path":"/cloudapi/v6/um/users","drop":"after"}`, 502},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.as(tt.account)
				send := tt.prepare(b)
				c.fault(tt.fault)
				answer := send()
				if answer.status != tt.status {
					t.Fatalf("got %d: %s", answer.status, answer.doc(t).Text("main"))
				}
				if n := countChanges(c.asked()); n != 1 {
					t.Errorf("%d calls that change something", n)
				}
				if tt.status != http.StatusSeeOther && !strings.Contains(answer.doc(t).Text("main"), "not known whether") {
					t.Errorf("it says %s", answer.doc(t).Text("main"))
				}
			})
		})
	}
}

// TestKeysThatCannotBeChanged: they are somebody else's, gone, or no keys.
func TestKeysThatCannotBeChanged(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("owner@keydeck.example")
	for name, key := range map[string]string{
		"another user's": fullsKey, "unknown": "0123456789abcdef0123", "malformed": "not%20a%20key",
		"markup": "%3Cb%3E", "path": "..%2f..", "over-long": strings.Repeat("a", 300),
	} {
		for _, action := range []string{"activate", "deactivate", "description", "renew", "delete", "rotate", "regions"} {
			address := keysPage + "/" + key + "/" + action
			if action != "activate" {
				if answer := b.get(address); answer.status != http.StatusNotFound {
					t.Errorf("%s: GET %s: %d", name, action, answer.status)
				}
			}
			if action == "regions" {
				continue
			}
			form := url.Values{"confirm": {"yes"}, "description": {"x"}}
			if answer := b.post(address, form); answer.status != http.StatusNotFound && answer.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: POST %s: %d", name, action, answer.status)
			}
		}
	}
	if asked := changes(c.asked()); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

// TestKeysThatVanish between the question and the answer.
func TestKeysThatVanish(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]change{
		"activate": activate, "deactivate": deactivate, "describe": describe, "renew": renew, "delete": remove, "rotate": rotate,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.as(tt.account)
			key := b.key(tt.key)
			send := tt.prepare(b)
			c.control(http.MethodDelete, "keys/"+key, "")
			answer := send()
			if page := answer.doc(t); answer.status != http.StatusNotFound || !strings.Contains(page.Text("main"), "no such key") ||
				!page.Has("main a[href='"+keysPage+"']") {
				t.Errorf("got %d: %s", answer.status, page.Text("main"))
			}
			if asked := changes(c.asked()); len(asked) > 0 {
				t.Errorf("asked %v", asked)
			}
		})
	}
}

// TestDialogsOfKeys hold together, as pages and as parts, and ask no
// question twice.
func TestDialogsOfKeys(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	key := b.key("CI artifacts")
	for _, action := range []string{"", "/deactivate", "/description", "/renew", "/delete", "/rotate", "/regions"} {
		address := keysPage + "/" + key + action
		page := b.get(address)
		if page.status != http.StatusOK || !page.doc(t).Has("main .dialog") {
			t.Errorf("%s: %d", action, page.status)
			continue
		}
		htmltest.NoInline(t, page.doc(t))
		htmltest.Sound(t, page.doc(t))
		if asked := c.asked(); len(asked) > 4 || len(slices.Compact(slices.Sorted(slices.Values(asked)))) < len(asked) || len(changes(asked)) > 0 {
			t.Errorf("%s: asked %v", action, asked)
		}
		part := b.get(address, htmx)
		if !part.doc(t).Has("dialog[data-dialog]") || part.header.Get("HX-Retarget") != "#dialog" {
			t.Errorf("%s: to htmx it is %s", action, part.body)
		}
		c.asked()
	}
}
