package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"keydeck/internal/sandbox"
)

// bucketsOf are the names in the caller's list.
func (c *storageCaller) bucketsOf() []string {
	c.t.Helper()
	return elements(c.want(200, "", "GET", "/", "").body, "Name")
}

func TestContractOwnedBuckets(t *testing.T) {
	d := newStorageDepot(t)
	const region = "eu-central-3"
	theOwner, theAdmin, theMember := d.caller(owner, region), d.caller(admin, region), d.caller(member, region)
	theMember.want(200, "", "PUT", "/made-by-member", "")
	theOwner.want(200, "", "PUT", "/made-by-owner", "")
	both := []string{"made-by-member", "made-by-owner"}
	ids := map[string]bool{}
	for name, c := range map[string]*storageCaller{"owner": theOwner, "administrator": theAdmin, "member": theMember} {
		t.Run("list of "+name, func(t *testing.T) {
			if got := c.bucketsOf(); !slices.Equal(got, both) {
				t.Errorf("%v, want %v", got, both)
			}
			ids[element(c.want(200, "", "GET", "/", "").body, "ID")] = true
		})
		t.Run("location for "+name, func(t *testing.T) {
			if got := element(c.want(200, "", "GET", "/made-by-owner?location", "").body, "LocationConstraint"); got != region {
				t.Errorf("location %q", got)
			}
		})
	}
	if len(ids) != 1 || !ids["31718824"] {
		t.Errorf("the owner of the buckets is %v, want the contract", ids)
	}
	t.Run("content is for administrators", func(t *testing.T) {
		for path, method := range map[string]string{
			"/made-by-member/x": "PUT", "/made-by-member": "HEAD", "/made-by-owner?list-type=2": "GET", "/made-by-owner?versions": "GET",
			"/made-by-owner?versioning": "GET", "/made-by-owner/nothing": "GET", "/made-by-owner/y": "DELETE", "/made-by-member?uploads": "GET",
		} {
			if a := theMember.do(method, path, ""); a.status != 403 || method != "HEAD" && a.code != "AccessDenied" {
				t.Errorf("%s %s: %d %s", method, path, a.status, a.code)
			}
		}
		theOwner.want(200, "", "PUT", "/made-by-member/x", "1")
		theAdmin.want(200, "", "PUT", "/made-by-member/x", "2")
	})
	t.Run("copy from a bucket that may not be read", func(t *testing.T) {
		mine := theMember.in("de")
		mine.want(200, "", "PUT", "/private", "")
		mine.want(404, "NoSuchBucket", "PUT", "/private/x", "", "X-Amz-Copy-Source", "made-by-member/x")
		theMember.want(403, "AccessDenied", "PUT", "/made-by-member/y", "", "X-Amz-Copy-Source", "made-by-member/x")
	})
	t.Run("a grant", func(t *testing.T) {
		anonymous(t, d.Sandbox).want(200, "POST", "/_sandbox/buckets/made-by-member", `{"grant":["`+member+`"]}`)
		theMember.want(200, "", "GET", "/made-by-member/x", "")
		theMember.want(403, "AccessDenied", "GET", "/made-by-owner/x", "")
		anonymous(t, d.Sandbox).want(404, "POST", "/_sandbox/buckets/none", `{"grant":[]}`)
	})
	t.Run("rights follow the role", func(t *testing.T) {
		anonymous(t, d.Sandbox).want(200, "POST", "/_sandbox/users/"+admin, `{"administrator":false,"groups":["Storage Team"]}`)
		theAdmin.want(403, "AccessDenied", "GET", "/made-by-owner/x", "")
	})
	t.Run("of another contract", func(t *testing.T) {
		if a := theMember.do("DELETE", "/made-by-owner", ""); a.status != 403 {
			t.Errorf("a member deletes the owner's: %d", a.status)
		}
	})
}

func TestUserOwnedBuckets(t *testing.T) {
	d := newStorageDepot(t)
	mine, theirs, theAdmin := d.caller(member, "de"), d.caller(owner, "de"), d.caller(admin, "de")
	mine.want(200, "", "PUT", "/zebra", "")
	mine.want(200, "", "PUT", "/ant", "")
	mine.want(200, "", "PUT", "/ant/x", "mine")
	for name, c := range map[string]*storageCaller{"owner": theirs, "administrator": theAdmin} {
		t.Run("private from the "+name, func(t *testing.T) {
			if got := c.bucketsOf(); len(got) != 0 {
				t.Errorf("the list has %v", got)
			}
			c.want(403, "AccessDenied", "GET", "/ant/x", "")
			c.want(403, "AccessDenied", "GET", "/ant?location", "")
			c.want(409, "BucketAlreadyExists", "PUT", "/ant", "")
			c.want(404, "NoSuchBucket", "GET", "/elsewhere/x", "")
			c.want(200, "", "PUT", "/of-"+strings.ReplaceAll(name, " ", "-"), "")
			c.want(403, "AccessDenied", "PUT", "/of-"+name+"/y", "", "X-Amz-Copy-Source", "/ant/x")
			a := c.do("HEAD", "/ant", "")
			if a.status != 403 || a.header.Get("X-Amz-Bucket-Region") != "de" {
				t.Errorf("HEAD: %d, region %q", a.status, a.header.Get("X-Amz-Bucket-Region"))
			}
		})
	}
	t.Run("own list", func(t *testing.T) {
		if got := mine.bucketsOf(); !slices.Equal(got, []string{"ant", "zebra"}) {
			t.Errorf("%v", got)
		}
	})
	t.Run("owner id", func(t *testing.T) {
		a, b := element(mine.want(200, "", "GET", "/", "").body, "ID"), element(theirs.want(200, "", "GET", "/", "").body, "ID")
		if len(a) != 32 || a == b {
			t.Errorf("%q and %q", a, b)
		}
	})
}

func TestKeysOfTheStorage(t *testing.T) {
	suspend := map[string]string{"deactivated": `{"active":false}`, "without the privilege": `{"groups":[]}`, "deleted": ""}
	for name, change := range suspend {
		for _, taken := range []bool{false, true} {
			t.Run(fmt.Sprintf("user %s, taken %v", name, taken), func(t *testing.T) {
				d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1, SuspendedKeys: taken})
				c := d.caller(member, "de")
				method := "POST"
				if change == "" {
					method = "DELETE"
				}
				anonymous(t, d.Sandbox).want(200, method, "/_sandbox/users/"+member, change)
				if taken && change != "" {
					c.want(200, "", "GET", "/", "")
				} else {
					c.want(403, "InvalidAccessKeyId", "GET", "/", "")
				}
			})
		}
	}
	t.Run("from before contract-owned buckets", func(t *testing.T) {
		d := newStorageDepot(t)
		list := as(t, d.Sandbox, full).want(200, "GET", s3keys(idOf(t, d.Sandbox, full))+"?depth=1", "")
		c := &storageCaller{depot: d, key: list.str("items", 0, "id"), secret: list.str("items", 0, "properties", "secretKey"), region: "de"}
		c.want(200, "", "GET", "/", "")
		c.in("eu-central-3").want(403, "InvalidAccessKeyId", "GET", "/", "")
	})
}

func TestBucketLocation(t *testing.T) {
	d := newStorageDepot(t)
	c := d.caller(owner, "de")
	c.want(200, "", "PUT", "/in-de", "")
	at3 := c.in("eu-central-3")
	body := func(location string) string {
		return "<CreateBucketConfiguration><LocationConstraint>" + location + "</LocationConstraint></CreateBucketConfiguration>"
	}
	t.Run("exists only there", func(t *testing.T) {
		if got := at3.bucketsOf(); len(got) != 0 {
			t.Errorf("elsewhere the list has %v", got)
		}
		at3.want(404, "NoSuchBucket", "GET", "/in-de?list-type=2", "")
	})
	t.Run("names are unique", func(t *testing.T) {
		at3.want(409, "BucketAlreadyExists", "PUT", "/in-de", "")
		c.want(409, "BucketAlreadyOwnedByYou", "PUT", "/in-de", "")
	})
	t.Run("location is never empty", func(t *testing.T) {
		if got := element(c.want(200, "", "GET", "/in-de?location", "").body, "LocationConstraint"); got != "de" {
			t.Errorf("%q", got)
		}
	})
	t.Run("LocationConstraint", func(t *testing.T) {
		c.want(200, "", "PUT", "/with-own", body("de"))
		c.want(200, "", "PUT", "/with-empty", body(""))
		c.want(200, "", "PUT", "/with-empty-element", "<CreateBucketConfiguration/>")
		c.want(400, "InvalidLocationConstraint", "PUT", "/with-other", body("eu-central-3"))
		c.want(400, "MalformedXML", "PUT", "/with-nonsense", "<CreateBucketConfiguration>")
		c.want(501, "NotImplemented", "PUT", "/with-more", "<CreateBucketConfiguration><Bucket><Type>Directory</Type></Bucket></CreateBucketConfiguration>")
		c.want(404, "NoSuchBucket", "GET", "/with-more", "")
	})
	t.Run("HEAD names the region", func(t *testing.T) {
		if a := c.do("HEAD", "/in-de", ""); a.status != 200 || a.header.Get("X-Amz-Bucket-Region") != "de" {
			t.Errorf("%d %q", a.status, a.header.Get("X-Amz-Bucket-Region"))
		}
	})
	t.Run("a region that the vendor does not have", func(t *testing.T) {
		for path, want := range map[string]string{"/": "eu-central-3", "/in-de": "de", "/in-de/x": "de", "/nowhere": "eu-central-3"} {
			a := c.in("us-east-1").want(400, "AuthorizationHeaderMalformed", "GET", path, "")
			if got := element(a.body, "Region"); got != want {
				t.Errorf("%s: region %q, want %q", path, got, want)
			}
			if a = c.in("us-east-1").do("HEAD", path, ""); a.status != 400 || a.header.Get("X-Amz-Bucket-Region") != want || a.body != "" {
				t.Errorf("HEAD %s: %d %q", path, a.status, a.header.Get("X-Amz-Bucket-Region"))
			}
		}
	})
	t.Run("names", func(t *testing.T) {
		for _, name := range []string{"Data", "a..b", "192.168.1.4", "ab", "-ab", "ab-", "ab.", "ab_", "_ab", "a.-b", "a-.b", "a%20b", strings.Repeat("a", 64)} {
			c.want(400, "InvalidBucketName", "PUT", "/"+name, "")
		}
		for _, name := range []string{"a.b", "a_b", "1a2", strings.Repeat("a", 63), "192.168.1.x"} {
			c.want(200, "", "PUT", "/"+name, "")
		}
	})
}

func TestStorageLimits(t *testing.T) {
	d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1, StorageLimits: smallLimits})
	c := d.caller(owner, "de")
	at3 := c.in("eu-central-3")
	t.Run("buckets", func(t *testing.T) {
		c.want(200, "", "PUT", "/one", "")
		c.want(400, "TooManyBuckets", "PUT", "/two", "")
		at3.want(200, "", "PUT", "/three", "")
		at3.want(200, "", "PUT", "/four", "")
		at3.want(400, "TooManyBuckets", "PUT", "/five", "")
		d.caller(admin, "eu-central-3").want(200, "", "PUT", "/six", "")
	})
	t.Run("bytes of a PUT", func(t *testing.T) {
		c.want(200, "", "PUT", "/one/x", strings.Repeat("x", 10))
		c.want(400, "EntityTooLarge", "PUT", "/one/x", strings.Repeat("x", 11))
		at3.want(200, "", "PUT", "/three/x", strings.Repeat("x", 20))
		at3.want(400, "EntityTooLarge", "PUT", "/three/x", strings.Repeat("x", 21))
	})
	t.Run("bytes of a request", func(t *testing.T) {
		c.want(400, "EntityTooLarge", "PUT", "/one/x", strings.Repeat("x", 6<<20+1), "X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	})
}
