package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

// words are what an API says.
const words = "Access denied: contract 31718824 is locked"

// groupWords are for who can turn to an owner or administrator.
var groupWords = []string{"need to be in a group", "An owner or administrator", "Only an owner or administrator"}

// apiPrefixes are the two APIs that pages ask, by their names.
var apiPrefixes = map[string]string{"Object Storage Management API": "/accesskeys", "Cloud API": "/cloudapi/v6"}

// TestRefusals opens each page while one API refuses with each status: what is shown
// has the API's own words and its wait, names the API, and no owner or
// administrator is told to turn to one.
func TestRefusals(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	user := "/users/" + c.userID(full)
	pages := map[string][]string{ // by who opens them
		full: {keysPage, keysPage + "/" + fullsKey, keysPage + "/" + fullsKey + "/description", keysPage + "/" + fullsKey + "/renew",
			keysPage + "/" + fullsKey + "/rotate", keysPage + "/" + fullsKey + "/deactivate", keysPage + "/" + fullsKey + "/delete"},
		owner: {keysPage, keysPage + "/new", "/users", "/users?q=a", user, user + "/object-storage-keys", user + "/object-storage-keys/" + fullsKey, "/groups",
			"/key-owner?key=" + fullsKey},
	}
	for account, paths := range pages {
		b := c.signIn(account)
		for _, path := range paths {
			for api, prefix := range apiPrefixes {
				for _, status := range []int{400, 401, 403, 404, 409, 422, 429, 500} {
					t.Run(fmt.Sprintf("%s %s %s %d", account, path, api, status), func(t *testing.T) {
						here := b.on(c.rewriting(refuse(prefix, status, words, header{"Retry-After", "120"})))
						wantReason(t, here.get(path), reason{api: api, status: status, manages: account == owner})
						if here.cookies["__Host-keydeck"] == nil {
							t.Error("the session has ended")
						}
					})
				}
			}
		}
	}
}

// reason is what a page has to say of a refusal, if it shows that there was one.
type reason struct {
	api     string
	status  int
	manages bool
}

func wantReason(t *testing.T, answer answer, want reason) {
	t.Helper()
	page := answer.doc(t)
	text := page.Text("main")
	htmltest.Sound(t, page)
	if want.manages {
		for _, never := range groupWords {
			if strings.Contains(text, never) {
				t.Errorf("a manager reads %q: %s", never, text)
			}
		}
	}
	if strings.Contains(text, "There is no such") && want.status != http.StatusNotFound {
		t.Errorf("it claims an absence: %s", text)
	}
	told := strings.Contains(text, "“"+words+"”")
	if failed := answer.status >= http.StatusBadRequest || page.Has("main .message-warning, #notice .message-warning") && !page.Has(".dialog"); failed && !told {
		t.Errorf("%d without the API's words: %s", answer.status, text)
	}
	if !told {
		return
	}
	if !strings.Contains(text, "The "+want.api) && want.status != 403 && want.status != 404 && want.status != 409 {
		t.Errorf("it does not name the %s: %s", want.api, text)
	}
	if want.status == http.StatusTooManyRequests && !strings.Contains(text, "Try again in 2 minutes.") {
		t.Errorf("it does not say how long to wait: %s", text)
	}
}

// TestRefusedByManagement: an owner whom the Management API refuses reads why, and
// can do what the Cloud API allows.
func TestRefusedByManagement(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(owner)
	key := b.key("Terraform state")
	refused := b.on(c.rewriting(refuse("/accesskeys", 403, "[VDC-5-451] "+words)))
	page := refused.get(keysPage + "?more=" + key).doc(t)
	row := page.Text(rowOf(key))
	if !strings.Contains(page.Text("main"), words) || page.Count("[data-key]") != 2 || !page.Has("[role=switch]") ||
		!strings.Contains(row, "Delete") || !strings.Contains(row, "Copy key") || strings.Contains(row, "Renew") {
		t.Errorf("the page says %s", page.Text("main"))
	}
	if page.Has("a[href='" + keysPage + "/new']") {
		t.Error("a key can be generated")
	}
	if answer := refused.post(keysPage+"/"+key+"/deactivate", url.Values{"confirm": {"yes"}}); answer.status != http.StatusSeeOther {
		t.Errorf("deactivating: %d %s", answer.status, answer.doc(t).Text("main"))
	}
	c.settle()
	if answer := refused.post(keysPage+"/"+key+"/delete", url.Values{"confirm": {"yes"}}); answer.status != http.StatusSeeOther {
		t.Errorf("deleting: %d %s", answer.status, answer.doc(t).Text("main"))
	}
	c.settle()
	if got := b.get(keysPage).doc(t).Count("[data-key]"); got != 1 {
		t.Errorf("%d keys are left", got)
	}
	for _, action := range []string{"renew", "description", "rotate"} {
		other := b.key("Root backup, admin key")
		answer := refused.get(keysPage + "/" + other + "/" + action)
		if text := answer.doc(t).Text("main"); answer.status != http.StatusForbidden || !strings.Contains(text, words) {
			t.Errorf("%s: %d %s", action, answer.status, text)
		}
	}
}

// TestGenerateRefused: each refusal to make a key says that none was made, and why.
func TestGenerateRefused(t *testing.T) {
	t.Parallel()
	for _, account := range []string{member, owner} {
		for _, status := range []int{400, 401, 403, 404, 409, 415, 422, 429} {
			t.Run(account+" "+strconv.Itoa(status), func(t *testing.T) {
				t.Parallel()
				c := newConsole(t)
				b := c.signIn(account)
				form := url.Values{"request_id": {b.requestID()}, "description": {"new"}}
				c.fault(fmt.Sprintf(`{"method":"POST","path":"/accesskeys","status":%d,"headers":{"Retry-After":"120"},
					"body":"{\"httpStatus\":%d,\"messages\":[{\"message\":\"%s\"}]}"}`, status, status, words))
				answer := b.post(keysPage, form)
				text := answer.doc(t).Text("main")
				if answer.status < 400 || strings.Contains(text, "no such key") || status != http.StatusUnauthorized && !strings.Contains(text, "No key was generated") {
					t.Errorf("%d: %s", answer.status, text)
				}
				if status == http.StatusNotFound && !strings.Contains(text, "The key could not be made.") {
					t.Errorf("it says %s", text)
				}
				wantReason(t, answer, reason{api: "Object Storage Management API", status: status, manages: account == owner})
				if b.cookies["__Host-keydeck"] == nil || b.get(keysPage).status != http.StatusOK {
					t.Error("the session has ended")
				}
			})
		}
	}
}

// TestTokenRefused: one API that refuses the token is named, and what the other
// knows is shown; signing in again is not asked for.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	for api, prefix := range apiPrefixes {
		t.Run(api, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(full)
			refused := b.on(c.rewriting(refuse(prefix, 401, "Unauthorized")))
			for range 3 {
				page := refused.get(keysPage)
				text := page.doc(t).Text("main")
				if page.status != http.StatusOK || !strings.Contains(text, "The "+api+" refuses the token of your session") ||
					!strings.Contains(text, "you stay signed in") || page.doc(t).Count("[data-key]") != 5 {
					t.Errorf("%d: %s", page.status, text)
				}
			}
			if n := count(c.asked(), "GET /auth/v1/tokens/generate"); n != 0 || refused.cookies["__Host-keydeck"] == nil {
				t.Errorf("%d tokens were made, and the cookies are %v", n, refused.cookies)
			}
		})
	}
	c := newConsole(t)
	loop := c.rewriting(refuse("/accesskeys", 401, "Unauthorized")).signIn(member)
	if page := loop.get(keysPage); page.status != http.StatusOK || !strings.Contains(page.doc(t).Text("main"), "Management API refuses the token") {
		t.Errorf("refused from the beginning: %d", page.status)
	}
	loop.post("/sign-out", nil)
	b := c.signIn(full)
	answer := b.on(c.rewriting(refuse("/", 401, "Unauthorized"))).get(keysPage)
	if answer.status != http.StatusSeeOther || !strings.HasPrefix(answer.header.Get("Location"), "/sign-in") {
		t.Errorf("refused by all: %d", answer.status)
	}
	if got := b.get(keysPage); got.status != http.StatusSeeOther {
		t.Errorf("the session lives on: %d", got.status)
	}
}

// TestSignInRefusedByCloud: the password is right, and the page does not say
// otherwise. The token that was made is deleted.
func TestSignInRefusedByCloud(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.rewriting(refuse("/cloudapi/v6", 401, words)).browser()
	answer := b.post("/sign-in", url.Values{"email": {member}, "password": {"sandbox"}})
	text := answer.doc(t).Text("main")
	if !strings.Contains(text, "are right, but the Cloud API refuses") || strings.Contains(text, "do not match") || !strings.Contains(text, words) {
		t.Errorf("%d: %s", answer.status, text)
	}
	if n := count(c.asked(), "DELETE /auth/v1/tokens/"); n != 1 || len(c.sessionKeys()) != 0 {
		t.Errorf("%d tokens were deleted", n)
	}
	missing := c.rewriting(refuse("/auth/v1", 404, words)).browser()
	text = missing.post("/sign-in", url.Values{"email": {member}, "password": {"sandbox"}}).doc(t).Text("main")
	if strings.Contains(text, "which of your contracts") || strings.Contains(text, "no such key") || !strings.Contains(text, words) {
		t.Errorf("an Auth API that is not there: %s", text)
	}
}
