package sandbox_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

func TestTokenLimit(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now, MaxTokens: sandbox.MaxTokens})
	c := withPassword(t, s, member, "sandbox")
	for range 100 {
		c.want(200, "GET", auth+"/tokens/generate?ttl=60", "")
	}
	if a := c.want(422, "GET", auth+"/tokens/generate", ""); !strings.Contains(a.message(), "100") {
		t.Errorf("message %q", a.message())
	}
	withPassword(t, s, full, "sandbox").want(200, "GET", auth+"/tokens/generate", "")
	clk.advance(time.Minute)
	c.want(200, "GET", auth+"/tokens/generate", "") // the expired ones do not count
	c.want(200, "DELETE", auth+"/tokens?criteria=ALL", "")
	c.want(200, "GET", auth+"/tokens/generate", "")
}

// TestAdministrative: by whose key it is, through either API.
func TestAdministrative(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	for email, want := range map[string]bool{owner: true, admin: true, member: false} {
		c := as(t, s, email)
		own := c.want(201, "POST", "/accesskeys", "")
		ensured := c.want(201, "PUT", "/accesskeys/"+fmt.Sprintf("0f5c1b9e-6b1f-4a8e-9f0d-%012x", email[0]), `{"properties":{}}`)
		made := as(t, s, owner).want(200, "POST", s3keys(idOf(t, s, email)), "")
		other := c.want(200, "GET", "/accesskeys?filter.accesskeyId="+made.str("id"), "")
		for name, got := range map[string]any{
			"POST": own.at("metadata", "administrative"), "PUT": ensured.at("metadata", "administrative"),
			"the Cloud API": other.at("items", 0, "metadata", "administrative"),
		} {
			if got != want {
				t.Errorf("%s by %s: %v", email, name, got)
			}
		}
	}
}

// TestActivityLog: what of it is known would not make an emulator of it, so that
// it says of both its addresses that they are not there.
func TestActivityLog(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	for _, email := range []string{owner, admin, member} {
		for _, path := range []string{"/contracts", "/contracts/31718824?dateStart=2026-01-01&dateEnd=2026-02-01&offset=0&limit=20"} {
			a := as(t, s, email).want(501, "GET", "/activitylog/v1"+path, "")
			if a.at("httpStatus") != 501.0 || !strings.Contains(a.message(), "not implement") {
				t.Errorf("%s: %s", path, a.text)
			}
		}
	}
}

func TestLastModifiedDate(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	c := as(t, s, member)
	made := c.want(201, "POST", "/accesskeys", "")
	dates := func(a answer) (created, modified string) {
		return a.str("metadata", "createdDate"), a.str("metadata", "lastModifiedDate")
	}
	if created, modified := dates(made); created != modified {
		t.Errorf("fresh: %s and %s", created, modified)
	}
	clk.advance(10 * time.Second)
	path := "/accesskeys/" + made.str("id")
	if created, modified := dates(c.want(200, "GET", path, "")); created != "2026-03-01T12:00:00.000000Z" || modified != "2026-03-01T12:00:03.000000Z" {
		t.Errorf("available: %s and %s", created, modified)
	}
	c.want(200, "PUT", path, `{"properties":{"description":"changed"}}`)
	if _, modified := dates(c.want(200, "GET", path, "")); modified != "2026-03-01T12:00:10.000000Z" {
		t.Errorf("changed: %s", modified)
	}
}

func TestRegionValues(t *testing.T) {
	const storage = "http://127.0.0.1:9001"
	table := map[string]struct{ endpoint, website, location, ownership string }{
		"de":           {"s3.eu-central-1.ionoscloud.com", "s3-website.de-central.profitbricks.com", "de/fra", "user-owned"},
		"eu-central-2": {"s3.eu-central-2.ionoscloud.com", "s3-website-eu-central-2.ionoscloud.com", "de/txl", "user-owned"},
		"eu-south-2":   {"s3.eu-south-2.ionoscloud.com", "s3-website-eu-south-2.ionoscloud.com", "es/vit", "user-owned"},
		"eu-central-3": {"s3.eu-central-3.ionoscloud.com", "", "", "contract-owned"},
		"eu-central-4": {"s3.eu-central-4.ionoscloud.com", "", "de/fra", "contract-owned"},
		"us-central-1": {"s3.us-central-1.ionoscloud.com", "", "us/mci", "contract-owned"},
	}
	for name, cfg := range map[string]sandbox.Config{
		"own": {StorageURL: storage}, "vendor": {StorageURL: storage, RealEndpoints: true}, "no storage": {},
	} {
		t.Run(name, func(t *testing.T) {
			c := as(t, newSandbox(t, cfg), guest) // no privilege is needed
			for id, want := range table {
				a := c.want(200, "GET", "/regions/"+id, "")
				endpoint := want.endpoint
				if name == "own" {
					endpoint = "127.0.0.1:9001"
				}
				p := func(name string) string { return a.str("properties", name) }
				if p("endpoint") != endpoint || p("bucketOwnership") != want.ownership || fmt.Sprint(a.at("properties", "storageClasses")) != "[standard]" ||
					want.website != "" && p("website") != want.website || want.location != "" && p("location") != want.location {
					t.Errorf("%s: %s", id, a.text)
				}
				if strings.Contains(p("endpoint"), "://") || p("website") == "" {
					t.Errorf("%s: endpoint %q, website %q", id, p("endpoint"), p("website"))
				}
			}
			if c.want(200, "GET", "/regions/de", "").at("properties", "capability", "iam") != false {
				t.Error("de has IAM")
			}
			if a := c.want(200, "GET", "/regions", ""); len(a.items()) != len(table) {
				t.Errorf("%d regions", len(a.items()))
			}
			c.want(404, "GET", "/regions/s3.eu-central-1.ionoscloud.com", "")
		})
	}
}

// TestDeletedKey: one that is being deleted is there until it is gone; then the
// Management API says 404 and the Cloud API 422.
func TestDeletedKey(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	c, id := as(t, s, admin), idOf(t, s, admin)
	key := c.want(200, "GET", "/accesskeys", "")
	path := "/accesskeys/" + key.str("items", 0, "id")
	c.want(202, "DELETE", path, "")
	if a := c.want(200, "GET", path, ""); a.str("metadata", "status") != "DESTROYING" {
		t.Errorf("status %s", a.str("metadata", "status"))
	}
	clk.advance(3 * time.Second)
	c.want(404, "GET", path, "")
	c.want(422, "GET", s3keys(id, key.str("items", 0, "properties", "accessKey")), "")
}

// TestKeysOfASuspendedUser: they stay listed, and their flags stay; they go with
// the user alone.
func TestKeysOfASuspendedUser(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1, Propagation: -1})
	c, id := as(t, s, owner), idOf(t, s, full)
	before := c.want(200, "GET", s3keys(id)+"?depth=1", "").text
	const asFull = `{"properties":{"firstname":"R","lastname":"E","email":"full@keydeck.example","active":%v}}`
	theirs := as(t, s, full)
	c.want(202, "PUT", cloud+"/um/users/"+id, fmt.Sprintf(asFull, false))
	theirs.want(401, "GET", "/accesskeys", "")
	if after := c.want(200, "GET", s3keys(id)+"?depth=1", "").text; after != before {
		t.Error("deactivating the user changes their keys")
	}
	c.want(202, "DELETE", s3keys(id, c.want(200, "GET", s3keys(id), "").str("items", 4, "id")), "")
	c.want(422, "POST", s3keys(id), "") // there is room for one, and no right to it
	c.want(202, "PUT", cloud+"/um/users/"+id, fmt.Sprintf(asFull, true))
	c.want(200, "POST", s3keys(id), "")
	c.want(202, "DELETE", cloud+"/um/users/"+id, "")
	c.want(404, "GET", s3keys(id), "")
	theirs.want(401, "GET", "/accesskeys", "")
}

// TestLargeContract looks like a real one.
func TestLargeContract(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Users: 300})
	c := as(t, s, owner)
	old, hex := 0, regexp.MustCompile(`^[0-9a-f]{20}$`)
	kinds := map[string]int{}
	for next := cloud + "/um/users?depth=2"; next != ""; {
		a := c.want(200, "GET", next, "")
		for i := range a.items() {
			id := a.str("items", i, "id")
			keys := c.want(200, "GET", s3keys(id)+"?depth=1", "")
			for k := range keys.items() {
				if hex.MatchString(keys.str("items", k, "id")) {
					old++
					if keys.str("items", k, "metadata", "createdDate") > "2024-04-25" {
						t.Errorf("an old key made on %s", keys.str("items", k, "metadata", "createdDate"))
					}
				}
			}
			kinds["deactivated"] += btoi(a.at("items", i, "properties", "active") == false)
			kinds["two factors"] += btoi(a.at("items", i, "properties", "secAuthActive") == true)
			kinds["never signed in"] += btoi(a.at("items", i, "metadata", "lastLogin") == nil)
			kinds["signed in"] += btoi(a.at("items", i, "metadata", "lastLogin") != nil)
			groups, _ := a.at("items", i, "entities", "groups", "items").([]any)
			kinds["keys and no privilege"] += btoi(len(groups) == 0 && len(keys.items()) > 0 && a.at("items", i, "properties", "administrator") == false)
		}
		next = a.str("_links", "next")
	}
	kinds["old keys"] = old
	for kind, n := range kinds {
		if n < 5 {
			t.Errorf("%s: %d of 300", kind, n)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestCanonicalUserID: it is there from the first key on, and stays.
func TestCanonicalUserID(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c, path := as(t, s, member), cloud+"/um/users/"+idOf(t, s, member)
	if got := c.want(200, "GET", path, "").at("properties", "s3CanonicalUserId"); got != nil {
		t.Errorf("before the first key it is %v", got)
	}
	key := c.want(201, "POST", "/accesskeys", "")
	id := c.want(200, "GET", path, "").str("properties", "s3CanonicalUserId")
	if len(id) != 32 || id != key.str("properties", "canonicalUserId") {
		t.Errorf("the user has %q, the key %q", id, key.str("properties", "canonicalUserId"))
	}
	c.want(202, "DELETE", "/accesskeys/"+key.str("id"), "")
	if got := c.want(200, "GET", path, "").str("properties", "s3CanonicalUserId"); got != id {
		t.Errorf("without keys it is %q", got)
	}
}

// TestOnlyKey: it stays while there are buckets, through either API.
func TestOnlyKey(t *testing.T) {
	d := newStorageDepot(t)
	c, id, key, secret := d.made(member)
	uid := idOf(t, d.Sandbox, member)
	storage := &storageCaller{depot: d, key: key, secret: secret, region: "de"}
	storage.want(200, "", "PUT", "/box", "")
	for _, a := range []answer{c.want(400, "DELETE", "/accesskeys/"+id, ""), c.want(422, "DELETE", s3keys(uid, key), "")} {
		if !strings.Contains(a.message(), "buckets") {
			t.Errorf("message %q", a.message())
		}
	}
	second := c.want(201, "POST", "/accesskeys", "").str("id")
	c.want(202, "DELETE", "/accesskeys/"+second, "")
	storage.want(204, "", "DELETE", "/box", "")
	c.want(202, "DELETE", "/accesskeys/"+id, "")
}

// TestBucketsOfADeletedUser stay, and no other user reaches them.
func TestBucketsOfADeletedUser(t *testing.T) {
	d := newStorageDepot(t)
	theirs, admins := d.caller(member, "de"), d.caller(admin, "de")
	theirs.want(200, "", "PUT", "/box", "")
	theirs.in("eu-central-3").want(200, "", "PUT", "/of-the-contract", "")
	as(t, d.Sandbox, owner).want(202, "DELETE", cloud+"/um/users/"+idOf(t, d.Sandbox, member), "")
	theirs.want(403, "InvalidAccessKeyId", "GET", "/box", "")
	admins.want(403, "AccessDenied", "GET", "/box", "")
	admins.want(409, "BucketAlreadyExists", "PUT", "/box", "")
	admins.in("eu-central-3").want(200, "", "GET", "/of-the-contract", "")
}
