package sandbox_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// sdkLife is aws-sdk-go-v2 with two buckets.
type sdkLife struct {
	*s3.Client
	t        *testing.T
	box, two *string
}

func newSDKLife(t *testing.T) sdkLife {
	t.Helper()
	d := newStorageDepot(t)
	_, _, key, secret := d.made(member)
	l := sdkLife{d.s3Client(key, secret), t, aws.String("box"), aws.String("two")}
	for _, name := range []*string{l.box, l.two} {
		_, err := l.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name})
		wantCode(t, "make a bucket", err, "")
	}
	return l
}

func (l sdkLife) put(bucket *string, key, content string) *s3.PutObjectOutput {
	l.t.Helper()
	out, err := l.PutObject(l.t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: strings.NewReader(content)})
	wantCode(l.t, "put "+key, err, "")
	return out
}

func (l sdkLife) content(in *s3.GetObjectInput) string {
	l.t.Helper()
	out, err := l.GetObject(l.t.Context(), in)
	if err != nil {
		l.t.Fatal(err)
	}
	text, err := io.ReadAll(out.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return string(text)
}

func TestSDKChecksums(t *testing.T) {
	l := newSDKLife(t)
	for _, a := range types.ChecksumAlgorithm("").Values() {
		if len(hello[strings.ToLower(string(a))]) == 0 {
			continue // one that the storage does not know
		}
		t.Run(string(a), func(t *testing.T) {
			key := string(a)
			_, err := l.PutObject(t.Context(), &s3.PutObjectInput{Bucket: l.box, Key: &key, Body: strings.NewReader("hello"), ChecksumAlgorithm: a})
			wantCode(t, "put", err, "")
			out, err := l.GetObject(t.Context(), &s3.GetObjectInput{Bucket: l.box, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
			wantCode(t, "get", err, "")
			if text, err := io.ReadAll(out.Body); err != nil || string(text) != "hello" { // verified by the SDK
				t.Errorf("%q, %v", text, err)
			}
			if got := l.content(&s3.GetObjectInput{Bucket: l.box, Key: &key, Range: aws.String("bytes=1-2"), ChecksumMode: types.ChecksumModeEnabled}); got != "el" {
				t.Errorf("a range is %q", got)
			}
		})
	}
	_, err := l.PutObject(t.Context(), &s3.PutObjectInput{Bucket: l.box, Key: aws.String("bad"), Body: strings.NewReader("hello"), ChecksumSHA1: aws.String("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")})
	wantCode(t, "a wrong one", err, "BadDigest")
}

func TestSDKConditions(t *testing.T) {
	l, key := newSDKLife(t), aws.String("x")
	etag := l.put(l.box, "x", "one").ETag
	for name, tt := range map[string]struct {
		err  error
		code string
	}{
		"write, there":     {second(l.PutObject(t.Context(), &s3.PutObjectInput{Bucket: l.box, Key: key, IfNoneMatch: aws.String("*")})), "PreconditionFailed"},
		"write, another":   {second(l.PutObject(t.Context(), &s3.PutObjectInput{Bucket: l.box, Key: key, IfMatch: aws.String(`"x"`)})), "PreconditionFailed"},
		"write, the same":  {second(l.PutObject(t.Context(), &s3.PutObjectInput{Bucket: l.box, Key: key, IfMatch: etag, Body: strings.NewReader("one")})), ""},
		"read, another":    {second(l.GetObject(t.Context(), &s3.GetObjectInput{Bucket: l.box, Key: key, IfMatch: aws.String(`"x"`)})), "PreconditionFailed"},
		"read, unchanged":  {second(l.GetObject(t.Context(), &s3.GetObjectInput{Bucket: l.box, Key: key, IfNoneMatch: etag})), "NotModified"},
		"read, past end":   {second(l.GetObject(t.Context(), &s3.GetObjectInput{Bucket: l.box, Key: key, Range: aws.String("bytes=9-")})), "InvalidRange"},
		"copy, another":    {second(l.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: l.two, Key: key, CopySource: aws.String("box/x"), CopySourceIfMatch: aws.String("x")})), "PreconditionFailed"},
		"delete, another":  {second(l.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: l.box, Key: key, IfMatch: aws.String(`"x"`)})), "PreconditionFailed"},
		"tagged":           {second(l.PutObject(t.Context(), &s3.PutObjectInput{Bucket: l.box, Key: key, Tagging: aws.String("a=b")})), "NotImplemented"},
		"encrypted":        {second(l.PutObject(t.Context(), &s3.PutObjectInput{Bucket: l.box, Key: key, ServerSideEncryption: types.ServerSideEncryptionAes256})), "NotImplemented"},
		"policy":           {second(l.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: l.box})), "NotImplemented"},
		"bucket tagging":   {second(l.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: l.box})), "NoSuchTagSet"},
		"deletion of full": {second(l.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: l.box})), "BucketNotEmpty"},
	} {
		wantCode(t, name, tt.err, tt.code)
	}
}

func second[T any](_ T, err error) error { return err }

func TestSDKCopies(t *testing.T) {
	l, key := newSDKLife(t), aws.String("a b/ü+")
	data := strings.Repeat("0123456789abcdef", 6<<16)
	l.put(l.box, *key, data)
	up, err := l.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: l.two, Key: key})
	wantCode(t, "begin", err, "")
	var parts []types.CompletedPart
	for n, span := range []string{"bytes=0-5242879", fmt.Sprintf("bytes=5242880-%d", len(data)-1)} {
		number := int32(n + 1)
		p, err := l.UploadPartCopy(t.Context(), &s3.UploadPartCopyInput{
			Bucket: l.two, Key: key, UploadId: up.UploadId, PartNumber: &number, CopySource: aws.String("box/a%20b/%C3%BC%2B"), CopySourceRange: &span,
		})
		wantCode(t, "copy a part", err, "")
		parts = append(parts, types.CompletedPart{PartNumber: &number, ETag: p.CopyPartResult.ETag})
	}
	_, err = l.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: l.two, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	wantCode(t, "complete", err, "")
	if l.content(&s3.GetObjectInput{Bucket: l.two, Key: key}) != data {
		t.Error("the copy is another")
	}
	if got := l.content(&s3.GetObjectInput{Bucket: l.two, Key: key, PartNumber: aws.Int32(2)}); got != data[5<<20:] {
		t.Errorf("the second part has %d bytes", len(got))
	}
}

func TestSDKVersionsAndAddresses(t *testing.T) {
	l, key := newSDKLife(t), aws.String("v")
	_, err := l.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: l.box, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	wantCode(t, "enable versions", err, "")
	first := l.put(l.box, "v", "first").VersionId
	l.put(l.box, "v", "second")
	if got := l.content(&s3.GetObjectInput{Bucket: l.box, Key: key, VersionId: first}); got != "first" {
		t.Errorf("the first version is %q", got)
	}
	if got := l.content(&s3.GetObjectInput{Bucket: l.box, Key: key}); got != "second" {
		t.Errorf("the present one is %q", got)
	}
	signer := s3.NewPresignClient(l.Client)
	up, err := signer.PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: l.two, Key: aws.String("by address"), Metadata: map[string]string{"a": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), up.Method, up.URL, bytes.NewReader([]byte("content")))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range up.SignedHeader {
		r.Header[name] = values
	}
	response, err := plainClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	head, err := l.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: l.two, Key: aws.String("by address")})
	if err != nil || response.StatusCode != http.StatusOK || head.Metadata["a"] != "1" {
		t.Errorf("%d, %v, %v", response.StatusCode, head, err)
	}
}

func TestSDKLists(t *testing.T) {
	l := newSDKLife(t)
	names := []string{"\x01\x1f", "a b+c&d%20", "ä/ö/ü", "..", "a//b", `'"<>`, "🔑", strings.Repeat("x", 1024)}
	for n := range 1005 {
		names = append(names, fmt.Sprintf("many/%04d", n))
	}
	for _, name := range names {
		l.put(l.box, name, name)
	}
	found := map[string]bool{}
	pages := s3.NewListObjectsV2Paginator(l.Client, &s3.ListObjectsV2Input{Bucket: l.box, EncodingType: types.EncodingTypeUrl})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			found[*o.Key] = true
		}
	}
	for _, name := range names {
		if !found[urlEscaped(name)] { // the SDK leaves it to the caller to decode
			t.Errorf("%q is not listed", name)
		}
	}
	if len(found) != len(names) {
		t.Errorf("%d names, want %d", len(found), len(names))
	}
}

func urlEscaped(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~/", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
