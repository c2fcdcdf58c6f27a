package sandbox_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

const unknownID = "11111111-1111-4111-8111-111111111111"

func TestToggleByTheClock(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now, Provisioning: 3 * time.Second})
	c := as(t, s, admin)
	uid := idOf(t, s, admin)
	path := s3keys(uid, c.want(200, "GET", s3keys(uid), "").str("items", 0, "id"))
	is := func(want bool) {
		t.Helper()
		if got := c.want(200, "GET", path, "").at("properties", "active"); got != want {
			t.Errorf("active %v, want %v", got, want)
		}
	}
	put := func(active bool) string {
		t.Helper()
		a := c.want(202, "PUT", path, fmt.Sprintf(`{"properties":{"active":%v}}`, active))
		return strings.TrimPrefix(a.header.Get("Location"), "http://example.com")
	}
	status := func(location, want string) {
		t.Helper()
		if got := c.want(200, "GET", location, "").str("metadata", "status"); got != want {
			t.Errorf("request is %s, want %s", got, want)
		}
	}

	first := put(false)
	is(true)
	status(first, "QUEUED")
	clk.advance(999 * time.Millisecond)
	status(first, "QUEUED")
	clk.advance(time.Millisecond)
	status(first, "RUNNING")
	second := put(true) // while the first is under way
	clk.advance(2 * time.Second)
	status(first, "DONE")
	status(second, "RUNNING")
	is(false)
	clk.advance(time.Second)
	status(second, "DONE")
	is(true)

	third := put(false)
	deleted := c.want(202, "DELETE", path, "")
	if deleted.text != "" || deleted.header.Get("Location") == "" {
		t.Error("deleting answers with a body or without a Location")
	}
	clk.advance(3 * time.Second)
	status(third, "DONE")
	c.want(422, "GET", path, "")
	as(t, s, member).want(404, "GET", third, "")
	c.want(404, "GET", cloud+"/requests/"+unknownID+"/status", "")
}

func TestS3KeyForm(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now, Provisioning: -1})
	c := as(t, s, owner)
	uid := idOf(t, s, member)
	a := c.want(200, "POST", s3keys(uid), "")
	if !regexp.MustCompile(`^http://example.com/cloudapi/v6/requests/[0-9a-f-]{36}/status$`).MatchString(a.header.Get("Location")) {
		t.Errorf("Location %q", a.header.Get("Location"))
	}
	if got := a.str("metadata", "createdDate"); got != "2026-03-01T12:00:00" {
		t.Errorf("created %q: a zone, or another time", got)
	}
	if got := a.str("metadata", "createdBy"); got != owner {
		t.Errorf("created by %q", got)
	}
	list := c.want(200, "GET", s3keys(uid)+"?depth=1", "")
	one := c.want(200, "GET", s3keys(uid, a.str("id")), "")
	for _, secret := range []string{list.str("items", 0, "properties", "secretKey"), one.str("properties", "secretKey")} {
		if secret == "" || secret != a.str("properties", "secretKey") {
			t.Error("a secret is missing or another one")
		}
	}
	refs := c.want(200, "GET", s3keys(uid), "")
	if refs.at("items", 0, "properties") != nil || refs.str("items", 0, "id") != a.str("id") {
		t.Error("depth 0 gives more or less than references")
	}
	for _, name := range []string{"Remaining", "Limit", "Burst"} {
		if one.header.Get("X-RateLimit-"+name) == "" {
			t.Errorf("no X-RateLimit-%s", name)
		}
	}
}

func TestUpdateS3KeyRefuses(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, full)
	uid := idOf(t, s, full)
	path := s3keys(uid, c.want(200, "GET", s3keys(uid), "").str("items", 0, "id"))
	for body, status := range map[string]int{
		"": 422, "{}": 422, `{"properties":{"active":"no"}}`: 422, `{"properties":{`: 400,
	} {
		a := c.want(status, "PUT", path, body)
		if !strings.HasPrefix(a.message(), "[VDC-") {
			t.Errorf("message %q", a.message())
		}
	}
	c.want(415, "PUT", path, `{"properties":{"active":true}}`, "Content-Type", "text/plain")
	a := c.want(422, "DELETE", s3keys(uid, "nobodys"), "")
	if !strings.Contains(a.message(), "The access key cannot be found, please double-check the key id and try again.") {
		t.Errorf("message %q", a.message())
	}
	foreign := as(t, s, owner).want(200, "GET", s3keys(idOf(t, s, owner)), "").str("items", 0, "id")
	c.want(422, "GET", s3keys(uid, foreign), "")
}

func TestRoles(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	ids := map[string]string{}
	for _, a := range s.Accounts() {
		ids[a.Email] = idOf(t, s, a.Email)
	}
	group := as(t, s, owner).want(200, "GET", cloud+"/um/groups", "").str("items", 0, "id")
	anyone := map[string]int{owner: 200, admin: 200, member: 200, guest: 200, twofa: 200, "": 401}
	admins := map[string]int{owner: 200, admin: 200, member: 403, guest: 403, twofa: 403, "": 401}
	nobody := map[string]int{owner: 404, admin: 404, member: 403, guest: 403, twofa: 403, "": 401}
	for path, want := range map[string]map[string]int{
		"/contracts":                             anyone,
		"/um/users":                              admins,
		"/um/groups":                             admins,
		"/um/groups/" + group:                    admins,
		"/um/groups/" + group + "/users":         admins,
		"/um/groups/" + unknownID:                nobody,
		"/um/users/" + unknownID:                 nobody,
		"/um/users/" + unknownID + "/s3keys":     nobody,
		"/um/users/" + ids[full]:                 admins,
		"/um/users/" + ids[full] + "/groups":     admins,
		"/um/users/" + ids[full] + "/s3keys":     admins,
		"/um/users/" + ids[full] + "/s3keys/x":   {owner: 422, admin: 422, member: 403, guest: 403, twofa: 403, "": 401},
		"/um/users/" + ids[member]:               {owner: 200, admin: 200, member: 200, guest: 403, twofa: 403, "": 401},
		"/um/users/" + ids[member] + "/groups":   {owner: 200, admin: 200, member: 200, guest: 403, twofa: 403, "": 401},
		"/um/users/" + ids[member] + "/s3keys":   {owner: 200, admin: 200, member: 200, guest: 403, twofa: 403, "": 401},
		"/um/users/" + ids[member] + "/s3keys/x": {owner: 422, admin: 422, member: 422, guest: 403, twofa: 403, "": 401},
	} {
		for who, status := range want {
			c := anonymous(t, s)
			if who != "" {
				c = as(t, s, who)
			}
			a := c.want(status, "GET", cloud+path, "")
			codes := map[int]string{401: "315", 403: "451", 404: "309"}
			if code := codes[status]; code != "" && (a.str("messages", 0, "errorCode") != code || a.at("httpStatus") != float64(status)) {
				t.Errorf("%s as %q: body %s", path, who, a.text)
			}
		}
	}
}

func TestUsers(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Users: 250})
	c := as(t, s, owner)
	seen := map[string]bool{}
	pages := 0
	for next := cloud + "/um/users?depth=1"; next != ""; pages++ {
		a := c.want(200, "GET", next, "")
		for i := range a.items() {
			seen[a.str("items", i, "properties", "email")] = true
		}
		next = a.str("_links", "next")
	}
	if len(seen) != 250 || pages != 3 {
		t.Errorf("%d users on %d pages, want 250 on 3", len(seen), pages)
	}
	for _, query := range []string{"limit=101", "limit=0", "offset=-1", "depth=11", "depth=-1", "depth=x"} {
		c.want(400, "GET", cloud+"/um/users?"+query, "")
	}
	u := c.want(200, "GET", cloud+"/um/users/"+idOf(t, s, twofa)+"?depth=1", "")
	if u.at("properties", "secAuthActive") != true || u.at("properties", "administrator") != false {
		t.Errorf("twofa is %v", u.at("properties"))
	}
	if u.str("entities", "groups", "id") != u.str("id")+"/groups" {
		t.Errorf("entities %v", u.at("entities"))
	}
	refs := c.want(200, "GET", cloud+"/um/users?limit=1&pretty=true", "")
	if refs.at("items", 0, "properties") != nil || !strings.Contains(refs.text, "\n  ") {
		t.Error("depth 0 is no reference, or pretty is not")
	}
	deep := c.want(200, "GET", cloud+"/um/users/"+u.str("id")+"?depth=3", "")
	if deep.at("entities", "groups", "items", 0, "properties", "name") != "Storage Team" {
		t.Errorf("depth 3 shows groups as %v", deep.at("entities", "groups"))
	}
}

func TestGroupsAndContracts(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, admin)
	list := c.want(200, "GET", cloud+"/um/groups?depth=1", "")
	privileged := map[string]any{}
	for i := range list.items() {
		properties, _ := list.at("items", i, "properties").(map[string]any)
		if len(properties) != 26 {
			t.Errorf("%d properties of a group, want its name and 25 privileges", len(properties))
		}
		privileged[list.str("items", i, "properties", "name")] = properties["s3Privilege"]
		one := c.want(200, "GET", cloud+"/um/groups/"+list.str("items", i, "id"), "")
		if one.str("properties", "name") != properties["name"] {
			t.Error("a group differs from the list's")
		}
	}
	if privileged["Storage Team"] != true || privileged["Network Engineering"] != false {
		t.Errorf("privileges %v", privileged)
	}
	users := c.want(200, "GET", cloud+"/um/groups/"+list.str("items", 0, "id")+"/users?depth=1", "")
	found := false
	for i := range users.items() {
		found = found || users.str("items", i, "properties", "email") == member
	}
	if !found {
		t.Error("the member is not in the Storage Team")
	}
	mine := as(t, s, guest).want(200, "GET", cloud+"/um/users/"+idOf(t, s, guest)+"/groups?depth=1", "")
	if len(mine.items()) != 1 || mine.str("items", 0, "properties", "name") != "Network Engineering" {
		t.Errorf("the guest's groups: %v", mine.items())
	}
	contracts := as(t, s, member).want(200, "GET", cloud+"/contracts?depth=1", "")
	if contracts.str("items", 0, "properties", "owner") != owner {
		t.Errorf("the contract is %v", contracts.at("items", 0))
	}
}

func TestContractNumber(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, owner)
	for number, status := range map[string]int{"31718824": 200, "12345678": 403, "x": 403} {
		c.want(status, "GET", cloud+"/um/users", "", "X-Contract-Number", number)
		c.want(status, "GET", auth+"/tokens", "", "X-Contract-Number", number)
		c.want(200, "GET", "/accesskeys", "", "X-Contract-Number", number)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, owner)
	for path, allow := range map[string]string{
		"/":                       "",
		"/cloudapi/v5/um/users":   "",
		cloud:                     "",
		cloud + "/um/users/":      "",
		cloud + "/um/users/a%2Fb": "GET",
		"/accesskeys/":            "",
		"/accesskeys":             "GET, POST",
		"/accesskeys/x/renew":     "PUT",
		auth + "/tokens/generate": "DELETE, GET",
	} {
		status := http.StatusMethodNotAllowed
		if allow == "" {
			status = http.StatusNotFound
		}
		a := c.want(status, "PATCH", path, "")
		if a.header.Get("Allow") != allow || a.message() == "" {
			t.Errorf("%s: Allow %q, want %q", path, a.header.Get("Allow"), allow)
		}
	}
}
