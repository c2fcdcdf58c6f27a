package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"keydeck/internal/sandbox"
)

// depot is a sandbox with its S3 endpoint, and a clock.
type depot struct {
	*sandbox.Sandbox
	t     *testing.T
	clock *clock
	url   string
}

func newDepot(t *testing.T, cfg sandbox.Config) *depot {
	t.Helper()
	d := &depot{t: t, clock: newClock()}
	// The SDK signs with the time of day.
	d.clock.now = time.Now()
	cfg.Now = d.clock.Now
	d.Sandbox = newSandbox(t, cfg)
	server := httptest.NewServer(d.Storage())
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

// s3Client is the official SDK with a key. It tries once.
func (d *depot) s3Client(key, secret string, options ...func(*s3.Options)) *s3.Client {
	return s3.New(s3.Options{
		Region: "de", BaseEndpoint: &d.url, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""), Retryer: aws.NopRetryer{},
	}, options...)
}

// made is a key that was generated.
func (d *depot) made(email string) (c *client, id, key, secret string) {
	d.t.Helper()
	c = as(d.t, d.Sandbox, email)
	a := c.want(201, "POST", "/accesskeys", "")
	return c, a.str("id"), a.str("properties", "accessKey"), a.str("properties", "secretKey")
}

func (d *depot) list(key, secret string) error {
	_, err := d.s3Client(key, secret).ListBuckets(d.t.Context(), &s3.ListBucketsInput{})
	return err
}

// wantCode wants an error of S3; "" for none.
func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	got := ""
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		got = api.ErrorCode()
	} else if err != nil {
		got = err.Error()
	}
	if got != code {
		t.Errorf("%s: %q, want %q (%v)", what, got, code, err)
	}
}

func TestStorageKeyLife(t *testing.T) {
	d := newDepot(t, sandbox.Config{})
	c, id, key, secret := d.made(member)
	uid := idOf(t, d.Sandbox, member)
	wantCode(t, "while it is made", d.list(key, secret), "InvalidAccessKeyId")
	d.clock.advance(3 * time.Second)
	wantCode(t, "before it has spread", d.list(key, secret), "InvalidAccessKeyId")
	d.clock.advance(time.Second)
	wantCode(t, "available", d.list(key, secret), "")
	wantCode(t, "with another secret", d.list(key, secret+"x"), "SignatureDoesNotMatch")
	wantCode(t, "another key", d.list("nobodys", secret), "InvalidAccessKeyId")

	c.want(202, "PUT", s3keys(uid, key), `{"properties":{"active":false}}`)
	wantCode(t, "while it is deactivated", d.list(key, secret), "")
	d.clock.advance(3 * time.Second)
	wantCode(t, "deactivated", d.list(key, secret), "InvalidAccessKeyId")
	c.want(202, "PUT", s3keys(uid, key), `{"properties":{"active":true}}`)
	d.clock.advance(3 * time.Second)
	wantCode(t, "activated, not spread", d.list(key, secret), "InvalidAccessKeyId")
	d.clock.advance(time.Second)
	wantCode(t, "activated", d.list(key, secret), "")
	c.want(202, "PUT", s3keys(uid, key), `{"properties":{"active":true}}`)
	d.clock.advance(3 * time.Second)
	wantCode(t, "activated once more", d.list(key, secret), "")

	renewed := c.want(200, "PUT", "/accesskeys/"+id+"/renew", "").str("properties", "secretKey")
	wantCode(t, "renewed, not spread", d.list(key, renewed), "SignatureDoesNotMatch")
	d.clock.advance(time.Second)
	wantCode(t, "renewed", d.list(key, renewed), "")
	wantCode(t, "with the old secret", d.list(key, secret), "SignatureDoesNotMatch")

	d.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/_sandbox/users/"+member, strings.NewReader(`{"groups":[]}`)))
	wantCode(t, "without the privilege", d.list(key, renewed), "InvalidAccessKeyId")
	d.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/_sandbox/users/"+member, strings.NewReader(`{"groups":["Storage Team"]}`)))
	c.want(202, "DELETE", "/accesskeys/"+id, "")
	wantCode(t, "deleted", d.list(key, renewed), "InvalidAccessKeyId")
}

func TestStorageRegions(t *testing.T) {
	d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1, StorageURL: "http://127.0.0.1:9001"})
	c := as(t, d.Sandbox, full)
	for i := range c.want(200, "GET", "/regions", "").items() {
		a := c.want(200, "GET", "/regions", "")
		if got := a.str("items", i, "properties", "endpoint"); got != "127.0.0.1:9001" {
			t.Errorf("%s is at %s", a.str("items", i, "id"), got)
		}
	}
	legacy := c.want(200, "GET", s3keys(idOf(t, d.Sandbox, full))+"?depth=1", "")
	key, secret := legacy.str("items", 0, "id"), legacy.str("items", 0, "properties", "secretKey")
	for region, want := range map[string]string{
		"de": "", "eu-south-2": "", "eu-central-3": "InvalidAccessKeyId", "us-east-1": "AuthorizationHeaderMalformed",
	} {
		_, err := d.s3Client(key, secret, func(o *s3.Options) { o.Region = region }).ListBuckets(t.Context(), &s3.ListBucketsInput{})
		wantCode(t, region, err, want)
	}
}

func TestObjects(t *testing.T) {
	d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1})
	_, _, key, secret := d.made(member)
	ctx, client := t.Context(), d.s3Client(key, secret)
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("photos")})
	wantCode(t, "make a bucket", err, "")
	for _, name := range []string{"plain.txt", "a folder/with (odd) names & + = %41 ü.txt", "~tilde*'!"} {
		_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("photos"), Key: &name, Body: strings.NewReader("content of " + name)})
		wantCode(t, "put "+name, err, "")
		got, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("photos"), Key: &name})
		wantCode(t, "get "+name, err, "")
		if err == nil {
			if text, _ := io.ReadAll(got.Body); string(text) != "content of "+name {
				t.Errorf("%s holds %q", name, text)
			}
		}
	}
	list, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("photos")})
	wantCode(t, "list", err, "")
	if len(list.Contents) != 3 {
		t.Errorf("%d objects", len(list.Contents))
	}
	_, err = client.GetObjectAcl(ctx, &s3.GetObjectAclInput{Bucket: aws.String("photos"), Key: aws.String("plain.txt")})
	wantCode(t, "what is not there", err, "NotImplemented")
	for _, object := range list.Contents {
		_, err = client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("photos"), Key: object.Key})
		wantCode(t, "delete", err, "")
	}
	_, err = client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String("photos")})
	wantCode(t, "delete the bucket", err, "")
}

func TestPresigned(t *testing.T) {
	d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1})
	_, _, key, secret := d.made(member)
	client := d.s3Client(key, secret)
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("photos")})
	wantCode(t, "make", err, "")
	_, err = client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("a b"), Body: strings.NewReader("shared")})
	wantCode(t, "put", err, "")
	signed, err := s3.NewPresignClient(client).PresignGetObject(t.Context(),
		&s3.GetObjectInput{Bucket: aws.String("photos"), Key: aws.String("a b")}, s3.WithPresignExpires(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if status, body := d.fetch(t.Context(), "GET", signed.URL, nil); status != 200 || body != "shared" {
		t.Errorf("%d %s", status, body)
	}
	if status, body := d.fetch(t.Context(), "GET", strings.Replace(signed.URL, "a%20b", "c", 1), nil); status != 403 || !strings.Contains(body, "SignatureDoesNotMatch") {
		t.Errorf("another object: %d %s", status, body)
	}
	d.clock.advance(2 * time.Minute)
	if status, body := d.fetch(t.Context(), "GET", signed.URL, nil); status != 403 || !strings.Contains(body, "Request has expired") {
		t.Errorf("too late: %d %s", status, body)
	}
}

func (d *depot) fetch(ctx context.Context, method, url string, header http.Header) (int, string) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header = header
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
