package sandbox_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// presign signs the address of a request, for a minute.
func (c *storageCaller) presign(method, path string, headers ...string) *url.URL {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	query := r.URL.Query()
	query.Set("X-Amz-Expires", "60")
	r.URL.RawQuery = query.Encode()
	signed, _, err := v4.NewSigner().PresignHTTP(c.t.Context(), aws.Credentials{AccessKeyID: c.key, SecretAccessKey: c.secret},
		r, "UNSIGNED-PAYLOAD", "s3", c.region, c.clock.Now(), func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err != nil {
		c.t.Fatal(err)
	}
	address, err := url.Parse(signed)
	if err != nil {
		c.t.Fatal(err)
	}
	return address
}

// ask sends a request without any signature but that of its address.
func (c *storageCaller) ask(method string, address *url.URL, body string) storageAnswer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, address.String(), strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	return c.send(r)
}

// TestPresignedRefused: one thing is wrong with an address.
func TestPresignedRefused(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	c.want(200, "", "PUT", "/box/x", "0123456789")
	set := func(name, value string) func(url.Values) {
		return func(q url.Values) { q.Set(name, value) }
	}
	replace := func(name, old, fresh string) func(url.Values) {
		return func(q url.Values) { q.Set(name, strings.Replace(q.Get(name), old, fresh, 1)) }
	}
	for name, tt := range map[string]struct {
		change func(url.Values)
		status int
		code   string
	}{
		"nothing":                  {func(url.Values) {}, 200, ""},
		"another signature":        {set("X-Amz-Signature", strings.Repeat("0", 64)), 403, "SignatureDoesNotMatch"},
		"no signature":             {func(q url.Values) { q.Del("X-Amz-Signature") }, 403, "AccessDenied"},
		"a longer life":            {set("X-Amz-Expires", "61"), 403, "SignatureDoesNotMatch"},
		"more than a week":         {set("X-Amz-Expires", "604801"), 400, "AuthorizationQueryParametersError"},
		"a negative life":          {set("X-Amz-Expires", "-1"), 400, "AuthorizationQueryParametersError"},
		"no life":                  {func(q url.Values) { q.Del("X-Amz-Expires") }, 400, "AuthorizationQueryParametersError"},
		"another algorithm":        {set("X-Amz-Algorithm", "AWS4-HMAC-SHA512"), 400, "AuthorizationQueryParametersError"},
		"another day":              {set("X-Amz-Date", "20200101T000000Z"), 400, "AuthorizationQueryParametersError"},
		"no date":                  {func(q url.Values) { q.Del("X-Amz-Date") }, 400, "AuthorizationQueryParametersError"},
		"half a credential":        {replace("X-Amz-Credential", "/s3/aws4_request", ""), 400, "AuthorizationQueryParametersError"},
		"of another service":       {replace("X-Amz-Credential", "/s3/", "/ec2/"), 400, "AuthorizationQueryParametersError"},
		"of another region":        {replace("X-Amz-Credential", "/de/", "/eu-south-2/"), 403, "SignatureDoesNotMatch"},
		"another key":              {replace("X-Amz-Credential", c.key, "nobodys"), 403, "InvalidAccessKeyId"},
		"host not signed":          {set("X-Amz-SignedHeaders", "range"), 403, "AccessDenied"},
		"a token":                  {set("X-Amz-Security-Token", "x"), 400, "InvalidToken"},
		"a parameter put in":       {set("versionId", "null"), 403, "SignatureDoesNotMatch"},
		"a header put in":          {set("x-amz-acl", "public-read"), 403, "SignatureDoesNotMatch"},
		"a signature of version 2": {func(q url.Values) { clear(q); q.Set("Signature", "x"); q.Set("AWSAccessKeyId", c.key) }, 400, "InvalidRequest"},
	} {
		t.Run(name, func(t *testing.T) {
			address := c.presign("GET", "/box/x")
			query := address.Query()
			tt.change(query)
			address.RawQuery = query.Encode()
			a := c.ask("GET", address, "")
			if a.status != tt.status || a.code != tt.code {
				t.Errorf("%d %s, want %d %s", a.status, a.code, tt.status, tt.code)
			}
			if strings.Contains(a.body, c.secret) {
				t.Error("the answer holds the secret")
			}
		})
	}
}

func TestPresignedTimes(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	c.want(200, "", "PUT", "/box/x", "0123456789")
	t.Run("expired", func(t *testing.T) {
		address := c.presign("GET", "/box/x")
		c.clock.advance(61 * time.Second)
		if a := c.ask("GET", address, ""); a.status != 403 || a.code != "AccessDenied" {
			t.Errorf("%d %s", a.status, a.code)
		}
	})
	t.Run("another method", func(t *testing.T) {
		if a := c.ask("DELETE", c.presign("GET", "/box/x"), ""); a.code != "SignatureDoesNotMatch" {
			t.Errorf("%d %s", a.status, a.code)
		}
	})
	t.Run("not yet valid", func(t *testing.T) {
		address := c.presign("GET", "/box/x")
		c.clock.advance(-16 * time.Minute)
		if a := c.ask("GET", address, ""); a.status != 403 || a.code != "AccessDenied" {
			t.Errorf("%d %s", a.status, a.code)
		}
		c.clock.advance(16 * time.Minute)
	})
}

// TestPresignedHeaders: headers that the address carries count as headers.
func TestPresignedHeaders(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	if a := c.ask("PUT", c.presign("PUT", "/box/x?x-amz-acl=public-read"), "1"); a.status != 501 {
		t.Errorf("an access list in the address: %d", a.status)
	}
	if a := c.ask("PUT", c.presign("PUT", "/box/x?x-amz-meta-name=value"), "1"); a.status != 200 {
		t.Errorf("metadata in the address: %d %s", a.status, a.body)
	}
	if got := c.do("HEAD", "/box/x", "").header.Get("X-Amz-Meta-Name"); got != "value" {
		t.Errorf("the metadata is %q", got)
	}
	if a := c.ask("PUT", c.presign("PUT", "/box/y?x-amz-checksum-crc32=AAAAAA%3D%3D"), "1"); a.code != "BadDigest" {
		t.Errorf("a wrong checksum in the address: %d %s", a.status, a.code)
	}
	if a := c.ask("GET", c.presign("GET", "/box/x?response-content-type=text%2Fcsv"), ""); a.header.Get("Content-Type") != "text/csv" {
		t.Errorf("an override in the address: %v", a.header)
	}
}

// TestBodiesOfAnotherLength are refused, and nothing is stored.
func TestBodiesOfAnotherLength(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	streamed := func(length string) []string {
		return []string{"X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Decoded-Content-Length", length}
	}
	for name, tt := range map[string]struct {
		body    string
		headers []string
		code    string
	}{
		"more than was said":  {trailing("hello", ""), streamed("4"), "IncompleteBody"},
		"less than was said":  {trailing("hello", ""), streamed("6"), "IncompleteBody"},
		"no number was said":  {trailing("hello", ""), streamed("five"), "IncompleteBody"},
		"cut off in a chunk":  {"5\r\nhel", streamed("5"), "IncompleteBody"},
		"cut off in a length": {"5", streamed("5"), "IncompleteBody"},
		"without its end":     {"5\r\nhello\r\n", streamed("5"), "IncompleteBody"},
		"a length that lies":  {"fffffff\r\nhello\r\n0\r\n\r\n", streamed("5"), "IncompleteBody"},
		"no chunks at all":    {"hello", streamed("5"), "IncompleteBody"},
		"another hash":        {"hello", []string{"X-Amz-Content-Sha256", sha256Hex("other")}, "XAmzContentSHA256Mismatch"},
		"a hash that is none": {"hello", []string{"X-Amz-Content-Sha256", "hash"}, "XAmzContentSHA256Mismatch"},
	} {
		t.Run(name, func(t *testing.T) { c.want(400, tt.code, "PUT", "/box/x", tt.body, tt.headers...) })
	}
	t.Run("no length", func(t *testing.T) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, c.presign("PUT", "/box/x").String(), io.MultiReader(strings.NewReader("1")))
		if err != nil {
			t.Fatal(err)
		}
		if a := c.send(r); a.status != 411 || a.code != "MissingContentLength" {
			t.Errorf("%d %s", a.status, a.code)
		}
	})
	t.Run("ends early", func(t *testing.T) {
		address := c.presign("PUT", "/box/x")
		conn, err := net.Dial("tcp", address.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 100\r\n\r\nhalf", address.RequestURI(), address.Host); err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		if body, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusBadRequest || element(string(body), "Code") != "IncompleteBody" {
			t.Errorf("%d %s", response.StatusCode, body)
		}
	})
	c.want(404, "NoSuchKey", "GET", "/box/x", "")
}
