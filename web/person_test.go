package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestDeactivatedAccount: a pair that is kept in the session is refused at each
// address that shows it, and the session ends.
func TestDeactivatedAccount(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"", "/key-pair.csv", "/use/aws-cli", "/use/aws-cli/credentials?region=eu-central-3", "/regions"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(member)
			address := b.generate("new")
			secret := b.get(address).doc(t).Text("#secret")
			c.control(http.MethodPost, "users/"+member, `{"active":false}`)
			answer := b.get(address + end)
			// What is left in the index is for its token to be revoked.
			left := slices.ContainsFunc(c.sessionKeys(), func(key string) bool { return strings.HasPrefix(key, "session/") })
			if answer.status != http.StatusSeeOther || strings.Contains(answer.body, secret) || left {
				t.Errorf("%d, and of the session there is %v", answer.status, c.sessionKeys())
			}
			if page := b.get(answer.header.Get("Location")).doc(t); !strings.Contains(page.Text("main"), "account was deactivated") {
				t.Errorf("the sign-in page says %s", page.Text("main"))
			}
		})
	}
}

// TestPresentEmail: a person whose e-mail address or name changes while they are
// signed in sees the present one wherever it is shown and downloaded.
func TestPresentEmail(t *testing.T) {
	t.Parallel()
	const present = "present@keydeck.example"
	for name, path := range map[string]string{
		"list": "", "key": "/{key}", "CSV": "/{key}/key-pair.csv", "use": "/{key}/use/cyberduck",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(member)
			address := strings.Replace(keysPage+path, keysPage+"/{key}", b.generate("new"), 1)
			c.settle()
			c.control(http.MethodPost, "users/"+member, `{"email":"`+present+`","lastname":"Present"}`)
			answer := b.get(address)
			if answer.status != http.StatusOK || strings.Contains(answer.body, member) || name != "use" && !strings.Contains(answer.body, present) {
				t.Errorf("%d: %s", answer.status, answer.body)
			}
			if bar := b.get(sessionsPage).doc(t).Text("header.bar"); !strings.Contains(bar, present) || !strings.Contains(bar, "Amara Present") {
				t.Errorf("the next page says %s", bar)
			}
		})
	}
}

// TestDemotedAdministrator: the menu follows the first page that is refused, or Key
// management, and the session has the present role.
func TestDemotedAdministrator(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	group := c.groupID("Storage Team")
	for _, path := range []string{"/users", "/users?q=a", "/users/" + c.userID(full), c.keysOf(full), "/groups", "/groups/" + group, "/key-owner?key=" + fullsKey, keysPage} {
		t.Run(path, func(t *testing.T) {
			c.control(http.MethodPost, "users/"+admin, `{"administrator":true}`)
			b := c.signIn(admin)
			c.control(http.MethodPost, "users/"+admin, `{"administrator":false}`)
			c.control(http.MethodPost, "users/"+full, `{"administrator":false}`)
			first := b.get(path)
			if forbidden := first.status == http.StatusForbidden; forbidden != (path != keysPage) || first.doc(t).Has(".menu a[href='/users']") {
				t.Errorf("%d with the menu %s", first.status, first.doc(t).Text(".menu"))
			}
			c.asked()
			next := b.get("/users")
			if asked := c.asked(); next.status != http.StatusForbidden || len(asked) > 0 || next.doc(t).Has(".menu a[href='/users']") {
				t.Errorf("%d, asking %v", next.status, asked)
			}
			c.control(http.MethodPost, "users/"+admin, `{"administrator":true}`)
			if !b.get(keysPage).doc(t).Has(".menu a[href='/users']") || b.get("/users").status != http.StatusOK {
				t.Error("an administrator again, and the menu does not show it")
			}
		})
	}
}

// TestDemotedAdministratorPosts: a refused change corrects the role too.
func TestDemotedAdministratorPosts(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"", "/" + fullsKey + "/deactivate", "/" + fullsKey + "/activate", "/" + fullsKey + "/delete", "/" + fullsKey + "/test"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(admin)
			address := c.keysOf(full)
			id := b.get(address+"/new").doc(t).Attr("input[name=request_id]", "value")
			c.control(http.MethodPost, "users/"+admin, `{"administrator":false}`)
			answer := b.post(address+end, url.Values{"confirm": {"yes"}, "request_id": {id}, "region": {"de"}})
			if answer.status != http.StatusForbidden || answer.doc(t).Has(".menu a[href='/users']") || b.get(sessionsPage).doc(t).Has(".menu a[href='/users']") {
				t.Errorf("%d: %s", answer.status, answer.doc(t).Text("body"))
			}
		})
	}
}
