package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
)

// TestAddToGroup: from the keys of a user without the privilege to their first key.
func TestAddToGroup(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	tab, group := c.keysOf(guest), c.groupID("Storage Team")
	page := b.get(tab).doc(t)
	htmltest.Sound(t, page)
	if !page.Has("form[action$='/groups'] input[name=from]") || strings.Contains(page.Text("main"), "DCD") {
		t.Fatalf("no group is offered: %s", page.Text("main"))
	}
	offered := page.One("form[action$='/groups']")
	for _, giving := range offered.All("option") {
		if name := giving.Text(); !strings.Contains(b.get("/groups/"+giving.Attr("value")).body, "gives Use Object Storage") {
			t.Errorf("%s is offered", name)
		}
	}
	c.asked()
	added := b.post("/users/"+c.userID(guest)+"/groups", url.Values{"group": {group}, "from": {"keys"}})
	waits := added.header.Get("Location")
	if added.status != http.StatusSeeOther || waits != tab+"?awaits="+group+"&member=yes" {
		t.Fatalf("got %d to %q", added.status, waits)
	}
	if asked := changes(c.asked()); len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
	if page := b.get(waits).doc(t); !strings.Contains(page.Text("main div[role=status]"), "being added") || !page.Has("#keys[hx-get*='awaits=']") {
		t.Errorf("meanwhile it says %s", page.Text("main"))
	}
	c.settle()
	if page := b.get(waits).doc(t); !strings.Contains(page.Text("main div[role=status]"), "is in the group") || page.Has("#keys[hx-get]") || page.Has("form[action$='/groups']") {
		t.Errorf("in the end it says %s", page.Text("main"))
	}
	b.generateFor(tab)
	if e := c.events(t)[len(c.events(t))-1]; e.Action != "generate" {
		t.Errorf("the last record is %+v", e)
	}
	for _, e := range c.events(t) {
		if e.Action == "add-to-group" && (e.Target != c.userID(guest) || e.Group != group || e.Outcome != "done") {
			t.Errorf("the record is %+v", e)
		}
	}
}

// TestPrivilegeSpreads: the group is seen and the API still refuses: the page says so,
// and looks again.
func TestPrivilegeSpreads(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	tab, group := c.keysOf(guest), c.groupID("Storage Team")
	b.post("/users/"+c.userID(guest)+"/groups", url.Values{"group": {group}, "from": {"keys"}})
	c.settle()
	c.fault(`{"method":"GET","path":"/cloudapi/v6/um/users/` + c.userID(guest) + `/s3keys","times":9,"status":422,"body":"{\"httpStatus\":422,\"messages\":[{\"errorCode\":\"601\",\"message\":\"The user needs to be part of a group that has ACCESS_S3_OBJECT_STORAGE privilege\"}]}"}`)
	page := b.get(tab + "?awaits=" + group + "&member=yes").doc(t)
	if !strings.Contains(page.Text("main div[role=status]"), "cannot have keys yet") || !page.Has("#keys[hx-get]") || strings.Contains(page.Text("main"), "another reason") {
		t.Errorf("it says %s", page.Text("main"))
	}
	late := b.get(tab + "?awaits=" + group + "&member=yes&poll=10").doc(t)
	if !strings.Contains(late.Text("main div[role=status]"), "does not show the change yet") || late.Has("#keys[hx-get]") {
		t.Errorf("after many looks it says %s", late.Text("main"))
	}
}

// TestRemoveFromGroup: it asks where the privilege goes with the group, and there alone.
func TestRemoveFromGroup(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	for _, tt := range []struct {
		email, group string
		asks         bool
	}{
		{member, "Storage Team", true}, {guest, "Network Engineering", false},
	} {
		user, group := "/users/"+c.userID(tt.email), c.groupID(tt.group)
		page := b.get(user).doc(t)
		htmltest.Sound(t, page)
		c.asked()
		remove := b.submit(page, "Remove")
		if asks := remove.status == http.StatusUnprocessableEntity; asks != tt.asks {
			t.Fatalf("%s: got %d", tt.email, remove.status)
		}
		if tt.asks {
			question := remove.doc(t)
			htmltest.Sound(t, question)
			if asked := changes(c.asked()); len(asked) > 0 || !strings.Contains(question.Text("main"), "No other group gives this user") {
				t.Errorf("asked %v: %s", asked, question.Text("main"))
			}
			remove = b.submit(question, "Remove")
		}
		waits := remove.header.Get("Location")
		if waits != user+"?awaits="+group+"&member=no" {
			t.Errorf("it leads to %q", waits)
		}
		c.settle()
		if page := b.get(waits).doc(t); !strings.Contains(page.Text("main div[role=status]"), "not in the group any more") || page.Has("form[action*='"+group+"']") {
			t.Errorf("in the end it says %s", page.Text("main"))
		}
	}
}

// TestMembershipTrouble: what cannot be done is said on the user's page, with its status
// and the API's words; what is not known is looked up.
func TestMembershipTrouble(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		group, fault string
		status       int
		says         string
	}{
		"no group":                {"", "", 422, "Choose a group"},
		"markup":                  {"<b>", "", 422, "Choose a group"},
		"a group that is no more": {strings.Repeat("0", 8) + "-0000-4000-8000-" + strings.Repeat("0", 12), "", 404, "not there any more"},
		"forbidden":               {"Storage Team", `"status":403,"body":"{\"httpStatus\":403,\"messages\":[{\"errorCode\":\"451\",\"message\":\"[VDC-5-451] Access denied\"}]}"`, 403, "Access denied"},
		"the API fails":           {"Storage Team", `"status":503`, 303, ""},
		"throttled":               {"Storage Team", `"status":429,"headers":{"Retry-After":"30"}`, 429, "Try again in 30 seconds"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(admin)
			group := tt.group
			if tt.fault != "" {
				group = c.groupID(tt.group)
				c.fault(`{"method":"POST","path":"/cloudapi/v6/um/groups/","times":9,` + tt.fault + `}`)
			}
			answer := b.post("/users/"+c.userID(guest)+"/groups", url.Values{"group": {group}})
			if answer.status != tt.status {
				t.Fatalf("got %d: %s", answer.status, answer.body)
			}
			if tt.status == http.StatusSeeOther {
				return
			}
			if page := answer.doc(t); !strings.Contains(page.Text("main"), tt.says) || !page.Has("select[name=group]") {
				t.Errorf("it says %s", page.Text("main"))
			}
		})
	}
}
