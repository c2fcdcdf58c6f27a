package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestSearchUsersDemoted: what was read a moment ago is not shown to an
// administrator who is none any more.
func TestSearchUsersDemoted(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b, other := c.signIn(admin), c.signIn(owner)
	for _, reader := range []*browser{b, other} {
		if page := reader.get("/users?q=amara").doc(t); page.Count("[data-user]") != 1 {
			t.Fatalf("before: %s", page.Text("#rows"))
		}
	}
	c.control(http.MethodPost, "users/"+c.userID(admin), `{"administrator":false}`)
	for _, address := range []string{"/users?q=amara", "/users?q=" + member, "/users?sort=name", "/key-owner?key=" + fullsKey} {
		if answer := b.get(address); answer.status != http.StatusForbidden || strings.Contains(answer.body, "Amara") {
			t.Errorf("%s: %d", address, answer.status)
		}
	}
	if page := other.get("/users?q=amara").doc(t); page.Count("[data-user]") != 1 {
		t.Errorf("the owner: %s", page.Text("#rows"))
	}
}

// TestSearchUsersReaderSignsOut: the reading that one person began serves
// another after that person has signed out.
func TestSearchUsersReaderSignsOut(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b, other := c.signIn(admin), c.signIn(owner)
	b.get("/users?q=amara")
	if answer := b.post("/sign-out", nil); answer.status != http.StatusSeeOther {
		t.Fatalf("sign-out: %d", answer.status)
	}
	c.asked()
	if page := other.get("/users?q=amara").doc(t); page.Count("[data-user]") != 1 {
		t.Errorf("the owner: %s", page.Text("#rows"))
	}
	if got := count(c.asked(), "GET /cloudapi/v6/um/users"); got != 1 {
		t.Errorf("the users were listed %d times, want one check", got)
	}
}

// TestRegionsEmpty: an empty catalogue is not kept.
func TestRegionsEmpty(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(full)
	address := keysPage + "/" + b.key("CI artifacts") + "/regions"
	c.fault(`{"method":"GET","path":"/regions","status":200,"body":"{\"items\":[]}"}`)
	b.get(address)
	if page := b.get(address).doc(t).Text("main"); !strings.Contains(page, "s3.us-central-1.ionoscloud.com") {
		t.Errorf("after an empty catalogue: %s", page)
	}
}
