package sandbox_test

import (
	"strings"
	"testing"

	"keydeck/internal/sandbox"
)

// TestHrefs fetches every address that is handed out, from every operation that
// can be read, until there is no new one.
func TestHrefs(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, owner)
	id := idOf(t, s, full)
	c.want(202, "POST", cloud+"/um/groups", `{"properties":{"name":"New"}}`)
	location := c.want(200, "POST", s3keys(idOf(t, s, member)), "").header.Get("Location")
	open := []string{
		"/accesskeys", "/accesskeys?limit=1", "/regions", "/regions?limit=2", location,
		cloud + "/contracts", cloud + "/um/users?depth=3&limit=3", cloud + "/um/users/" + id + "?depth=2", cloud + "/um/groups?depth=2", s3keys(id) + "?depth=1",
		cloud + "/um/resources", cloud + "/um/resources/datacenter", cloud + "/requests?depth=1&limit=1", auth + "/tokens",
		cloud + "/um/users/" + id + "/s3ssourl",
	}
	seen := map[string]bool{}
	for len(open) > 0 {
		path := strings.TrimPrefix(open[0], "http://example.com")
		open = open[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		open = append(open, addresses(c.want(200, "GET", path, "").json)...)
	}
	if len(seen) < 100 {
		t.Errorf("only %d addresses were found", len(seen))
	}
}

// addresses are all that an answer holds.
func addresses(value any) []string {
	var found []string
	switch v := value.(type) {
	case map[string]any:
		for _, one := range v {
			found = append(found, addresses(one)...)
		}
	case []any:
		for _, one := range v {
			found = append(found, addresses(one)...)
		}
	case string:
		if strings.HasPrefix(v, "http://example.com") {
			found = append(found, v)
		}
	}
	return found
}

func TestResources(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	c := as(t, s, owner)
	id, group := idOf(t, s, full), c.want(200, "GET", cloud+"/um/groups", "").str("items", 0, "id")
	for path, want := range map[string]string{
		"/um/users/" + id + "/owns": id + "/owns", "/um/groups/" + group + "/resources": group + "/resources",
		"/um/groups/" + group + "/shares": group + "/shares", "/um/resources": "resources",
	} {
		a := c.want(200, "GET", cloud+path, "")
		if a.str("id") != want || a.str("type") != "collection" || a.at("items") == nil || len(a.items()) != 0 {
			t.Errorf("%s: %s", path, a.text)
		}
	}
	c.want(404, "GET", cloud+"/um/resources/spaceship", "")
	c.want(404, "GET", cloud+"/um/resources/datacenter/"+unknownID, "")
	as(t, s, member).want(403, "GET", cloud+"/um/resources", "")
	as(t, s, full).want(200, "GET", cloud+"/um/users/"+id+"/owns", "")
	as(t, s, member).want(403, "GET", cloud+"/um/users/"+id+"/s3ssourl", "")
	c.want(422, "GET", cloud+"/um/users/"+idOf(t, s, guest)+"/s3ssourl", "")
}
