package sandbox_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

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
	if !regexp.MustCompile(`^http://example\.com/cloudapi/v6/requests/[0-9a-f-]{36}/status$`).MatchString(a.header.Get("Location")) {
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
