package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keydeck/internal/audit"
)

// recordOf returns the one record of a request, or fails.
func (c *console) recordOf(t *testing.T, a answer) audit.Event {
	t.Helper()
	var found []audit.Event
	for _, e := range c.events(t) {
		if e.RequestID == a.header.Get("X-Request-Id") {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d: %d records, not one: %+v", a.status, len(found), found)
	}
	return found[0]
}

// TestAuditSignIn: a sign-in that is refused leaves one record, for whatever reason
// it is refused.
func TestAuditSignIn(t *testing.T) {
	t.Parallel()
	person := func(email, password string, more ...string) url.Values {
		values := url.Values{"email": {email}, "password": {password}}
		for i := 0; i < len(more); i += 2 {
			values.Set(more[i], more[i+1])
		}
		return values
	}
	const member, multi = "member@keydeck.example", "multi@keydeck.example"
	for name, tt := range map[string]struct {
		form    url.Values
		fault   string
		headers []header
		host    string
		account string
	}{
		"wrong password":       {form: person(member, "wrong"), account: member},
		"password as e-mail":   {form: person("my-password", member)},
		"nothing":              {form: url.Values{}},
		"no contract of two":   {form: person(multi, "sandbox"), account: multi},
		"contract of others":   {form: person(member, "sandbox", "contract", "32045117"), account: member},
		"contract in words":    {form: person(member, "sandbox", "contract", "mine"), account: member},
		"user is not readable": {form: person(member, "sandbox"), fault: `{"path":"/cloudapi/v6/um/users","times":9,"status":403}`, account: member},
		"API fails":            {form: person(member, "sandbox"), fault: `{"path":"/auth/v1","times":9,"status":503}`, account: member},
		"no token":             {form: url.Values{"token": {"not-a-token"}}},
		"another site":         {form: person(member, "sandbox"), headers: []header{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}}},
		"plain http":           {form: person(member, "sandbox"), host: "keys.example.com", account: member},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			if tt.fault != "" {
				c.fault(tt.fault)
			}
			host := tt.host
			if host == "" {
				host = "127.0.0.1:8080"
			}
			e := c.recordOf(t, c.browser().doAt(host, form(http.MethodPost, "/sign-in", tt.form), tt.headers...))
			if e.Action != audit.SignIn || e.Outcome != audit.Refused || e.Reason == "" || e.Account != tt.account || e.Actor != "" {
				t.Errorf("the record is %+v", e)
			}
		})
	}
	t.Run("expired token", func(t *testing.T) {
		c := newConsole(t)
		e := c.recordOf(t, c.browser().post("/sign-in", url.Values{"token": {c.token(member, -time.Hour)}}))
		if e.Outcome != audit.Refused || !strings.Contains(e.Reason, "expired") {
			t.Errorf("the record is %+v", e)
		}
	})
}

// TestAuditForbidden: what a person may not do leaves a record also where the route
// changes and reveals nothing.
func TestAuditForbidden(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	for _, answer := range []answer{
		b.get("/users"), b.get("/groups"), b.get("/users/" + c.userID("owner@keydeck.example")),
		b.post("/account/preferences", url.Values{"theme": {"dark"}}, header{"Sec-Fetch-Site", "cross-site"}, header{"Origin", "https://evil.example"}),
	} {
		e := c.recordOf(t, answer)
		if answer.status != http.StatusForbidden || e.Action != audit.Request || e.Outcome != audit.Refused || e.Reason == "" || e.Account != "member@keydeck.example" {
			t.Errorf("%d: the record is %+v", answer.status, e)
		}
	}
	demoted := c.signIn("admin@keydeck.example")
	c.fault(`{"path":"/cloudapi/v6/um","times":99,"status":403}`)
	if e := c.recordOf(t, demoted.get("/users")); e.Action != audit.Request || e.Account != "admin@keydeck.example" {
		t.Errorf("a demoted administrator: %+v", e)
	}
}

// TestAuditDeadToken: a session that ends because the APIs refuse its token leaves a
// record, on a page that is not audited itself.
func TestAuditDeadToken(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	c.fault(`{"path":"/","times":99,"status":401}`)
	e := c.recordOf(t, b.get(keysPage))
	if e.Action != audit.EndSession || e.Outcome != audit.Done || e.Reason == "" || e.Account != "member@keydeck.example" || e.Session == "" {
		t.Errorf("the record is %+v", e)
	}
}
