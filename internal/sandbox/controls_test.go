package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

func TestFailedKey(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	c, ctl := as(t, s, member), anonymous(t, s)
	k := c.want(201, "POST", "/accesskeys", "")
	ctl.want(200, "POST", "/_sandbox/keys/"+k.str("properties", "accessKey"), `{"status":"FAILED","message":"Quota service unreachable"}`)
	a := c.want(200, "GET", "/accesskeys/"+k.str("id"), "")
	if a.str("metadata", "status") != "FAILED" || a.str("metadata", "statusMessage") != "Quota service unreachable" {
		t.Errorf("metadata %v", a.at("metadata"))
	}
	ctl.want(200, "POST", "/_sandbox/keys/"+k.str("id"), `{"status":"AVAILABLE","secretKey":"a+b/c= \"'\\$%"}`)
	a = c.want(200, "PUT", "/accesskeys/"+k.str("id"), `{"properties":{}}`)
	if a.str("metadata", "status") != "AVAILABLE" || a.at("metadata", "statusMessage") != nil {
		t.Errorf("metadata %v", a.at("metadata"))
	}
	got := c.want(200, "GET", s3keys(idOf(t, s, member), k.str("properties", "accessKey")), "")
	if got.str("properties", "secretKey") != `a+b/c= "'\$%` {
		t.Error("the secret is not the one set")
	}
	ctl.want(400, "POST", "/_sandbox/keys/"+k.str("id"), `{"status":"BROKEN"}`)
	ctl.want(400, "POST", "/_sandbox/keys/"+k.str("id"), `{"toggle":"slow"}`)
	ctl.want(404, "POST", "/_sandbox/keys/nobodys", `{}`)
	ctl.want(200, "DELETE", "/_sandbox/keys/"+k.str("id"), "")
	ctl.want(404, "DELETE", "/_sandbox/keys/"+k.str("id"), "")
	c.want(404, "GET", "/accesskeys/"+k.str("id"), "")
}

func TestFailingToggle(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	c, ctl := as(t, s, admin), anonymous(t, s)
	uid := idOf(t, s, admin)
	key := c.want(200, "GET", s3keys(uid), "").str("items", 0, "id")
	ctl.want(200, "POST", "/_sandbox/keys/"+key, `{"toggle":"fail","message":"[VDC-21-9] Try again"}`)
	toggle := func(want, message string, active bool) {
		t.Helper()
		a := c.want(202, "PUT", s3keys(uid, key), `{"properties":{"active":false}}`)
		clk.advance(3 * time.Second)
		st := c.want(200, "GET", strings.TrimPrefix(a.header.Get("Location"), "http://example.com"), "")
		if st.str("metadata", "status") != want || !strings.Contains(st.str("metadata", "message"), message) {
			t.Errorf("request %v", st.at("metadata"))
		}
		if got := c.want(200, "GET", s3keys(uid, key), "").at("properties", "active"); got != active {
			t.Errorf("active %v, want %v", got, active)
		}
	}
	toggle("FAILED", "[VDC-21-9] Try again", true)
	toggle("DONE", "successfully", false)
}

func TestChangeUser(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	ctl, c := anonymous(t, s), as(t, s, guest)
	id := idOf(t, s, guest)
	path := "/_sandbox/users/" + guest

	ctl.want(200, "POST", path, `{"groups":["Storage Team"]}`)
	c.want(201, "POST", "/accesskeys", "")
	ctl.want(200, "POST", path, `{"groups":[]}`)
	c.want(403, "GET", "/accesskeys", "")
	ctl.want(200, "POST", path, `{"administrator":true}`)
	c.want(200, "GET", cloud+"/um/users", "")
	ctl.want(200, "POST", path, `{"administrator":false,"firstname":"<img src=x>","email":"\"><b>@keydeck.example"}`)
	c.want(403, "GET", cloud+"/um/users", "")
	u := c.want(200, "GET", cloud+"/um/users/"+id, "")
	if u.str("properties", "firstname") != "<img src=x>" || u.str("properties", "email") != `"><b>@keydeck.example` || u.str("properties", "lastname") != "Chen" {
		t.Errorf("properties %v", u.at("properties"))
	}
	withPassword(t, s, `"><b>@keydeck.example`, "sandbox").want(200, "GET", auth+"/tokens/generate", "")
	withPassword(t, s, guest, "sandbox").want(401, "GET", auth+"/tokens/generate", "")

	ctl.want(404, "POST", path, `{}`) // the old address
	path = "/_sandbox/users/" + id
	ctl.want(400, "POST", path, `{"email":"owner@keydeck.example"}`)
	ctl.want(404, "POST", path, `{"groups":["No such"]}`)
	ctl.want(400, "POST", path, `{"name":"x"}`)
	ctl.want(200, "POST", path, `{"active":false}`)
	c.want(401, "GET", "/regions", "")
	ctl.want(200, "POST", path, `{"active":true}`)
	ctl.want(200, "DELETE", path, "")
	c.want(401, "GET", "/regions", "")
	as(t, s, owner).want(404, "GET", s3keys(id), "")
	ctl.want(404, "DELETE", path, "")
}

func TestChangeGroupAndMintToken(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	ctl, c := anonymous(t, s), as(t, s, member)
	ctl.want(200, "POST", "/_sandbox/groups/Storage%20Team", `{"s3Privilege":false,"name":"<b>"}`)
	c.want(403, "POST", "/accesskeys", "")
	ctl.want(404, "POST", "/_sandbox/groups/Storage%20Team", `{}`)

	token := ctl.want(200, "POST", "/_sandbox/tokens", `{"email":"twofa@keydeck.example"}`).str("token")
	withToken(t, s, token).want(200, "GET", "/regions", "")
	token = ctl.want(200, "POST", "/_sandbox/tokens", `{"email":"twofa@keydeck.example","ttl":-60}`).str("token")
	withToken(t, s, token).want(401, "GET", "/regions", "")
	ctl.want(404, "POST", "/_sandbox/tokens", `{"email":"nobody@keydeck.example"}`)
}

func TestKeysOfAUser(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c, ctl := as(t, s, member), anonymous(t, s)
	made := c.want(201, "POST", "/accesskeys", `{"properties":{"description":"one"}}`)
	c.want(201, "POST", "/accesskeys", `{"properties":{"description":"two"}}`)
	c.want(200, "PUT", "/accesskeys/"+made.str("id")+"/renew", "")
	c.want(202, "DELETE", "/accesskeys/"+made.str("id"), "")
	a := ctl.want(200, "GET", "/_sandbox/users/"+member+"/keys", "")
	if a.at("made") != 2.0 || a.at("renewed") != 1.0 || a.at("keys", 0, "description") != "two" || a.at("keys", 1) != nil {
		t.Errorf("got %s", a.text)
	}
	pair := c.want(200, "GET", s3keys(a.str("user"))+"/"+a.at("keys", 0, "accessKey").(string), "")
	if secret := a.at("keys", 0, "secretKey"); secret != pair.at("properties", "secretKey") || secret == "" {
		t.Errorf("the secret is %v", secret)
	}
	ctl.want(404, "GET", "/_sandbox/users/nobody/keys", "")
}

// TestControlsOrigin: a page of another site cannot have a browser change the
// state.
func TestControlsOrigin(t *testing.T) {
	ctl := anonymous(t, newSandbox(t, sandbox.Config{}))
	const fault = `{"path":"/accesskeys","status":503}`
	for name, headers := range map[string][]string{
		"foreign origin":    {"Origin", "http://evil.example", "Content-Type", "text/plain"},
		"null origin":       {"Origin", "null"},
		"cross-site fetch":  {"Sec-Fetch-Site", "cross-site"},
		"of another port":   {"Origin", "http://example.com:8080"},
		"of the same site?": {"Sec-Fetch-Site", "same-site"},
	} {
		t.Run(name, func(t *testing.T) {
			ctl.want(403, "POST", faults, fault, headers...)
			ctl.want(403, "DELETE", faults, "", headers...)
		})
	}
	ctl.want(200, "POST", faults, fault, "Origin", "http://example.com")
	ctl.want(200, "POST", faults, fault)
}
