package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const keysPage = "/object-storage/keys"

// requestID opens the form and takes its request id.
func (b *browser) requestID() string {
	b.console.t.Helper()
	return b.get(keysPage+"/new").doc(b.console.t).Attr("input[name=request_id]", "value")
}

// generate makes a key and returns its address.
func (b *browser) generate(description string) string {
	b.console.t.Helper()
	answer := b.post(keysPage, url.Values{"request_id": {b.requestID()}, "description": {description}})
	if answer.status != http.StatusSeeOther {
		b.console.t.Fatalf("generating: %d %s", answer.status, answer.body)
	}
	return answer.header.Get("Location")
}

// settle lets what the sandbox is working on come to its end.
func (c *console) settle() { c.clock.Advance(5 * time.Second) }

func TestGenerateAKey(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	form := b.get(keysPage + "/new")
	if asked := c.asked(); !cmp.Equal(asked, []string{"GET /accesskeys"}) || form.status != http.StatusOK {
		t.Errorf("the form answers %d and asked %v", form.status, asked)
	}
	id := form.doc(t).Attr("input[name=request_id]", "value")
	address := b.post(keysPage, url.Values{"request_id": {id}, "description": {"  backups <b>now</b> "}}).header.Get("Location")
	if asked, want := c.asked(), []string{"GET /accesskeys", "POST /accesskeys"}; !cmp.Equal(asked, want) {
		t.Errorf("asked %v, not %v", asked, want)
	}
	userID := c.userID("member@keydeck.example")
	c.asked()
	page := b.get(address).doc(t)
	key, secret := page.Value("#key"), page.Text("#secret")
	checks := []string{"GET /accesskeys", "GET /cloudapi/v6/um/users/" + userID, "GET /cloudapi/v6/um/users/" + userID + "/s3keys/" + key, "GET /regions"}
	if asked := c.asked(); !cmp.Equal(asked, checks, cmpopts.SortSlices(strings.Compare)) {
		t.Errorf("the new pair was not checked once: %v", asked)
	}
	if address != keysPage+"/"+key || len(secret) != 40 {
		t.Fatalf("%s shows key %q and a secret of %d characters", address, key, len(secret))
	}
	if !strings.Contains(page.Text("main"), "backups <b>now</b>") || !strings.Contains(page.Text("main"), "save the pair now") {
		t.Errorf("the page says %s", page.Text("main"))
	}

	c.settle()
	list := b.get(keysPage)
	row := list.doc(t).Text(rowOf(key))
	for _, want := range []string{"backups <b>now</b>", "Active"} {
		if !strings.Contains(row, want) {
			t.Errorf("the row does not say %q: %s", want, row)
		}
	}
	if strings.Contains(row, "user-owned") {
		t.Errorf("it is not valid for all buckets: %s", row)
	}
	if strings.Contains(list.body, secret) || strings.Contains(c.log.String(), secret) {
		t.Error("the secret is in the list or in the log")
	}

	// Ten minutes on, the pair comes from the Cloud API.
	c.clock.Advance(11 * time.Minute)
	later := b.get(address).doc(t)
	if later.Text("#secret") != secret || strings.Contains(later.Text("main"), "save the pair now") {
		t.Errorf("later the page says %s", later.Text("main"))
	}
}

func TestGenerateIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, account, description string
		fault                      string
		status                     int
		says                       string
		posts                      int // calls that would make a key
	}{
		{"description too long", "member", strings.Repeat("ä", 256), "", 422, "255", 0},
		{"control characters", "member", "a\x07b", "", 422, "control", 0},
		{"two lines", "member", "a\nb", "", 422, "one line", 0},
		{"a sixth key", "full", "", "", 422, "limit", 0},
		{"no privilege", "guest", "", "", 403, "Use Object Storage", 0},
		{"API refuses", "member", "", `{"method":"POST","path":"/accesskeys","status":422,"body":"{\"messages\":[{\"message\":\"not today\"}]}"}`, 422, "not today", 1},
		{"throttled", "member", "", `{"method":"POST","path":"/accesskeys","status":429,"headers":{"Retry-After":"7"}}`, 429, "in 7 seconds", 1},
		{"throttled before", "member", "", `{"method":"GET","path":"/accesskeys","times":9,"status":429,"headers":{"Retry-After":"70"}}`, 429, "in 70 seconds", 0},
		{"API gone before", "member", "", `{"method":"GET","path":"/accesskeys","times":9,"drop":"before"}`, 502, "cannot be reached", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.signIn(tt.account + "@keydeck.example")
				id := b.requestID()
				if tt.fault != "" {
					c.fault(tt.fault)
				}
				answer := b.post(keysPage, url.Values{"request_id": {id}, "description": {tt.description}})
				if answer.status != tt.status {
					t.Fatalf("got %d, want %d: %s", answer.status, tt.status, answer.doc(t).Text("main"))
				}
				page := answer.doc(t)
				if !strings.Contains(page.Text("main"), tt.says) {
					t.Errorf("does not say %q: %s", tt.says, page.Text("main"))
				}
				if got := page.Attr("#description", "value"); tt.status != 422 && got != tt.description {
					t.Errorf("kept %q of what was typed", got)
				}
				if fresh := page.Attr("input[name=request_id]", "value"); fresh == id || fresh == "" {
					t.Error("the form has no fresh request id")
				}
				if got := made(c.asked()); got != tt.posts {
					t.Errorf("%d calls to make a key, want %d", got, tt.posts)
				}
			})
		})
	}
}

func TestGenerateAnswersHTMXInTheDialog(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("full@keydeck.example")
	answer := b.post(keysPage, url.Values{"request_id": {b.requestID()}}, htmx)
	page := answer.doc(t)
	if answer.status != 422 || !page.Has("dialog form") || page.Has("header.bar") {
		t.Errorf("got %d: %s", answer.status, answer.body)
	}
	if answer.header.Get("HX-Push-Url")+answer.header.Get("HX-Replace-Url") != "" {
		t.Error("a refused form changes the address")
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b, other := c.signIn("member@keydeck.example"), c.signIn("owner@keydeck.example")
	old := b.requestID()
	for range 3 { // used now and then, both sessions live on
		c.clock.Advance(25 * time.Minute)
		b.get(keysPage)
		other.get(keysPage)
	}
	foreign := other.requestID()
	c.asked()
	for name, id := range map[string]string{
		"missing": "", "made up": "abc", "foreign": foreign, "expired": old, "long": strings.Repeat("a", 4000),
	} {
		answer := b.post(keysPage, url.Values{"request_id": {id}, "description": {"typed"}})
		if answer.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: got %d", name, answer.status)
			continue
		}
		page := answer.doc(t)
		if page.Attr("#description", "value") != "typed" || page.Attr("input[name=request_id]", "value") == id {
			t.Errorf("%s: the form came back as %s", name, page.Text("main"))
		}
	}
	if asked := c.asked(); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

func TestOneFormMakesOneKey(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	form := url.Values{"request_id": {b.requestID()}}
	const times = 8
	locations := make([]string, times)
	var all sync.WaitGroup
	for i := range times {
		clone := b.clone()
		all.Go(func() { locations[i] = clone.post(keysPage, form).header.Get("Location") })
	}
	all.Wait()
	for _, location := range locations {
		if location != locations[0] || location == "" {
			t.Fatalf("they went to %q", locations)
		}
	}
	if n := made(c.asked()); n != 1 {
		t.Errorf("%d keys were asked for", n)
	}
	c.settle()
	if again := b.post(keysPage, form); again.header.Get("Location") != locations[0] || made(c.asked()) != 0 {
		t.Errorf("sent again, the form gets %d to %q", again.status, again.header.Get("Location"))
	}
}

// TestAFormThatFailedIsOver: sent again, by Back or by a request that was long
// on its way, it makes nothing. Its answer holds a fresh form.
func TestAFormThatFailedIsOver(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	form := url.Values{"request_id": {b.requestID()}, "description": {"typed"}}
	c.fault(`{"method":"POST","path":"/accesskeys","status":429}`)
	if got := b.post(keysPage, form).status; got != http.StatusTooManyRequests {
		t.Fatalf("throttled: %d", got)
	}
	again := b.post(keysPage, form)
	page := again.doc(t)
	if text := page.Text("main"); again.status != http.StatusUnprocessableEntity || !strings.Contains(text, "sent before") || !strings.Contains(text, "Wait a little") {
		t.Errorf("again: %d %s", again.status, text)
	}
	if n := made(c.asked()); n != 1 {
		t.Errorf("%d calls to make a key", n)
	}
	form.Set("request_id", page.Attr("input[name=request_id]", "value"))
	if got := b.post(keysPage, form).status; got != http.StatusSeeOther || page.Value("#description") != "typed" {
		t.Errorf("the fresh form: %d", got)
	}
}

func TestALostAnswerIsClearedUp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, fault string
		status      int
		says        string
	}{
		{"made, and the answer lost", `{"method":"POST","path":"/accesskeys","drop":"after"}`, 303, ""},
		{"broken before it was made", `{"method":"POST","path":"/accesskeys","drop":"before"}`, 502, "No key was generated"},
		{"refused with a 503", `{"method":"POST","path":"/accesskeys","status":503}`, 502, "No key was generated"},
		{"no answer in time", `{"method":"POST","path":"/accesskeys","delay":"1m"}`, 502, "not known whether"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newConsole(t)
				b := c.signIn("member@keydeck.example")
				id := b.requestID()
				c.fault(tt.fault)
				answer := b.post(keysPage, url.Values{"request_id": {id}, "description": {"lost"}})
				if n := made(c.asked()); n != 1 || answer.status != tt.status {
					t.Fatalf("got %d after %d calls to make a key", answer.status, n)
				}
				if tt.status != http.StatusSeeOther {
					if text := answer.doc(t).Text("main"); !strings.Contains(text, tt.says) {
						t.Errorf("does not say %q: %s", tt.says, text)
					}
					return
				}
				page := b.get(answer.header.Get("Location")).doc(t)
				if !strings.Contains(page.Text("main"), "lost") {
					t.Errorf("the key found is not the one made: %s", page.Text("main"))
				}
			})
		})
	}
}
