package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"keydeck/internal/htmltest"
)

// makeBucket makes a bucket with the newest active key of a user.
func (c *console) makeBucket(email, region, name string) {
	c.t.Helper()
	var list struct {
		Keys []struct {
			AccessKey, SecretKey string
			Active               bool
		}
	}
	if err := json.Unmarshal(c.control(http.MethodGet, "users/"+email+"/keys", ""), &list); err != nil {
		c.t.Fatal(err)
	}
	var credentials aws.Credentials
	for _, key := range list.Keys {
		if key.Active && len(key.AccessKey) > 20 { // others are of user-owned buckets
			credentials = aws.Credentials{AccessKeyID: key.AccessKey, SecretAccessKey: key.SecretKey}
		}
	}
	r := httptest.NewRequest(http.MethodPut, "http://127.0.0.1/"+name, nil)
	const unsigned = "UNSIGNED-PAYLOAD"
	r.Header.Set("X-Amz-Content-Sha256", unsigned)
	if err := v4.NewSigner().SignHTTP(c.t.Context(), credentials, r, unsigned, "s3", region, c.clock.Now()); err != nil {
		c.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	c.sandbox.Storage().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		c.t.Fatalf("making the bucket %s: %d %s", name, w.Code, w.Body)
	}
}

// TestCheckKeyBuckets: a test says whose the buckets are that it has listed: a
// contract's are listed to all its users, a user's to this user alone.
func TestCheckKeyBuckets(t *testing.T) {
	t.Parallel()
	const (
		contract     = "owned by contract 31718824; the content is for the contract's owner and administrators, and for others as bucket policies allow."
		contractNone = "It lists no bucket yet; buckets here are owned by contract 31718824."
		user         = "owned by the user of this key, and private to this user."
		userNone     = "It lists no bucket yet; buckets here are owned by the user who creates them."
	)
	c := newConsole(t)
	mine := c.signIn(member)
	address := mine.generate("tested")
	c.clock.Advance(10 * time.Second)
	c.makeBucket(owner, "eu-central-3", "of-the-owner")
	c.makeBucket(member, "eu-central-3", "of-the-member")
	c.makeBucket(owner, "eu-central-4", "alone")
	c.makeBucket(member, "de", "private")
	c.makeBucket(owner, "de", "another")
	c.makeBucket(owner, "de", "third")
	managed := c.keysOf(member) + strings.TrimPrefix(address, keysPage)
	key := "/" + c.keyOf(admin)
	for name, tt := range map[string]struct {
		b               *browser
		address, region string
		says            string
	}{
		"contract-owned":                 {mine, address, "eu-central-3", "It lists 2 buckets " + contract},
		"contract-owned, one":            {mine, address, "eu-central-4", "It lists one bucket " + contract},
		"contract-owned, none":           {mine, address, "us-central-1", contractNone},
		"contract-owned, administrator":  {c.signIn(admin), keysPage + key, "eu-central-3", "It lists 2 buckets " + contract},
		"contract-owned, of another":     {c.signIn(admin), managed, "eu-central-3", "It lists 2 buckets " + contract},
		"user-owned":                     {mine, address, "de", "It lists one bucket " + user},
		"user-owned, none":               {mine, address, "eu-south-2", userNone},
		"user-owned, administrator":      {c.signIn(admin), keysPage + key, "de", userNone},
		"user-owned, of another":         {c.signIn(admin), managed, "de", "It lists one bucket " + user},
		"user-owned, owner":              {c.signIn(owner), keysPage + "/" + c.keyOf(owner), "de", "It lists 2 buckets " + user},
		"contract-owned, a part alone":   {mine, address, "eu-central-3", "It lists 2 buckets " + contract},
		"user-owned, a part of the page": {mine, address, "de", "It lists one bucket " + user},
	} {
		t.Run(name, func(t *testing.T) {
			var more []header
			if strings.Contains(name, "a part") {
				more = append(more, htmx)
			}
			answer := tt.b.test(tt.address, tt.region, more...)
			page := answer.doc(t)
			if text := page.Text("#key-check"); answer.status != http.StatusOK || !strings.Contains(text, "This key works") || !strings.Contains(text, ". "+tt.says) {
				t.Errorf("got %d: %s; want %q", answer.status, text, tt.says)
			}
			if len(more) == 0 {
				htmltest.Sound(t, page)
			}
		})
	}
}

// TestCheckKeyOwnership: what the API says of a region counts, and what its id
// stands for where the API says nothing.
func TestCheckKeyOwnership(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		ownership    any // of eu-central-3
		owner, label string
	}{
		"contract-owned": {"contract-owned", "owned by contract", "Contract-owned buckets"},
		"user-owned":     {"user-owned", "owned by the user who creates them", "User-owned buckets"},
		"missing":        {nil, "owned by contract", "Contract-owned buckets"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			c = c.rewriting(replace("/regions", func(list object) any {
				for _, item := range items(list) {
					if region := item.(object); region["id"] == "eu-central-3" {
						region["properties"].(object)["bucketOwnership"] = tt.ownership
					}
				}
				return list
			}))
			b := c.signIn(admin)
			page := b.test(keysPage+"/"+c.keyOf(admin), "eu-central-3").doc(t)
			if text := page.Text("#key-check"); !strings.Contains(text, tt.owner) {
				t.Errorf("the test says %s", text)
			}
			use := b.get(keysPage + "/" + c.keyOf(admin) + "/use/aws-cli").doc(t)
			if !use.Has("optgroup[label='" + tt.label + "'] option[value='eu-central-3']") {
				t.Errorf("the choices are %s", use.Text("#use-region"))
			}
		})
	}
}
