package sandbox_test

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func md5Base64(text string) string {
	sum := md5.Sum([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

const (
	past, future = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2055 00:00:00 GMT"
	// The ETag of the object x.
	etagX = `"781e5e245d69b566979b86e28d23f2c7"`
)

func TestGetObject(t *testing.T) {
	factSteps(t, map[string][]step{
		"Range": {
			{method: "GET", path: "/box/x", headers: []string{"Range", "bytes=2-4"}, status: 206, says: "234", has: map[string]string{"Content-Range": "bytes 2-4/10", "Content-Length": "3"}},
			{method: "GET", path: "/box/x", headers: []string{"Range", "bytes=-3"}, status: 206, says: "789"},
			{method: "GET", path: "/box/x", headers: []string{"Range", "bytes=8-99"}, status: 206, says: "89", has: map[string]string{"Content-Range": "bytes 8-9/10"}},
			{method: "GET", path: "/box/x", headers: []string{"Range", "bytes=10-"}, status: 416, code: "InvalidRange", has: map[string]string{"Content-Range": "bytes */10"}},
			{method: "GET", path: "/box/x", headers: []string{"Range", "bytes=-0"}, status: 416, code: "InvalidRange"},
			{method: "GET", path: "/box/x", headers: []string{"Range", "bytes=4-2"}, status: 200, says: "0123456789"},
			{method: "GET", path: "/box/x", headers: []string{"Range", "lines=1-2"}, status: 200},
			{method: "HEAD", path: "/box/x", headers: []string{"Range", "bytes=0-0"}, status: 206, has: map[string]string{"Content-Length": "1"}},
		},
		"conditions": {
			{method: "GET", path: "/box/x", headers: []string{"If-Match", `"x"`}, status: 412, code: "PreconditionFailed"},
			{method: "GET", path: "/box/x", headers: []string{"If-Match", etagX}, status: 200},
			{method: "GET", path: "/box/x", headers: []string{"If-None-Match", etagX}, status: 304, has: map[string]string{"ETag": etagX}},
			{method: "HEAD", path: "/box/x", headers: []string{"If-None-Match", "*"}, status: 304},
			{method: "GET", path: "/box/x", headers: []string{"If-Modified-Since", future}, status: 304},
			{method: "GET", path: "/box/x", headers: []string{"If-Modified-Since", past}, status: 200},
			{method: "GET", path: "/box/x", headers: []string{"If-Unmodified-Since", past}, status: 412, code: "PreconditionFailed"},
			{method: "HEAD", path: "/box/x", headers: []string{"If-Unmodified-Since", past}, status: 412},
		},
		"pairs of conditions": {
			{method: "GET", path: "/box/x", headers: []string{"If-Match", etagX, "If-Unmodified-Since", past}, status: 200},
			{method: "GET", path: "/box/x", headers: []string{"If-None-Match", etagX, "If-Modified-Since", past}, status: 304},
		},
		"overrides": {
			{
				method: "GET", path: "/box/x?response-content-type=text%2Fcsv&response-content-disposition=attachment&response-cache-control=no-store&response-expires=never&response-content-language=de&response-content-encoding=br",
				status: 200, has: map[string]string{"Content-Type": "text/csv", "Content-Disposition": "attachment", "Cache-Control": "no-store", "Expires": "never", "Content-Language": "de", "Content-Encoding": "br"},
			},
		},
		"missing": {
			{method: "GET", path: "/box/none", status: 404, code: "NoSuchKey", says: "<Key>none</Key>"},
			{method: "HEAD", path: "/box/none", status: 404},
			{method: "GET", path: "/nowhere/none", status: 404, code: "NoSuchBucket"},
			{method: "GET", path: "/box/x?versionId=none", status: 404, code: "NoSuchVersion"},
			{method: "GET", path: "/box/x?versionId=", status: 400, code: "InvalidArgument"},
		},
	})
}

func TestObjectNames(t *testing.T) {
	longKey := "/box/" + strings.Repeat("k", 1024)
	factSteps(t, map[string][]step{
		"long keys": {
			{method: "PUT", path: longKey, body: "1", status: 200},
			{method: "GET", path: longKey, status: 200, says: "1"},
			{method: "PUT", path: longKey + "k", body: "1", status: 400, code: "KeyTooLong"},
			{method: "GET", path: longKey + "k", status: 400, code: "KeyTooLong"},
			{method: "POST", path: longKey + "k?uploads", status: 400, code: "KeyTooLong"},
		},
		"odd names": {
			{method: "PUT", path: "/box/a/../b//c", body: "dots", status: 200},
			{method: "GET", path: "/box/a/../b//c", status: 200, says: "dots"},
			{method: "GET", path: "/box/b/c", status: 404, code: "NoSuchKey"},
			{method: "PUT", path: "/box/%01%02%7F", body: "control", status: 200},
			{method: "GET", path: "/box/%01%02%7F", status: 200, says: "control"},
			{method: "PUT", path: "/box/x/below", body: "both", status: 200},
			{method: "GET", path: "/box/x", status: 200, says: "0123456789"},
			{method: "PUT", path: "/box/" + strings.Repeat("%C3%A4", 512), body: "bytes", status: 200},
			{method: "PUT", path: "/box/" + strings.Repeat("%C3%A4", 513), body: "bytes", status: 400, code: "KeyTooLong"},
		},
	})
}

func TestDeleteObject(t *testing.T) {
	factSteps(t, map[string][]step{
		"deletion": {
			{method: "DELETE", path: "/box/none", status: 204},
			{method: "DELETE", path: "/box/x", headers: []string{"If-Match", `"x"`}, status: 412, code: "PreconditionFailed"},
			{method: "DELETE", path: "/box", status: 409, code: "BucketNotEmpty"},
			{method: "DELETE", path: "/box/x", status: 204},
			{method: "DELETE", path: "/box", status: 204},
			{method: "DELETE", path: "/box", status: 404, code: "NoSuchBucket"},
		},
		"many deletions": {
			{method: "POST", path: "/box?delete", body: `<Delete><Object><Key>x</Key></Object><Object><Key>none</Key></Object></Delete>`, status: 200, says: "<Key>none</Key>"},
			{method: "GET", path: "/box/x", status: 404, code: "NoSuchKey"},
			{method: "POST", path: "/box?delete", body: `<Delete><Quiet>true</Quiet><Object><Key>x</Key></Object></Delete>`, status: 200},
			{method: "POST", path: "/box?delete", body: `<Delete></Delete>`, status: 400, code: "MalformedXML"},
			{method: "POST", path: "/box?delete", body: `<Delete>` + strings.Repeat("<Object><Key>x</Key></Object>", 1001) + `</Delete>`, status: 400, code: "MalformedXML"},
			{method: "POST", path: "/box?delete", body: `<Delete><Object><Key>x</Key><ETag>1</ETag></Object></Delete>`, status: 200, says: "<Code>NotImplemented</Code>"},
		},
	})
}

func TestPutObject(t *testing.T) {
	factSteps(t, map[string][]step{
		"conditions": {
			{method: "PUT", path: "/box/x", body: "2", headers: []string{"If-None-Match", "*"}, status: 412, code: "PreconditionFailed"},
			{method: "PUT", path: "/box/new", body: "2", headers: []string{"If-None-Match", "*"}, status: 200},
			{method: "PUT", path: "/box/x", body: "2", headers: []string{"If-Match", `"x"`}, status: 412, code: "PreconditionFailed"},
			{method: "PUT", path: "/box/none", body: "2", headers: []string{"If-Match", `"x"`}, status: 404, code: "NoSuchKey"},
			{method: "PUT", path: "/box/x", body: "2", headers: []string{"If-Match", etagX}, status: 200},
		},
		"metadata too large": {
			{method: "PUT", path: "/box/y", body: "1", headers: []string{"X-Amz-Meta-A", strings.Repeat("a", 2047)}, status: 200},
			{method: "PUT", path: "/box/z", body: "1", headers: []string{"X-Amz-Meta-A", strings.Repeat("a", 2048)}, status: 400, code: "MetadataTooLarge"},
			{method: "GET", path: "/box/z", status: 404, code: "NoSuchKey"},
		},
		"headers": {
			{method: "PUT", path: "/box/y", body: "1", headers: []string{
				"Cache-Control", "no-cache", "Content-Disposition", "inline", "Content-Encoding", "aws-chunked,gzip", "Content-Language", "de",
				"Content-Type", "text/x", "Expires", "soon",
			}, status: 200},
			{method: "HEAD", path: "/box/y", status: 200, has: map[string]string{
				"Cache-Control": "no-cache", "Content-Disposition": "inline", "Content-Encoding": "gzip", "Content-Language": "de",
				"Content-Type": "text/x", "Expires": "soon",
			}},
		},
		"empty": {
			{method: "PUT", path: "/box/empty", status: 200},
			{method: "GET", path: "/box/empty", status: 200, has: map[string]string{"Content-Length": "0", "Content-Type": "binary/octet-stream"}},
			{method: "GET", path: "/box/empty", headers: []string{"Range", "bytes=0-1"}, status: 416, code: "InvalidRange"},
		},
		"Content-MD5": {
			{method: "PUT", path: "/box/y", body: "hello", headers: []string{"Content-Md5", md5Base64("hello")}, status: 200},
			{method: "PUT", path: "/box/z", body: "hello", headers: []string{"Content-Md5", md5Base64("other")}, status: 400, code: "BadDigest"},
			{method: "PUT", path: "/box/z", body: "hello", headers: []string{"Content-Md5", "no digest"}, status: 400, code: "InvalidDigest"},
			{method: "GET", path: "/box/z", status: 404, code: "NoSuchKey"},
		},
	})
}

// TestStoredHeaders: no other header of a request comes back.
func TestStoredHeaders(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	c.want(200, "", "PUT", "/box/y", "hello", "X-Amz-Meta-CamelCase", "Value", "X-Amz-Sdk-Checksum-Algorithm", "CRC32", "X-Amz-Tagging", "",
		"X-Amz-Acl", "private", "X-Amz-Storage-Class", "STANDARD", "X-Amz-Expected-Bucket-Owner", "1")
	c.want(200, "", "PUT", "/box/z", "", "X-Amz-Copy-Source", "box/y", "X-Amz-Metadata-Directive", "COPY", "X-Amz-Tagging-Directive", "COPY")
	for _, path := range []string{"/box/y", "/box/z"} {
		a := c.do("HEAD", path, "", "X-Amz-Checksum-Mode", "ENABLED")
		for name := range a.header {
			name = strings.ToLower(name)
			if strings.HasPrefix(name, "x-amz-") && name != "x-amz-meta-camelcase" && name != "x-amz-request-id" && name != "x-amz-id-2" &&
				name != "x-amz-checksum-crc32" && name != "x-amz-checksum-type" {
				t.Errorf("%s: %s comes back", path, name)
			}
		}
		if a.header.Get("X-Amz-Meta-Camelcase") != "Value" {
			t.Errorf("%s: the metadata is %v", path, a.header)
		}
	}
}

func TestCopyObject(t *testing.T) {
	source := step{method: "PUT", path: "/box/a%20b%2Bc", body: "source", headers: []string{
		"X-Amz-Meta-Old", "1", "Content-Encoding", "gzip", "Content-Type", "text/old"}, status: 200}
	from := []string{"X-Amz-Copy-Source", "/box/a%20b%2Bc"}
	with := func(more ...string) []string { return append(append([]string{}, from...), more...) }
	factSteps(t, map[string][]step{
		"REPLACE": {
			source,
			{method: "PUT", path: "/box/y", headers: with("X-Amz-Metadata-Directive", "REPLACE", "X-Amz-Meta-New", "1"), status: 200, says: "CopyObjectResult"},
			{method: "HEAD", path: "/box/y", status: 200, has: map[string]string{"X-Amz-Meta-New": "1", "X-Amz-Meta-Old": "", "Content-Encoding": "", "Content-Type": "binary/octet-stream"}},
		},
		"COPY": {
			source,
			{method: "PUT", path: "/box/y", headers: with("X-Amz-Meta-New", "1", "Content-Type", "text/new"), status: 200},
			{method: "GET", path: "/box/y", status: 200, says: "source", has: map[string]string{"X-Amz-Meta-New": "", "X-Amz-Meta-Old": "1", "Content-Encoding": "gzip", "Content-Type": "text/old"}},
		},
		"itself": {
			{method: "PUT", path: "/box/x", headers: []string{"X-Amz-Copy-Source", "box/x"}, status: 400, code: "InvalidRequest"},
			{method: "PUT", path: "/box/x", headers: []string{"X-Amz-Copy-Source", "box/x", "X-Amz-Metadata-Directive", "REPLACE", "X-Amz-Meta-N", "1"}, status: 200},
			{method: "GET", path: "/box/x", status: 200, says: "0123456789", has: map[string]string{"X-Amz-Meta-N": "1"}},
		},
		"conditions": {
			source,
			{method: "PUT", path: "/box/y", headers: with("X-Amz-Copy-Source-If-Match", `"x"`), status: 412, code: "PreconditionFailed"},
			{method: "PUT", path: "/box/y", headers: with("X-Amz-Copy-Source-If-None-Match", "*"), status: 412, code: "PreconditionFailed"},
			{method: "PUT", path: "/box/y", headers: with("X-Amz-Copy-Source-If-Modified-Since", future), status: 412, code: "PreconditionFailed"},
			{method: "PUT", path: "/box/y", headers: with("X-Amz-Copy-Source-If-Unmodified-Since", past), status: 412, code: "PreconditionFailed"},
			{method: "GET", path: "/box/y", status: 404, code: "NoSuchKey"},
		},
		"source": {
			{method: "PUT", path: "/box/y", headers: []string{"X-Amz-Copy-Source", "box/none"}, status: 404, code: "NoSuchKey"},
			{method: "PUT", path: "/box/y", headers: []string{"X-Amz-Copy-Source", "nowhere/x"}, status: 404, code: "NoSuchBucket"},
			{method: "PUT", path: "/box/y", headers: []string{"X-Amz-Copy-Source", "box"}, status: 400, code: "InvalidArgument"},
			{method: "PUT", path: "/box/y", headers: []string{"X-Amz-Copy-Source", "box/%zz"}, status: 400, code: "InvalidArgument"},
			{method: "PUT", path: "/box/y", headers: []string{"X-Amz-Copy-Source", "box/x", "X-Amz-Metadata-Directive", "MERGE"}, status: 400, code: "InvalidArgument"},
			{method: "PUT", path: "/box/y", headers: []string{"X-Amz-Copy-Source", "box/x?versionId=none"}, status: 404, code: "NoSuchVersion"},
			{method: "PUT", path: "/box/y", headers: []string{"X-Amz-Copy-Source", "box/x?versionId=null"}, status: 200},
		},
	})
}

func TestVersioning(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	if a := c.want(200, "", "GET", "/box?versioning", ""); strings.Contains(a.body, "Status") || strings.Contains(a.body, "MfaDelete") {
		t.Errorf("fresh: %s", a.body)
	}
	state := func(s string) string {
		return "<VersioningConfiguration><Status>" + s + "</Status></VersioningConfiguration>"
	}
	c.want(200, "", "PUT", "/box/x", "null version")
	c.want(200, "", "PUT", "/box?versioning", state("Enabled"))
	first := c.want(200, "", "PUT", "/box/x", "first").header.Get("X-Amz-Version-Id")
	second := c.want(200, "", "PUT", "/box/x", "second").header.Get("X-Amz-Version-Id")
	for version, content := range map[string]string{"null": "null version", first: "first", second: "second"} {
		if a := c.want(200, "", "GET", "/box/x?versionId="+version, ""); a.body != content || a.header.Get("X-Amz-Version-Id") != version {
			t.Errorf("%s: %q", version, a.body)
		}
	}
	marker := c.want(204, "", "DELETE", "/box/x", "").header
	if marker.Get("X-Amz-Delete-Marker") != "true" {
		t.Error("no delete marker")
	}
	if a := c.want(404, "NoSuchKey", "GET", "/box/x", ""); a.header.Get("X-Amz-Delete-Marker") != "true" {
		t.Error("the delete marker is not named")
	}
	c.want(405, "MethodNotAllowed", "GET", "/box/x?versionId="+marker.Get("X-Amz-Version-Id"), "")
	list := c.want(200, "", "GET", "/box?versions", "").body
	if root(list) != "ListVersionsResult" || len(elements(list, "Version")) != 3 || len(elements(list, "DeleteMarker")) != 1 || len(elements(list, "Owner")) != 4 {
		t.Errorf("list %s", list)
	}
	page := c.want(200, "", "GET", "/box?versions&max-keys=2", "").body
	next := c.want(200, "", "GET", "/box?versions&key-marker="+element(page, "NextKeyMarker")+"&version-id-marker="+element(page, "NextVersionIdMarker"), "").body
	if ids := append(elements(page, "VersionId"), elements(next, "VersionId")...); len(ids) != 4 || ids[3] != "null" {
		t.Errorf("pages %v", ids)
	}
	c.want(409, "BucketNotEmpty", "DELETE", "/box", "")
	c.want(204, "", "DELETE", "/box/x?versionId="+marker.Get("X-Amz-Version-Id"), "")
	c.want(200, "", "GET", "/box/x", "")
	c.want(200, "", "PUT", "/box?versioning", state("Suspended"))
	if a := c.want(200, "", "GET", "/box?versioning", ""); element(a.body, "Status") != "Suspended" {
		t.Errorf("suspended: %s", a.body)
	}
	c.want(200, "", "PUT", "/box/x", "null again")
	if got := elements(c.want(200, "", "GET", "/box?versions", "").body, "VersionId"); len(got) != 3 || got[0] != "null" {
		t.Errorf("versions %v", got)
	}
	c.want(200, "", "PUT", "/box/copy", "", "X-Amz-Copy-Source", "box/x?versionId="+first)
	if a := c.want(200, "", "GET", "/box/copy", ""); a.body != "first" {
		t.Errorf("the copy of a version is %q", a.body)
	}
	c.want(400, "MalformedXML", "PUT", "/box?versioning", state("On"))
	c.want(501, "NotImplemented", "PUT", "/box?versioning", "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>")
}

// TestModified: the time of an object is the sandbox's.
func TestModified(t *testing.T) {
	d := newStorageDepot(t)
	c := d.caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	d.clock.advance(90 * time.Second)
	c.want(200, "", "PUT", "/box/x", "1")
	want := d.clock.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	d.clock.advance(90 * time.Second)
	if got := c.do("HEAD", "/box/x", "").header.Get("Last-Modified"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
