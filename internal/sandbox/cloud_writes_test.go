package sandbox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

const newUser = `{"properties":{"firstname":"Nia","lastname":"Kaya","email":"nia@keydeck.example","password":"secret1","administrator":false,"forceSecAuth":true,"active":true}}`

// settled waits by the clock until a request is done.
func settled(t *testing.T, c *client, clk *clock, a answer) {
	t.Helper()
	location := strings.TrimPrefix(a.header.Get("Location"), "http://example.com")
	if got := c.want(200, "GET", location, "").str("metadata", "status"); got != "QUEUED" {
		t.Errorf("at first the request is %s", got)
	}
	clk.advance(3 * time.Second)
	if got := c.want(200, "GET", location, "").str("metadata", "status"); got != "DONE" {
		t.Errorf("after three seconds the request is %s", got)
	}
}

func TestUserLife(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	c := as(t, s, admin)
	made := c.want(202, "POST", cloud+"/um/users", newUser)
	path := cloud + "/um/users/" + made.str("id")
	if made.str("id") == "" || made.at("entities") != nil || made.at("metadata", "lastLogin") != nil || made.at("properties", "s3CanonicalUserId") != nil {
		t.Errorf("POST answers %s", made.text)
	}
	if strings.Contains(made.text, "secret1") {
		t.Error("the password comes back")
	}
	c.want(404, "GET", path, "")
	if a := c.want(200, "GET", cloud+"/um/users?filter.email=nia@keydeck.example", ""); len(a.items()) != 0 {
		t.Error("the user is listed before the request is done")
	}
	withPassword(t, s, "nia@keydeck.example", "secret1").want(401, "GET", auth+"/tokens/generate", "")
	c.want(422, "POST", cloud+"/um/users", newUser) // the address is taken already
	settled(t, c, clk, made)
	u := c.want(200, "GET", path, "")
	if u.str("properties", "email") != "nia@keydeck.example" || u.at("properties", "forceSecAuth") != true || u.str("metadata", "createdBy") != admin {
		t.Errorf("the user is %s", u.text)
	}
	withPassword(t, s, "nia@keydeck.example", "secret1").want(200, "GET", auth+"/tokens/generate", "")

	put := c.want(202, "PUT", path, `{"properties":{"firstname":"Nia","lastname":"Kaya-Berg","email":"kaya@keydeck.example","administrator":true,"active":true}}`)
	if put.str("properties", "lastname") != "Kaya-Berg" || put.at("properties", "forceSecAuth") != false {
		t.Errorf("PUT answers %s", put.text)
	}
	if a := c.want(200, "GET", path, ""); a.str("properties", "lastname") != "Kaya" {
		t.Error("changed before the request is done")
	}
	settled(t, c, clk, put)
	if a := c.want(200, "GET", path, ""); a.str("properties", "email") != "kaya@keydeck.example" || a.at("properties", "administrator") != true ||
		a.str("metadata", "lastModifiedBy") != admin || a.str("metadata", "lastModifiedDate") == a.str("metadata", "createdDate") {
		t.Errorf("changed to %s", a.text)
	}
	withPassword(t, s, "kaya@keydeck.example", "secret1").want(200, "GET", cloud+"/um/users", "") // the password is kept
	withPassword(t, s, "nia@keydeck.example", "secret1").want(401, "GET", auth+"/tokens", "")

	put = c.want(202, "PUT", path, `{"id":"`+made.str("id")+`","properties":{"firstname":"N","lastname":"K","email":"kaya@keydeck.example","password":"another1"}}`)
	settled(t, c, clk, put)
	if a := c.want(200, "GET", path, ""); a.at("properties", "active") != false || a.at("properties", "administrator") != false {
		t.Errorf("what was left out is kept: %s", a.text)
	}
	withPassword(t, s, "kaya@keydeck.example", "another1").want(401, "GET", cloud+"/contracts", "") // deactivated
	gone := c.want(202, "DELETE", path, "")
	c.want(200, "GET", path, "")
	settled(t, c, clk, gone)
	c.want(404, "GET", path, "")
	c.want(202, "POST", cloud+"/um/users", newUser)
}

func TestUserWritesRefused(t *testing.T) {
	properties := func(change string) string {
		return `{"properties":{"firstname":"Nia","lastname":"Kaya","email":"nia@keydeck.example","password":"secret1"` + change + `}}`
	}
	for name, tt := range map[string]struct {
		body   string
		status int
	}{
		"no body":            {"", 422},
		"no JSON":            {"{", 400},
		"no properties":      {"{}", 422},
		"no e-mail":          {`{"properties":{"firstname":"Nia","lastname":"Kaya","password":"secret1"}}`, 422},
		"no first name":      {`{"properties":{"lastname":"Kaya","email":"nia@keydeck.example","password":"secret1"}}`, 422},
		"a blank last name":  {`{"properties":{"firstname":"Nia","lastname":" ","email":"nia@keydeck.example","password":"secret1"}}`, 422},
		"no password":        {`{"properties":{"firstname":"Nia","lastname":"Kaya","email":"nia@keydeck.example"}}`, 422},
		"a weak password":    {strings.Replace(properties(""), "secret1", "1234", 1), 422},
		"no address":         {strings.Replace(properties(""), "nia@", "nia", 1), 422},
		"a taken address":    {strings.Replace(properties(""), "nia@keydeck", "MEMBER@keydeck", 1), 422},
		"secAuthActive":      {properties(`,"secAuthActive":true`), 422},
		"an unknown one":     {properties(`,"shoesize":44`), 422},
		"a wrong type":       {properties(`,"active":"yes"`), 422},
		"secAuthActive off":  {properties(`,"secAuthActive":false`), 202},
		"a complete one too": {strings.Replace(properties(`,"active":false`), "nia@", "nia2@", 1), 202},
	} {
		t.Run(name, func(t *testing.T) {
			a := as(t, newSandbox(t, sandbox.Config{Provisioning: -1}), owner).want(tt.status, "POST", cloud+"/um/users", tt.body)
			if tt.status != 202 && !strings.HasPrefix(a.message(), "[VDC-") {
				t.Errorf("message %q", a.message())
			}
		})
	}
}

func TestUserChangesRefused(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	as(t, s, owner).want(415, "POST", cloud+"/um/users", newUser, "Content-Type", "text/plain")
	const asAdmin = `{"properties":{"firstname":"A","lastname":"B","email":"%s","administrator":true,"active":true}}`
	change := func(email, old, fresh string) string {
		return strings.Replace(fmt.Sprintf(asAdmin, email), old, fresh, 1)
	}
	for name, tt := range map[string]struct {
		by, method, of, body string
		status               int
	}{
		"owner demoted":          {admin, "PUT", owner, change(owner, `"administrator":true`, `"administrator":false`), 422},
		"owner deactivated":      {admin, "PUT", owner, change(owner, `"active":true`, `"active":false`), 422},
		"owner deleted":          {admin, "DELETE", owner, "", 422},
		"oneself demoted":        {admin, "PUT", admin, change(admin, `"administrator":true`, `"administrator":false`), 422},
		"oneself deleted":        {admin, "DELETE", admin, "", 422},
		"another id":             {admin, "PUT", member, change(member, `{"properties"`, `{"id":"`+unknownID+`","properties"`), 422},
		"a taken address":        {admin, "PUT", member, change(full, "", ""), 422},
		"by a member":            {member, "PUT", full, change(full, "", ""), 403},
		"oneself, by a member":   {member, "PUT", member, change(member, "", ""), 403},
		"deletion by a member":   {member, "DELETE", full, "", 403},
		"oneself, renamed":       {admin, "PUT", admin, change(admin, `"A"`, `"Ada"`), 202},
		"the owner, renamed":     {admin, "PUT", owner, change(owner, `"A"`, `"Ida"`), 202},
		"secAuthActive as it is": {admin, "PUT", twofa, change(twofa, `"active":true`, `"active":true,"secAuthActive":true,"s3CanonicalUserId":null`), 202},
	} {
		t.Run(name, func(t *testing.T) {
			as(t, s, tt.by).want(tt.status, tt.method, cloud+"/um/users/"+idOf(t, s, tt.of), tt.body)
		})
	}
	as(t, s, member).want(403, "POST", cloud+"/um/users", newUser)
	as(t, s, owner).want(404, "DELETE", cloud+"/um/users/"+unknownID, "")
	as(t, s, owner).want(404, "PUT", cloud+"/um/users/"+unknownID, newUser)
}

func TestGroupLife(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	c, id := as(t, s, admin), idOf(t, s, guest)
	made := c.want(202, "POST", cloud+"/um/groups", `{"properties":{"name":"Archive","s3Privilege":true,"createSnapshot":true}}`)
	path := cloud + "/um/groups/" + made.str("id")
	if made.at("properties", "s3Privilege") != true || made.at("properties", "reserveIp") != false || made.at("metadata") != nil {
		t.Errorf("POST answers %s", made.text)
	}
	c.want(404, "GET", path, "")
	settled(t, c, clk, made)
	c.want(200, "GET", path, "")

	added := c.want(202, "POST", path+"/users", `{"id":"`+id+`"}`)
	if added.str("id") != id || added.str("type") != "user" {
		t.Errorf("POST of a member answers %s", added.text)
	}
	c.want(422, "POST", s3keys(id), "")
	settled(t, c, clk, added)
	if a := c.want(200, "GET", path+"/users", ""); len(a.items()) != 1 {
		t.Errorf("%d members", len(a.items()))
	}
	if a := c.want(422, "POST", s3keys(id), ""); !strings.Contains(a.message(), "ACCESS_S3_OBJECT_STORAGE") {
		t.Errorf("before the privilege has spread: %q", a.message())
	}
	clk.advance(time.Second)
	key := c.want(200, "POST", s3keys(id), "").str("id")
	c.want(202, "POST", path+"/users", `{"id":"`+id+`"}`) // again

	put := c.want(202, "PUT", path, `{"properties":{"name":"Archives","createSnapshot":true}}`)
	settled(t, c, clk, put)
	if a := c.want(200, "GET", path, ""); a.str("properties", "name") != "Archives" || a.at("properties", "s3Privilege") != false {
		t.Errorf("PUT replaces: %s", a.text)
	}
	c.want(422, "POST", s3keys(id), "")
	if a := c.want(200, "GET", s3keys(id, key), ""); a.at("properties", "active") != true {
		t.Error("the key is gone or not active without the privilege")
	}
	settled(t, c, clk, c.want(202, "PUT", path, `{"properties":{"name":"Archives","s3Privilege":true}}`))
	removed := c.want(202, "DELETE", path+"/users/"+id, "")
	if removed.text != "" {
		t.Error("deleting answers with a body")
	}
	settled(t, c, clk, removed)
	c.want(202, "DELETE", path+"/users/"+id, "") // again
	if a := c.want(200, "GET", cloud+"/um/users/"+id+"/groups?depth=1", ""); len(a.items()) != 1 {
		t.Errorf("the user is in %d groups", len(a.items()))
	}
	settled(t, c, clk, c.want(202, "POST", path+"/users", `{"id":"`+id+`"}`))
	gone := c.want(202, "DELETE", path, "")
	settled(t, c, clk, gone)
	c.want(404, "GET", path, "")
	c.want(422, "POST", s3keys(id), "")
}

func TestGroupWritesRefused(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, owner)
	group := cloud + "/um/groups/" + c.want(200, "GET", cloud+"/um/groups", "").str("items", 0, "id")
	id := idOf(t, s, guest)
	for name, tt := range map[string]struct {
		method, path, body string
		status             int
	}{
		"no name":              {"POST", cloud + "/um/groups", `{"properties":{"s3Privilege":true}}`, 422},
		"a taken name":         {"POST", cloud + "/um/groups", `{"properties":{"name":"Accounting"}}`, 422},
		"renamed to another":   {"PUT", group, `{"properties":{"name":"Accounting"}}`, 422},
		"an unknown privilege": {"POST", cloud + "/um/groups", `{"properties":{"name":"New","flyToTheMoon":true}}`, 422},
		"a wrong type":         {"POST", cloud + "/um/groups", `{"properties":{"name":"New","s3Privilege":"yes"}}`, 422},
		"no properties":        {"PUT", group, `{}`, 422},
		"no such group":        {"DELETE", cloud + "/um/groups/" + unknownID, "", 404},
		"no user":              {"POST", group + "/users", `{}`, 422},
		"no such user":         {"POST", group + "/users", `{"id":"` + unknownID + `"}`, 422},
		"to no such group":     {"POST", cloud + "/um/groups/" + unknownID + "/users", `{"id":"` + id + `"}`, 404},
		"removal of no user":   {"DELETE", group + "/users/" + unknownID, "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			c.want(tt.status, tt.method, tt.path, tt.body)
			as(t, s, member).want(403, tt.method, tt.path, tt.body)
		})
	}
}
