package sandbox_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// hello are the checksums of "hello". That of CRC64NVME is the one that the AWS
// SDK sends.
var hello = map[string]string{
	"crc32":     hashed(crc32.NewIEEE(), "hello"),
	"crc32c":    hashed(crc32.New(crc32.MakeTable(crc32.Castagnoli)), "hello"),
	"crc64nvme": "M3eFcAZSQlc=",
	"sha1":      hashed(sha1.New(), "hello"),
	"sha256":    hashed(sha256.New(), "hello"),
}

func hashed(h hash.Hash, text string) string {
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// flipped is a checksum of the same form that is wrong.
func flipped(sum string) string {
	raw, _ := base64.StdEncoding.DecodeString(sum) // the sums above are base64
	raw[0] ^= 1
	return base64.StdEncoding.EncodeToString(raw)
}

// trailing is a body in unsigned chunks, with a trailer.
func trailing(content, trailer string) string {
	return "5\r\n" + content + "\r\n0\r\n" + trailer + "\r\n"
}

func TestChecksums(t *testing.T) {
	const chunked = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	for algorithm, sum := range hello {
		name := "x-amz-checksum-" + algorithm
		t.Run(algorithm, func(t *testing.T) {
			c := newStorageDepot(t).caller(member, "de")
			c.want(200, "", "PUT", "/box", "")
			if got := c.want(200, "", "PUT", "/box/header", "hello", name, sum).header.Get(name); got != sum {
				t.Errorf("PUT answers %q", got)
			}
			c.want(400, "BadDigest", "PUT", "/box/wrong", "hello", name, flipped(sum))
			c.want(404, "NoSuchKey", "GET", "/box/wrong", "")
			c.want(400, "InvalidRequest", "PUT", "/box/wrong", "hello", name, "no checksum")
			c.want(400, "InvalidRequest", "PUT", "/box/wrong", "hello", name, sum[:4])

			streamed := []string{"X-Amz-Content-Sha256", chunked, "X-Amz-Decoded-Content-Length", "5", "X-Amz-Trailer", name}
			if got := c.want(200, "", "PUT", "/box/trailer", trailing("hello", name+":"+sum+"\r\n"), streamed...).header.Get(name); got != sum {
				t.Errorf("PUT with a trailer answers %q", got)
			}
			c.want(400, "BadDigest", "PUT", "/box/wrong", trailing("hello", name+":"+flipped(sum)+"\r\n"), streamed...)
			c.want(400, "MalformedTrailerError", "PUT", "/box/wrong", trailing("hello", ""), streamed...)
			c.want(400, "MalformedTrailerError", "PUT", "/box/wrong", trailing("hello", name+":"+sum+"\r\n"), streamed[:4]...)
			c.want(404, "NoSuchKey", "GET", "/box/wrong", "")

			for _, path := range []string{"/box/header", "/box/trailer"} {
				for _, method := range []string{"GET", "HEAD"} {
					if got := c.want(200, "", method, path, "", "X-Amz-Checksum-Mode", "ENABLED").header.Get(name); got != sum {
						t.Errorf("%s %s: %q", method, path, got)
					}
				}
				if a := c.want(200, "", "GET", path, ""); a.header.Get(name) != "" {
					t.Error("a checksum without x-amz-checksum-mode")
				}
				if a := c.want(206, "", "GET", path, "", "X-Amz-Checksum-Mode", "ENABLED", "Range", "bytes=0-3"); a.header.Get(name) != "" {
					t.Error("a checksum with a part")
				}
				etag := c.want(200, "", "HEAD", path, "").header.Get("ETag")
				if a := c.want(304, "", "GET", path, "", "X-Amz-Checksum-Mode", "ENABLED", "If-None-Match", etag); a.header.Get(name) != "" {
					t.Error("a checksum with a 304")
				}
			}
		})
	}
	t.Run("two at once", func(t *testing.T) {
		c := newStorageDepot(t).caller(member, "de")
		c.want(200, "", "PUT", "/box", "")
		c.want(400, "InvalidRequest", "PUT", "/box/x", "hello", "x-amz-checksum-crc32", hello["crc32"], "x-amz-checksum-sha1", hello["sha1"])
		c.want(400, "InvalidRequest", "PUT", "/box/x", "hello", "X-Amz-Sdk-Checksum-Algorithm", "MD4")
	})
}

// TestChecksumsOfParts: each algorithm, by the SDK that computes and verifies.
func TestChecksumsOfParts(t *testing.T) {
	d := newStorageDepot(t)
	c := d.caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	client := d.s3Client(c.key, c.secret)
	for _, tt := range []struct {
		algorithm types.ChecksumAlgorithm
		kind      types.ChecksumType
	}{
		{types.ChecksumAlgorithmCrc32, types.ChecksumTypeComposite}, {types.ChecksumAlgorithmCrc32, types.ChecksumTypeFullObject},
		{types.ChecksumAlgorithmCrc32c, types.ChecksumTypeComposite}, {types.ChecksumAlgorithmCrc32c, types.ChecksumTypeFullObject},
		{types.ChecksumAlgorithmCrc64nvme, types.ChecksumTypeFullObject},
		{types.ChecksumAlgorithmSha1, types.ChecksumTypeComposite}, {types.ChecksumAlgorithmSha256, types.ChecksumTypeComposite},
	} {
		t.Run(string(tt.algorithm)+" "+string(tt.kind), func(t *testing.T) {
			ctx, bucket, key := t.Context(), aws.String("box"), aws.String("big "+string(tt.algorithm)+string(tt.kind))
			up, err := client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key, ChecksumAlgorithm: tt.algorithm, ChecksumType: tt.kind})
			if err != nil {
				t.Fatal(err)
			}
			var parts []types.CompletedPart
			for n, content := range []string{strings.Repeat("a", 5<<20), "the end"} {
				number := int32(n + 1)
				p, err := client.UploadPart(ctx, &s3.UploadPartInput{
					Bucket: bucket, Key: key, UploadId: up.UploadId, PartNumber: &number, Body: strings.NewReader(content), ChecksumAlgorithm: tt.algorithm,
				})
				if err != nil {
					t.Fatal(err)
				}
				parts = append(parts, types.CompletedPart{
					PartNumber: &number, ETag: p.ETag, ChecksumCRC32: p.ChecksumCRC32, ChecksumCRC32C: p.ChecksumCRC32C,
					ChecksumCRC64NVME: p.ChecksumCRC64NVME, ChecksumSHA1: p.ChecksumSHA1, ChecksumSHA256: p.ChecksumSHA256,
				})
			}
			done, err := client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
				Bucket: bucket, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
			})
			if err != nil {
				t.Fatal(err)
			}
			head, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key, ChecksumMode: types.ChecksumModeEnabled})
			if err != nil {
				t.Fatal(err)
			}
			sum := func(all ...*string) string {
				for _, one := range all {
					if one != nil {
						return *one
					}
				}
				return ""
			}
			got := sum(head.ChecksumCRC32, head.ChecksumCRC32C, head.ChecksumCRC64NVME, head.ChecksumSHA1, head.ChecksumSHA256)
			if want := sum(done.ChecksumCRC32, done.ChecksumCRC32C, done.ChecksumCRC64NVME, done.ChecksumSHA1, done.ChecksumSHA256); got != want || got == "" {
				t.Errorf("HEAD has %q, the completion %q", got, want)
			}
			if composite := strings.HasSuffix(got, "-2"); composite != (tt.kind == types.ChecksumTypeComposite) || head.ChecksumType != tt.kind {
				t.Errorf("%q of type %s", got, head.ChecksumType)
			}
		})
	}
}
