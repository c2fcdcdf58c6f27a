package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/playwright-community/playwright-go"
)

// makeBucket makes a bucket in the sandbox's storage with a user's first key.
func (c *console) makeBucket(email, region, name string) {
	c.t.Helper()
	var list struct {
		Keys []struct{ AccessKey, SecretKey string }
	}
	c.control(http.MethodGet, "/_sandbox/users/"+email+"/keys", nil, &list)
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPut, c.app.StorageURL()+"/"+name, nil)
	check(c.t, err)
	const unsigned = "UNSIGNED-PAYLOAD"
	r.Header.Set("X-Amz-Content-Sha256", unsigned)
	who := aws.Credentials{AccessKeyID: list.Keys[0].AccessKey, SecretAccessKey: list.Keys[0].SecretKey}
	check(c.t, v4.NewSigner().SignHTTP(c.t.Context(), who, r, unsigned, "s3", region, time.Now()))
	answer, err := sandboxClient.Do(r)
	check(c.t, err)
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		c.t.Fatalf("making the bucket %s: %s", name, answer.Status)
	}
}

// TestCheckKeyBuckets: the test of a key says at each endpoint whose the buckets
// are that it lists.
func TestCheckKeyBuckets(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, noScript bool) {
		c := startConsole(t)
		p := openNewKey(t, c, pageOptions{noScript: noScript})
		p.click(p.button("Generate"))
		p.see(p.heading("Copy key"))
		c.makeBucket(owner, "eu-central-3", "of-the-owner")
		c.makeBucket(member, "de", "first")
		c.makeBucket(member, "de", "second")
		for region, says := range map[string]string{
			"eu-central-3": "It lists one bucket owned by contract 31718824; the content is for the contract's owner and administrators",
			"de":           "It lists 2 buckets owned by the user of this key, and private to this user.",
			"us-central-1": "It lists no bucket yet; buckets here are owned by contract 31718824.",
			"eu-south-2":   "It lists no bucket yet; buckets here are owned by the user who creates them.",
		} {
			p.open(keyAddress(c, member, 0) + "/use/aws-cli")
			_, err := p.field("Endpoint").SelectOption(playwright.SelectOptionValues{Values: &[]string{region}})
			check(t, err)
			p.click(p.button("Apply"))
			check(t, expect.Locator(p.Locator("#key-check input[name=region]").First()).ToHaveValue(region))
			p.click(p.button("Test key"))
			p.says(p.Locator("#key-check"), says)
		}
	})
}
