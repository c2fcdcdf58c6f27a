package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"keydeck/internal/audit"
	"keydeck/internal/htmltest"
)

// groupPage is the address of a group.
func (c *console) groupPage(name string) string { return "/groups/" + c.groupID(name) }

// TestAddMembers: people are pasted as they come; the page looks until the API shows all
// of them in the group.
func TestAddMembers(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	group := c.groupPage("Network Engineering")
	htmltest.Sound(t, b.get(group).doc(t))
	added := b.post(group+"/members", url.Values{"users": {"Max Full <" + strings.ToUpper(full) + ">, " + member + ";" + member + "\r\n" + twofa + " "}})
	waits := added.header.Get("Location")
	if added.status != http.StatusSeeOther || strings.Count(waits, "awaits=") != 3 {
		t.Fatalf("got %d to %q: %s", added.status, waits, added.body)
	}
	page := b.get(waits).doc(t)
	if !strings.Contains(page.Text("#group div[role=status]"), "3 users are being added") || !page.Has("#group[hx-get*='of=3']") || !page.Has("noscript") {
		t.Errorf("meanwhile it says %s", page.Text("#group div[role=status]"))
	}
	c.settle()
	page = b.get(waits).doc(t)
	if !strings.Contains(page.Text("#group div[role=status]"), "3 users are in the group") || page.Has("#group[hx-get]") || !strings.Contains(page.Text("main"), twofa) {
		t.Errorf("in the end it says %s", page.Text("main"))
	}
	late := b.get(group + "?member=yes&poll=10&awaits=" + c.userID(guest) + "&awaits=" + c.userID("owner@keydeck.example")).doc(t)
	if late.Has("#group[hx-get]") != strings.Contains(late.Text("#group div[role=status]"), "being added") {
		t.Errorf("after many looks: %s", late.Text("#group div[role=status]"))
	}
	added3 := 0
	for _, e := range c.events(t) {
		if e.Action == audit.AddToGroup && e.Outcome == audit.Done && e.Group == c.groupID("Network Engineering") && e.TargetAs != "" {
			added3++
		}
	}
	if added3 != 3 {
		t.Errorf("%d records", added3)
	}
}

// TestAddMembersTrouble: those who cannot be added stay in the form, with the reason.
func TestAddMembersTrouble(t *testing.T) {
	t.Parallel()
	refused := `"status":403,"body":"{\"httpStatus\":403,\"messages\":[{\"errorCode\":\"451\",\"message\":\"[VDC-5-451] Access denied\"}]}"`
	for name, tt := range map[string]struct {
		typed, fault string
		status       int
		says, keeps  string
	}{
		"nobody":        {" \n ", "", 422, "Enter the e-mail address", ""},
		"a stranger":    {member + "\nnobody@example.com", "", 422, "No user of this contract has this e-mail address", "nobody@example.com\n"},
		"no e-mail":     {"Anna", "", 422, "Anna: No user", "Anna\n"},
		"markup":        {"<b>x</b>", "", 422, "", ""},
		"control":       {"\x00\x1b[1m@", "", 422, "", ""},
		"too many":      {strings.Repeat("a@b.example,", 1) + manyAddresses(25), "", 422, "These are 26 people", "a@b.example"},
		"forbidden":     {member, refused, 422, "Access denied", member},
		"throttled":     {member, `"status":429,"headers":{"Retry-After":"30"}`, 422, "not added", member},
		"answer lost":   {member, `"drop":"after"`, 303, "", ""},
		"the API fails": {member, `"status":503`, 303, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			b := c.signIn(admin)
			if tt.fault != "" {
				c.fault(`{"method":"POST","path":"/cloudapi/v6/um/groups/","times":9,` + tt.fault + `}`)
			}
			answer := b.post(c.groupPage("Network Engineering")+"/members", url.Values{"users": {tt.typed}})
			if answer.status != tt.status {
				t.Fatalf("got %d: %s", answer.status, answer.body)
			}
			if tt.status == http.StatusSeeOther {
				return
			}
			page := answer.doc(t)
			htmltest.Sound(t, page)
			if !strings.Contains(page.Text("main"), tt.says) || !strings.Contains(page.Text("#users"), strings.TrimSpace(tt.keeps)) {
				t.Errorf("it says %s, and keeps %q", page.Text("main"), page.Text("#users"))
			}
		})
	}
	c := newConsole(t)
	b := c.signIn(admin)
	none := "/groups/00000000-0000-4000-8000-000000000000"
	for _, address := range []string{none + "/members", "/groups/x/members", none + "/privilege", "/groups/x/privilege", "/groups/x/onboard"} {
		if answer := b.post(address, url.Values{"users": {member}, "s3": {"yes"}}); answer.status != http.StatusNotFound {
			t.Errorf("%s: %d", address, answer.status)
		}
	}
}

func manyAddresses(n int) string {
	var list strings.Builder
	for i := range n {
		list.WriteString("user" + strings.Repeat("x", i) + "@example.com\n")
	}
	return list.String()
}

// TestRemoveMember: on the group's page it asks where the privilege goes with the group,
// and leads back there.
func TestRemoveMember(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	group := c.groupPage("Storage Team")
	remove := url.Values{"from": {"group"}}
	address := "/users/" + c.userID(member) + "/groups/" + c.groupID("Storage Team") + "/remove"
	if page := b.get(group).doc(t); !page.Has("form[action='" + address + "'] input[name=from][value=group]") {
		t.Fatalf("it is not offered: %s", page.Text("main"))
	}
	question := b.post(address, remove)
	if question.status != http.StatusUnprocessableEntity || question.doc(t).Attr("footer a", "href") != group {
		t.Fatalf("it asks: %d, back to %q", question.status, question.doc(t).Attr("footer a", "href"))
	}
	waits := b.submit(question.doc(t), "Remove").header.Get("Location")
	if waits != group+"?awaits="+c.userID(member)+"&member=no" {
		t.Fatalf("it leads to %q", waits)
	}
	c.settle()
	if page := b.get(waits).doc(t); !strings.Contains(page.Text("#group div[role=status]"), "not in the group any more") || strings.Contains(page.Text("table"), member) {
		t.Errorf("in the end: %s", page.Text("main"))
	}
}

// TestPrivilege: a group is given the privilege and it is taken away again, each after a
// question that says what it means.
func TestPrivilege(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	group := c.groupPage("Network Engineering")
	for _, tt := range []struct{ asks, button, wanted, says, may string }{
		{"Give Use Object Storage?", "Give", "yes", "The group gives Use Object Storage", "gives Use Object Storage"},
		{"Take away Use Object Storage?", "Take away", "no", "does not give Use Object Storage any more", "does not give"},
	} {
		question := b.get(group + "/privilege").doc(t)
		htmltest.Sound(t, question)
		if !strings.Contains(question.Text("h1"), tt.asks) || !strings.Contains(question.Text("main"), "This group has one member") {
			t.Errorf("it asks %s", question.Text("main"))
		}
		c.asked()
		answer := b.submit(question, tt.button)
		waits := answer.header.Get("Location")
		if answer.status != http.StatusSeeOther || waits != group+"?s3="+tt.wanted {
			t.Fatalf("%s: %d to %q", tt.button, answer.status, waits)
		}
		if asked := changes(c.asked()); len(asked) != 1 {
			t.Errorf("asked %v", asked)
		}
		if page := b.get(waits).doc(t); !strings.Contains(page.Text("#group div[role=status]"), "being changed") || !page.Has("#group[hx-get]") {
			t.Errorf("meanwhile: %s", page.Text("#group div[role=status]"))
		}
		c.settle()
		if page := b.get(waits).doc(t); !strings.Contains(page.Text("#group div[role=status]"), tt.says) || !strings.Contains(page.Text("main"), tt.may) || page.Has("#group[hx-get]") {
			t.Errorf("in the end: %s", page.Text("main"))
		}
	}
	if answer := b.post(group+"/privilege", url.Values{"s3": {"maybe"}}); answer.status != http.StatusUnprocessableEntity {
		t.Errorf("neither: %d", answer.status)
	}
	c.fault(`{"method":"PUT","path":"/cloudapi/v6/um/groups/","times":1,"status":403}`)
	if answer := b.post(group+"/privilege", url.Values{"s3": {"yes"}}); answer.status != http.StatusForbidden {
		t.Errorf("forbidden: %d", answer.status)
	}
	if answer := c.signIn(member).post(group+"/privilege", url.Values{"s3": {"yes"}}); answer.status != http.StatusForbidden {
		t.Errorf("by a member: %d", answer.status)
	}
}

// TestOnboard: from a group to a key for each member without one, and to what their
// owners are told; nobody's secret is shown.
func TestOnboard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t)
		b := c.as(admin)
		group := c.groupPage("Storage Team")
		address := b.get(group).doc(t).Attr("a:contains('Generate keys for members without one')", "href")
		page := b.get(address).doc(t)
		htmltest.Sound(t, page)
		htmltest.NoInline(t, page)
		if text := page.Text("main"); !strings.Contains(text, member) || strings.Contains(text, full) || page.Has("input[checked]") {
			t.Fatalf("offered: %s", text)
		}
		form := url.Values{"request_id": {page.Attr("input[name=request_id]", "value")}}
		if answer := b.post(address, form); answer.status != http.StatusUnprocessableEntity || !strings.Contains(answer.body, "No member is selected") {
			t.Errorf("nobody: %d", answer.status)
		}
		if page := b.get(address + "?select=all").doc(t); page.Count("input[name=user][checked]") != page.Count("input[name=user]") {
			t.Error("not all are selected")
		}
		form["user"] = []string{c.userID(member), c.userID(member), c.userID(twofa)} // twofa has one by now
		c.asked()
		first, second := b.post(address, form), b.post(address, form)
		to := first.header.Get("Location")
		if first.status != http.StatusSeeOther || second.header.Get("Location") != to {
			t.Fatalf("%d %q, then %d %q", first.status, to, second.status, second.header.Get("Location"))
		}
		page = b.settled(to)
		htmltest.Sound(t, page)
		made := c.keyOf(member)
		if page.Count("[data-result=done]") != 1 || !strings.Contains(page.Text("[data-result=refused]"), "has a key by now") {
			t.Errorf("in the end: %s", page.Text("main"))
		}
		if mail := page.Attr("[data-result=done] a[href^='mailto:']", "href"); !strings.Contains(mail, url.QueryEscape("/object-storage/keys/"+made)) {
			t.Errorf("the message is %q", mail)
		}
		tell := b.get(page.Attr("[data-result=done] a[href$='/handover']", "href"))
		for _, body := range []string{page.Text("html"), tell.body, b.get(to + "/results.csv").body} {
			if strings.Contains(body, c.secretOf(member, made)) {
				t.Error("a secret is shown")
			}
		}
		if rest := page.Attr("a:contains('Try the rest again')", "href"); rest != address {
			t.Errorf("the rest is at %q", rest)
		}
		counts := map[string]int{}
		for _, e := range c.events(t) {
			counts[string(e.Action+" "+audit.Action(e.Outcome))]++
		}
		if counts["generate-keys done"] != 1 || counts["generate-keys refused"] != 1 || counts["generate done"] != 1 || counts["generate refused"] != 1 {
			t.Errorf("records: %v", counts)
		}
	})
}

// TestOnboardBadInput: forms of other groups, of long ago and with what is no user.
func TestOnboardBadInput(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn(admin)
	address := c.groupPage("Storage Team") + "/onboard"
	other := b.get(c.groupPage("Network Engineering")+"/onboard").doc(t).Attr("input[name=request_id]", "value")
	for name, form := range map[string]url.Values{
		"another group's": {"user": {c.userID(member)}, "request_id": {other}},
		"made up":         {"user": {c.userID(member)}, "request_id": {"x"}},
		"no user":         {"user": {"<b>"}, "request_id": {b.get(address).doc(t).Attr("input[name=request_id]", "value")}},
	} {
		c.asked()
		answer := b.post(address, form)
		if asked := changes(c.asked()); answer.status != http.StatusUnprocessableEntity || len(asked) > 0 {
			t.Errorf("%s: %d, asked %v", name, answer.status, asked)
		}
	}
	for path, want := range map[string]int{
		`{"path":"/cloudapi/v6/um/users/` + c.userID(member) + `/s3keys","status":503,"times":9}`: http.StatusOK,
		`{"path":"/cloudapi/v6/um/users/` + c.userID(member) + `/s3keys","status":403,"times":9}`: http.StatusForbidden,
	} {
		c.fault(path)
		answer := b.get(address)
		if answer.status != want || want == http.StatusOK && !strings.Contains(answer.doc(t).Text("main"), "could not be read") {
			t.Errorf("%s: %d", path, answer.status)
		}
		c.control(http.MethodDelete, "faults", "")
	}
	if answer := c.signIn(member).get(address); answer.status != http.StatusForbidden {
		t.Errorf("by a member: %d", answer.status)
	}
}
