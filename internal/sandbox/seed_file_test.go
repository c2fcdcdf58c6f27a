package sandbox_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

func TestSeedFile(t *testing.T) {
	const file = `{
		"groups": [{"name": "Robots", "privileges": ["s3Privilege"]}],
		"users": [
			{"email": "ci@example.com", "firstname": "Ci", "lastname": "Robot", "password": "of the robot", "groups": ["Robots"], "keys": [
				{"accessKey": "CIKEY", "secretKey": "ci secret", "description": "CI", "created": "2024-01-02T03:04:05Z", "legacy": true},
				{"active": false}
			]},
			{"email": "off@example.com", "active": false},
			{"email": "boss@example.com", "role": "admin", "twoFactor": true}
		]}`
	d := newDepot(t, sandbox.Config{Seed: []byte(file), Provisioning: -1, Propagation: -1})
	s := d.Sandbox
	c := as(t, s, "ci@example.com")
	withPassword(t, s, "ci@example.com", "of the robot").want(200, "GET", auth+"/tokens/generate", "")
	keys := c.want(200, "GET", "/accesskeys?filter.accesskeyId=CIKEY", "")
	if keys.str("items", 0, "properties", "description") != "CI" || keys.str("items", 0, "metadata", "createdDate") != "2024-01-02T03:04:05.000000Z" {
		t.Errorf("the key is %s", keys.text)
	}
	if a := c.want(200, "GET", s3keys(idOf(t, s, "ci@example.com"), "CIKEY"), ""); a.str("properties", "secretKey") != "ci secret" {
		t.Error("the secret is another")
	}
	(&storageCaller{depot: d, key: "CIKEY", secret: "ci secret", region: "de"}).want(200, "", "GET", "/", "")
	withPassword(t, s, "off@example.com", "sandbox").want(401, "GET", auth+"/tokens/generate", "")
	withPassword(t, s, "boss@example.com", "sandbox").want(401, "GET", auth+"/tokens/generate", "")
	as(t, s, "boss@example.com").want(200, "GET", cloud+"/um/users", "")
	if n := len(s.Accounts()); n != 10 {
		t.Errorf("%d accounts, want the 7 and 3", n)
	}

	t.Run("documented", func(t *testing.T) {
		text, err := os.ReadFile("../../docs/emulator.md")
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(string(text), "```json\n")
		example, _, found := strings.Cut(after, "```")
		s := newSandbox(t, sandbox.Config{Seed: []byte(example)})
		if !found || s.Token("ci@example.com", time.Minute) == "" {
			t.Error("the example has no ci@example.com")
		}
	})
	t.Run("replace", func(t *testing.T) {
		s := newSandbox(t, sandbox.Config{Seed: []byte(`{"replace":true,"users":[{"email":"o@example.com","role":"owner"}]}`), Users: 50})
		a := as(t, s, "o@example.com").want(200, "GET", cloud+"/um/users", "")
		if len(a.items()) != 1 || len(s.Accounts()) != 1 || s.Token(owner, 1) != "" {
			t.Errorf("%d users, accounts %v", len(a.items()), s.Accounts())
		}
		if a := as(t, s, "o@example.com").want(200, "GET", cloud+"/um/groups", ""); len(a.items()) != 0 {
			t.Errorf("%d groups", len(a.items()))
		}
	})
}

func TestSeedFileRefused(t *testing.T) {
	for name, tt := range map[string]struct{ file, says string }{
		"no JSON":             {"users: []", "is not the JSON expected"},
		"an unknown field":    {`{"people":[]}`, "people"},
		"no e-mail":           {`{"users":[{"firstname":"A"}]}`, "e-mail address is needed"},
		"a taken e-mail":      {`{"users":[{"email":"OWNER@keydeck.example"}]}`, "in use"},
		"a second owner":      {`{"users":[{"email":"a@b","role":"owner"}]}`, "an owner already"},
		"an odd role":         {`{"users":[{"email":"a@b","role":"king"}]}`, "role must be"},
		"no such group":       {`{"users":[{"email":"a@b","groups":["No"]}]}`, `no group "No"`},
		"six keys":            {`{"users":[{"email":"a@b","keys":[{},{},{},{},{},{}]}]}`, "at most five"},
		"an access key twice": {`{"users":[{"email":"a@b","keys":[{"accessKey":"K"},{"accessKey":"K"}]}]}`, "key 2"},
		"no name of a group":  {`{"groups":[{}]}`, "name is needed"},
		"a taken group":       {`{"groups":[{"name":"Accounting"}]}`, "in use"},
		"an odd privilege":    {`{"groups":[{"name":"New","privileges":["fly"]}]}`, `no privilege "fly"`},
		"no owner":            {`{"replace":true}`, "role owner"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sandbox.New(sandbox.Config{Seed: []byte(tt.file)})
			if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want %q in one line", err, tt.says)
			}
		})
	}
}
