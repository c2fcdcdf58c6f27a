package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"keydeck/internal/sandbox"
)

const unknownID = "11111111-1111-4111-8111-111111111111"

func TestRoles(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	ids := map[string]string{}
	for _, a := range s.Accounts() {
		ids[a.Email] = idOf(t, s, a.Email)
	}
	group := as(t, s, owner).want(200, "GET", cloud+"/um/groups", "").str("items", 0, "id")
	anyone := map[string]int{owner: 200, admin: 200, member: 200, guest: 200, twofa: 200, "": 401}
	admins := map[string]int{owner: 200, admin: 200, member: 403, guest: 403, twofa: 403, "": 401}
	missing := map[string]int{owner: 404, admin: 404, member: 403, guest: 403, twofa: 403, "": 401}
	for path, want := range map[string]map[string]int{
		"/contracts":                             anyone,
		"/um/users":                              admins,
		"/um/groups":                             admins,
		"/um/groups/" + group:                    admins,
		"/um/groups/" + group + "/users":         admins,
		"/um/groups/" + unknownID:                missing,
		"/um/users/" + unknownID:                 missing,
		"/um/users/" + unknownID + "/s3keys":     missing,
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
	for _, path := range []string{cloud + "/datacenters", cloud + "/k8s/" + unknownID + "/nodepools", "/activitylog/v1/contracts", cloud + "/um/groups/x/shares/y"} {
		if a := c.want(http.StatusNotImplemented, "GET", path, ""); !strings.Contains(a.message(), "not implement") {
			t.Errorf("%s: %s", path, a.text)
		}
	}
	for path, allow := range map[string]string{
		"/":                       "",
		"/cloudapi/v5/um/users":   "",
		cloud:                     "",
		cloud + "/um/users/":      "",
		cloud + "/um/users/a%2Fb": "DELETE, GET, PUT",
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
