package sandbox_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

func TestCreateAccessKey(t *testing.T) {
	tests := map[string]struct {
		body        string
		headers     []string
		status      int
		description string
	}{
		"empty":            {"", nil, 201, ""},
		"empty object":     {"{}", nil, 201, ""},
		"partial":          {`{"properties":{"description":"Laptop"}}`, nil, 201, "Laptop"},
		"complete":         {`{"metadata":{},"properties":{"description":"x","accessKey":"mine","secretKey":"mine"}}`, nil, 201, "x"},
		"null":             {"null", nil, 201, ""},
		"markup":           {`{"properties":{"description":"<b>&\""}}`, nil, 201, `<b>&"`},
		"longest":          {`{"properties":{"description":"` + strings.Repeat("ü", 255) + `"}}`, nil, 201, strings.Repeat("ü", 255)},
		"charset":          {"{}", []string{"Content-Type", "application/json; charset=utf-8"}, 201, ""},
		"too long":         {`{"properties":{"description":"` + strings.Repeat("x", 256) + `"}}`, nil, 422, ""},
		"control char":     {`{"properties":{"description":"a\u0000b"}}`, nil, 422, ""},
		"wrong type":       {`{"properties":{"description":5}}`, nil, 422, ""},
		"array":            {`[]`, nil, 422, ""},
		"malformed":        {`{"properties":`, nil, 400, ""},
		"two values":       {`{} {}`, nil, 400, ""},
		"no content type":  {`{}`, []string{"Content-Type", ""}, 415, ""},
		"too large":        {`{"x":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, ""},
		"wrong media type": {`{}`, []string{"Content-Type", "text/plain"}, 415, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSandbox(t, sandbox.Config{Provisioning: -1})
			c := as(t, s, member)
			a := c.want(tt.status, "POST", "/accesskeys", tt.body, tt.headers...)
			made := len(c.want(200, "GET", "/accesskeys", "").items())
			if tt.status != 201 {
				if made != 0 {
					t.Errorf("%d keys after a refusal", made)
				}
				return
			}
			if got := a.str("properties", "description"); got != tt.description {
				t.Errorf("description %q, want %q", got, tt.description)
			}
			if made != 1 {
				t.Errorf("%d keys, want 1", made)
			}
		})
	}
}

func TestAccessKeyForm(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, member)
	id := idOf(t, s, member)
	a := c.want(201, "POST", "/accesskeys", `{"properties":{"accessKey":"mine","secretKey":"mine"}}`)
	for name, tt := range map[string]struct {
		got     string
		pattern string
	}{
		"id":             {a.str("id"), `^[0-9a-f-]{36}$`},
		"access key":     {a.str("properties", "accessKey"), `^[A-Za-z0-9_-]{92}$`},
		"secret":         {a.str("properties", "secretKey"), `^[A-Za-z0-9+/]{40}$`},
		"canonical":      {a.str("properties", "canonicalUserId"), `^[0-9a-f]{32}$`},
		"contract user":  {a.str("properties", "contractUserId"), `^\d{8}:` + id + `$`},
		"created":        {a.str("metadata", "createdDate"), `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`},
		"created by":     {a.str("metadata", "createdBy"), `^ionos:iam:cloud::users/` + id + `$`},
		"urn":            {a.str("metadata", "resourceURN"), `^ionos:s3::\d{8}:accesskeys/` + a.str("id") + `$`},
		"href":           {a.str("href"), `^http://example\.com/accesskeys/` + a.str("id") + `$`},
		"status":         {a.str("metadata", "status"), `^PROVISIONING$`},
		"regions":        {fmt.Sprint(a.at("metadata", "supportedRegions")), `eu-central-3 us-central-1 eu-central-4 de`},
		"administrative": {fmt.Sprint(a.at("metadata", "administrative")), `^false$`},
	} {
		if !regexp.MustCompile(tt.pattern).MatchString(tt.got) {
			t.Errorf("%s does not match %s", name, tt.pattern) // may be a secret: not printed
		}
	}
	if _, err := base64.StdEncoding.DecodeString(a.str("properties", "secretKey")); err != nil {
		t.Error("the secret is not base64")
	}
	if got := c.want(200, "GET", "/accesskeys", "").at("items", 0, "properties", "secretKey"); got != nil {
		t.Error("the list holds the secret")
	}
}

func TestKeyLifeByTheClock(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now, Provisioning: 3 * time.Second})
	c := as(t, s, member)
	uid := idOf(t, s, member)
	if got := c.want(200, "GET", cloud+"/um/users/"+uid, "").at("properties", "s3CanonicalUserId"); got != nil {
		t.Errorf("canonical id %v before the first key", got)
	}
	a := c.want(201, "POST", "/accesskeys", "")
	id, access := "/accesskeys/"+a.str("id"), s3keys(uid, a.str("properties", "accessKey"))
	inList := func(want string) {
		t.Helper()
		l := c.want(200, "GET", "/accesskeys", "")
		if got := l.str("items", 0, "metadata", "status"); got != want {
			t.Errorf("status in the list %q, want %q", got, want)
		}
		cloudList := c.want(200, "GET", s3keys(uid)+"?depth=1", "")
		if gone := want == ""; (len(cloudList.items()) == 0) != gone {
			t.Errorf("%d keys in the Cloud API's list", len(cloudList.items()))
		}
	}

	inList("PROVISIONING")
	c.want(404, "GET", id, "")
	c.want(404, "GET", access, "")
	c.want(409, "PUT", id+"/renew", "")
	clk.advance(299 * time.Millisecond)
	c.want(404, "GET", id, "")
	clk.advance(time.Millisecond)
	c.want(200, "GET", id, "")
	c.want(200, "GET", access, "")
	clk.advance(2699 * time.Millisecond)
	inList("PROVISIONING")
	clk.advance(time.Millisecond)
	inList("AVAILABLE")
	if c.want(200, "GET", cloud+"/um/users/"+uid, "").str("properties", "s3CanonicalUserId") == "" {
		t.Error("no canonical id after the first key")
	}

	c.want(202, "DELETE", id, "")
	inList("DESTROYING")
	c.want(202, "DELETE", id, "")
	c.want(409, "PUT", id+"/renew", "")
	c.want(409, "PUT", id, `{"properties":{"description":"x"}}`)
	c.want(422, "PUT", access, `{"properties":{"active":false}}`)
	clk.advance(3 * time.Second)
	inList("")
	c.want(404, "GET", id, "")
	c.want(404, "DELETE", id, "")
	c.want(422, "GET", access, "")
	if c.want(200, "GET", cloud+"/um/users/"+uid, "").str("properties", "s3CanonicalUserId") == "" {
		t.Error("the canonical id went with the key")
	}
}

func TestEnsureAccessKey(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, member)
	const id = "0F5C1B9E-6b1f-4a8e-9f0d-3a2b1c0d9e8f"
	path := "/accesskeys/" + id
	described := `{"properties":{"description":"first"}}`
	c.want(400, "PUT", path, "")
	c.want(422, "PUT", path, "{}")
	c.want(422, "PUT", path, `{"id":"11111111-1111-4111-8111-111111111111","properties":{}}`)
	c.want(415, "PUT", path, described, "Content-Type", "text/plain")
	c.want(400, "PUT", "/accesskeys/not-a-uuid", described)

	a := c.want(201, "PUT", path, described)
	if a.str("id") != strings.ToLower(id) || a.str("properties", "secretKey") == "" {
		t.Error("created under another id, or without its secret")
	}
	b := c.want(200, "PUT", path, `{"id":"`+id+`","properties":{"description":"second","secretKey":"mine"}}`)
	if b.str("properties", "description") != "second" || b.at("properties", "secretKey") != nil {
		t.Error("not described anew, or with its secret")
	}
	if a.str("properties", "accessKey") != b.str("properties", "accessKey") {
		t.Error("describing changed the access key")
	}

	as(t, s, admin).want(409, "PUT", path, described)
	for _, method := range []string{"GET", "DELETE"} {
		as(t, s, admin).want(404, method, path, "")
		c.want(400, method, "/accesskeys/not-a-uuid", "")
		c.want(404, method, "/accesskeys/11111111-1111-4111-8111-111111111111", "")
	}
	as(t, s, admin).want(404, "PUT", path+"/renew", "")
}

func TestRenew(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, full)
	uid := idOf(t, s, full)
	list := c.want(200, "GET", s3keys(uid)+"?depth=1", "")
	inactive := ""
	for i := range list.items() {
		if list.at("items", i, "properties", "active") == false {
			inactive = list.str("items", i, "id")
		}
	}
	found := c.want(200, "GET", "/accesskeys?filter.accesskeyId="+inactive, "")
	if len(found.items()) != 1 {
		t.Fatalf("the filter found %d keys", len(found.items()))
	}
	before := c.want(200, "GET", s3keys(uid, inactive), "").str("properties", "secretKey")
	a := c.want(200, "PUT", "/accesskeys/"+found.str("items", 0, "id")+"/renew", "")
	after := c.want(200, "GET", s3keys(uid, inactive), "")
	switch secret := a.str("properties", "secretKey"); {
	case secret == "" || secret == before:
		t.Error("no new secret")
	case secret != after.str("properties", "secretKey"):
		t.Error("the Cloud API knows another secret")
	}
	if a.str("properties", "accessKey") != inactive || after.at("properties", "active") != false {
		t.Error("renewing changed more than the secret")
	}
	if a.str("properties", "description") != found.str("items", 0, "properties", "description") {
		t.Error("renewing changed the description")
	}
}
