package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// The sandbox's accounts; the password of all is "sandbox".
const (
	owner  = "owner@keydeck.example"
	admin  = "admin@keydeck.example"
	member = "member@keydeck.example"
	full   = "full@keydeck.example"
	guest  = "guest@keydeck.example"
	twofa  = "twofa@keydeck.example"
)

// sandboxClient keeps no connection, so that none outlives a console.
var sandboxClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}

// fault has the APIs answer something else than they would; as the sandbox
// takes it.
type fault struct {
	Method  string            `json:"method,omitempty"`
	Path    string            `json:"path"`
	Times   int               `json:"times,omitempty"`
	Status  int               `json:"status,omitempty"`
	Body    string            `json:"body,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Delay   string            `json:"delay,omitempty"`
	Drop    string            `json:"drop,omitempty"`
}

// asked is one request that the APIs got.
type asked struct {
	Method, Path string
	Status       int
}

func (c *console) fault(f fault) {
	c.t.Helper()
	c.control(http.MethodPost, "/_sandbox/faults", f, nil)
}

func (c *console) healFaults() {
	c.t.Helper()
	c.control(http.MethodDelete, "/_sandbox/faults", nil, nil)
}

// requests lists what the APIs were asked, by method and beginning of path.
func (c *console) requests(method, path string) []asked {
	c.t.Helper()
	var answer struct{ Requests []asked }
	c.control(http.MethodGet, "/_sandbox/requests", nil, &answer)
	var found []asked
	for _, r := range answer.Requests {
		if r.Method == method && strings.HasPrefix(r.Path, path) {
			found = append(found, r)
		}
	}
	return found
}

// setSecret gives a key a secret of the test's choice.
func (c *console) setSecret(accessKey, secret string) {
	c.t.Helper()
	c.control(http.MethodPost, "/_sandbox/keys/"+accessKey, map[string]string{"secretKey": secret}, nil)
}

// token is one as the vendor's token manager gives it.
func (c *console) token(email string, ttl time.Duration) string {
	c.t.Helper()
	token := c.app.Sandbox().Token(email, ttl)
	if token == "" {
		c.t.Fatalf("the sandbox gives no token for %s", email)
	}
	c.hide(token)
	return token
}

// keyAtAPI is a key as the Management API lists it.
type keyAtAPI struct{ AccessKey, Description, CanonicalUserID string }

// keysOf asks the APIs themselves.
func (c *console) keysOf(email string) []keyAtAPI {
	c.t.Helper()
	var list struct {
		Items []struct{ Properties keyAtAPI }
	}
	c.ask(http.MethodGet, "/accesskeys", c.token(email, time.Hour), nil, &list)
	keys := make([]keyAtAPI, 0, len(list.Items))
	for _, item := range list.Items {
		keys = append(keys, item.Properties)
	}
	return keys
}

// hideEveryKey: no secret that the APIs know is to get into the log.
func (c *console) hideEveryKey() {
	c.t.Helper()
	c.healFaults()
	token := c.token(owner, time.Hour)
	const users = "/cloudapi/v6/um/users"
	var people struct{ Items []struct{ ID string } }
	c.ask(http.MethodGet, users, token, nil, &people)
	for _, person := range people.Items {
		for _, secret := range c.secretsOf(person.ID) {
			c.hide(secret)
		}
	}
}

// secretsOf are a user's secrets, by access key.
func (c *console) secretsOf(userID string) map[string]string {
	c.t.Helper()
	var keys struct {
		Items []struct {
			ID         string
			Properties struct{ SecretKey string }
		}
	}
	c.ask(http.MethodGet, "/cloudapi/v6/um/users/"+userID+"/s3keys?depth=1", c.token(owner, time.Hour), nil, &keys)
	secrets := map[string]string{}
	for _, key := range keys.Items {
		secrets[key.ID] = key.Properties.SecretKey
	}
	return secrets
}

// takePrivilege takes a user out of all groups.
func (c *console) takePrivilege(email string) {
	c.t.Helper()
	token, id := c.token(owner, time.Hour), c.userID(email)
	var groups struct{ Items []struct{ ID string } }
	c.ask(http.MethodGet, "/cloudapi/v6/um/users/"+id+"/groups", token, nil, &groups)
	for _, group := range groups.Items {
		c.ask(http.MethodDelete, "/cloudapi/v6/um/groups/"+group.ID+"/users/"+id, token, nil, nil)
	}
}

func (c *console) control(method, path string, in, out any) {
	c.t.Helper()
	c.ask(method, path, "", in, out)
}

// ask sends a request to the sandbox, which must succeed.
func (c *console) ask(method, path, token string, in, out any) {
	c.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := http.NewRequest(method, c.app.SandboxURL()+path, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := sandboxClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusMultipleChoices {
		c.t.Fatalf("%s %s: %d %s %v", method, path, response.StatusCode, answer, err)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer, out); err != nil {
		c.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
}
