package sandbox_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"keydeck/internal/sandbox"
	"keydeck/internal/sandbox/s3"
)

// TestServiceLimits: the limits that hold unless a test sets others are the
// service's. How a limit is met is tested by TestStorageLimits, with lower ones.
func TestServiceLimits(t *testing.T) {
	t.Parallel()
	t.Run("buckets", func(t *testing.T) {
		t.Parallel()
		c := newStorageDepot(t).caller(member, "de")
		for region, limit := range map[string]int{"de": 500, "eu-central-3": 1000} {
			at := c.in(region)
			for n := range limit {
				at.want(200, "", "PUT", fmt.Sprintf("/%s-%d", region, n), "")
			}
			at.want(400, "TooManyBuckets", "PUT", "/more", "")
		}
		other := c.caller(admin, "de")
		other.want(200, "", "PUT", "/more", "")
	})
	t.Run("bytes", func(t *testing.T) {
		t.Parallel()
		limits := s3.ServiceLimits
		limits.Body = 1 << 50 // nothing of the content is read, and so none is held in memory
		c := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1, StorageLimits: limits}).caller(owner, "de")
		c.want(200, "", "PUT", "/user", "")
		c.in("eu-central-3").want(200, "", "PUT", "/contract", "")
		up := c.begin("/user/parts")
		for name, tt := range map[string]struct {
			region, path string
			declared     int64
			header       string
		}{
			"user-owned":           {"de", "/user/x", 5_000_000_001, ""},
			"contract-owned":       {"eu-central-3", "/contract/x", 5<<30 + 1, ""},
			"part":                 {"de", up + "&partNumber=1", 5_000_000_001, ""},
			"in chunks, user":      {"de", "/user/x", 10, "5000000001"},
			"in chunks, contract":  {"eu-central-3", "/contract/x", 10, "5368709121"},
			"as much as there can": {"de", "/user/x", 1<<50 - 1, ""},
		} {
			t.Run(name, func(t *testing.T) { c.in(tt.region).tooLarge(t, tt.path, tt.declared, tt.header) })
		}
	})
	if got := s3.ServiceLimits.Object; got != 5<<40 {
		t.Errorf("an object may have %d bytes", got)
	}
}

// tooLarge wants a PUT refused by the length that it declares.
func (c *storageCaller) tooLarge(t *testing.T, path string, declared int64, decoded string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPut, c.url+path, unreadable{t})
	r.ContentLength = declared
	payload := "UNSIGNED-PAYLOAD"
	if decoded != "" {
		payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
		r.Header.Set("X-Amz-Decoded-Content-Length", decoded)
		r.Header.Set("Content-Encoding", "aws-chunked")
	}
	r.Header.Set("X-Amz-Content-Sha256", payload)
	who := aws.Credentials{AccessKeyID: c.key, SecretAccessKey: c.secret}
	if err := v4.NewSigner().SignHTTP(t.Context(), who, r, payload, "s3", c.region, c.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	c.Storage().ServeHTTP(w, r)
	if code := element(w.Body.String(), "Code"); w.Code != http.StatusBadRequest || code != "EntityTooLarge" {
		t.Errorf("%d bytes: %d %s", declared, w.Code, code)
	}
}

// unreadable is content that must not be read.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the content is read")
	return 0, errors.New("unreadable")
}

// TestExpectedBucketOwner: the vendor does not support the header, so no request
// is held up by it, whichever owner it names.
func TestExpectedBucketOwner(t *testing.T) {
	t.Parallel()
	c := newStorageDepot(t).caller(member, "de")
	other := []string{"X-Amz-Expected-Bucket-Owner", "000000000000"}
	source := append([]string{"X-Amz-Copy-Source", "box/x", "X-Amz-Source-Expected-Bucket-Owner", "000000000000"}, other...)
	c.want(200, "", "PUT", "/box", "", other...)
	c.want(200, "", "PUT", "/box/x", "0123456789", other...)
	up := c.begin("/box/parts", other...)
	part := c.want(200, "", "PUT", up+"&partNumber=1", "part", other...).header.Get("ETag")
	copied := element(c.want(200, "", "PUT", up+"&partNumber=2", "", source...).body, "ETag")
	const fresh = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
	steps := []step{
		{method: "HEAD", path: "/box", status: 200},
		{method: "GET", path: "/box", status: 200, says: "<Key>x</Key>"},
		{method: "GET", path: "/box?list-type=2", status: 200, says: "<Key>x</Key>"},
		{method: "GET", path: "/box?location", status: 200, says: "de"},
		{method: "GET", path: "/box?uploads", status: 200, says: "parts"},
		{method: "PUT", path: "/box?versioning", body: fresh, status: 200},
		{method: "GET", path: "/box?versioning", status: 200, says: "Enabled"},
		{method: "GET", path: "/box?versions", status: 200, says: "ListVersionsResult"},
		{method: "GET", path: "/box?tagging", status: 404, code: "NoSuchTagSet"},
		{method: "HEAD", path: "/box/x", status: 200},
		{method: "GET", path: "/box/x", status: 200, says: "0123456789"},
		{method: "GET", path: "/box/x?tagging", status: 200, says: "TagSet"},
		{method: "PUT", path: "/box/y", headers: source, status: 200, says: "CopyObjectResult"},
		{method: "GET", path: up, status: 200, says: "ListPartsResult"},
		{method: "POST", path: up, body: completion(2, copied), status: 200},
		{method: "DELETE", path: "/box/y", status: 204},
		{method: "POST", path: "/box?delete", body: "<Delete><Object><Key>x</Key></Object></Delete>", status: 200, says: "Deleted"},
	}
	for _, s := range steps {
		headers := s.headers
		if headers == nil {
			headers = other
		}
		if a := c.want(s.status, s.code, s.method, s.path, s.body, headers...); s.says != "" && !strings.Contains(a.body, s.says) {
			t.Errorf("%s %s: %q has no %q", s.method, s.path, a.body, s.says)
		}
	}
	if part == "" || copied == "" {
		t.Error("the parts have no ETag")
	}
	abandoned := c.begin("/box/abandoned", other...)
	c.want(204, "", "DELETE", abandoned, "", other...)
}
