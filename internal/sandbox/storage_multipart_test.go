package sandbox_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/sandbox"
)

// begin begins an upload and gives the path of its requests.
func (c *storageCaller) begin(path string, headers ...string) string {
	c.t.Helper()
	return path + "?uploadId=" + element(c.want(200, "", "POST", path+"?uploads", "", headers...).body, "UploadId")
}

func (c *storageCaller) part(upload string, n int, content string) string {
	c.t.Helper()
	return c.want(200, "", "PUT", fmt.Sprintf("%s&partNumber=%d", upload, n), content, "X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD").header.Get("ETag")
}

// completion is the body that completes an upload: numbers and ETags in turn.
func completion(parts ...any) string {
	var b strings.Builder
	b.WriteString("<CompleteMultipartUpload>")
	for i := 0; i < len(parts); i += 2 {
		fmt.Fprintf(&b, "<Part><PartNumber>%v</PartNumber><ETag>%v</ETag></Part>", parts[i], parts[i+1])
	}
	return b.String() + "</CompleteMultipartUpload>"
}

const fiveMiB = 5 << 20

func TestMultipart(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	big := strings.Repeat("a", fiveMiB)
	t.Run("one ETag everywhere", func(t *testing.T) {
		up := c.begin("/box/big", "X-Amz-Meta-A", "1", "Content-Type", "text/big")
		first, second := c.part(up, 1, big), c.part(up, 7, "end")
		done := element(c.want(200, "", "POST", up, completion(1, first, 7, second)).body, "ETag")
		head := c.want(200, "", "HEAD", "/box/big", "")
		list := element(c.want(200, "", "GET", "/box?list-type=2&prefix=big", "").body, "ETag")
		if done != head.header.Get("ETag") || done != list || !strings.HasSuffix(done, `-2"`) {
			t.Errorf("%s, %s, %s", done, head.header.Get("ETag"), list)
		}
		if head.header.Get("X-Amz-Meta-A") != "1" || head.header.Get("Content-Type") != "text/big" {
			t.Error("the description of the upload is lost")
		}
		a := c.want(200, "", "GET", "/box/big", "", "If-Match", done)
		if a.body != big+"end" {
			t.Errorf("%d bytes", len(a.body))
		}
	})
	t.Run("twice", func(t *testing.T) { // the service answers 200 or 404: which is not documented
		up := c.begin("/box/twice")
		complete := completion(1, c.part(up, 1, "content"))
		etag := element(c.want(200, "", "POST", up, complete).body, "ETag")
		c.want(404, "NoSuchUpload", "POST", up, complete)
		if a := c.want(200, "", "GET", "/box/twice", ""); a.body != "content" || a.header.Get("ETag") != etag {
			t.Errorf("after it %q, %s", a.body, a.header.Get("ETag"))
		}
	})
	t.Run("partNumber", func(t *testing.T) {
		if a := c.want(206, "", "GET", "/box/big?partNumber=2", ""); a.body != "end" || a.header.Get("X-Amz-Mp-Parts-Count") != "2" ||
			a.header.Get("Content-Range") != "bytes 5242880-5242882/5242883" {
			t.Errorf("%q %v", a.body, a.header)
		}
		c.want(416, "InvalidRange", "GET", "/box/big?partNumber=3", "")
		c.want(400, "InvalidArgument", "GET", "/box/big?partNumber=0", "")
		c.want(400, "InvalidRequest", "GET", "/box/big?partNumber=1", "", "Range", "bytes=0-1")
		c.want(200, "", "PUT", "/box/whole", "1")
		if a := c.want(206, "", "GET", "/box/whole?partNumber=1", ""); a.body != "1" || a.header.Get("X-Amz-Mp-Parts-Count") != "" {
			t.Errorf("%q %v", a.body, a.header)
		}
		c.want(416, "InvalidRange", "GET", "/box/whole?partNumber=2", "")
	})
}

func TestListUploads(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	if a := c.want(200, "", "GET", "/box?uploads", ""); len(elements(a.body, "Upload")) != 0 {
		t.Errorf("no upload is left: %s", a.body)
	}
	a, b := c.begin("/box/dir/a"), c.begin("/box/dir/b")
	if got := elements(c.want(200, "", "GET", "/box?uploads", "").body, "Key"); strings.Join(got, " ") != "dir/a dir/b" {
		t.Errorf("uploads %v", got)
	}
	page := c.want(200, "", "GET", "/box?uploads&max-uploads=1", "").body
	next := c.want(200, "", "GET", "/box?uploads&key-marker="+url.QueryEscape(element(page, "NextKeyMarker"))+"&upload-id-marker="+element(page, "NextUploadIdMarker"), "").body
	if element(page, "IsTruncated") != "true" || strings.Join(elements(next, "Key"), " ") != "dir/b" {
		t.Errorf("pages %s %s", page, next)
	}
	if got := c.want(200, "", "GET", "/box?uploads&delimiter=%2F", "").body; strings.Count(got, "<CommonPrefixes>") != 1 {
		t.Errorf("rolled up: %s", got)
	}
	for n := range 3 {
		c.part(a, n+1, "x")
	}
	parts := c.want(200, "", "GET", a+"&max-parts=2", "").body
	rest := c.want(200, "", "GET", a+"&part-number-marker="+element(parts, "NextPartNumberMarker"), "").body
	if strings.Join(append(elements(parts, "PartNumber"), elements(rest, "PartNumber")...), "") != "123" {
		t.Errorf("parts %s %s", parts, rest)
	}
	c.want(204, "", "DELETE", a, "")
	c.want(204, "", "DELETE", b, "")
	c.want(404, "NoSuchUpload", "GET", a, "")
}

func TestMultipartRefused(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	up := c.begin("/box/big")
	one, two := c.part(up, 1, "x"), c.part(up, 2, "y")
	many := make([]any, 0, 20_002)
	for n := range 10_001 {
		many = append(many, n+1, one)
	}
	for name, tt := range map[string]struct {
		method, path, body, code string
		status                   int
	}{
		"small parts":      {"POST", up, completion(1, one, 2, two), "EntityTooSmall", 400},
		"no part":          {"POST", up, completion(), "MalformedXML", 400},
		"no body":          {"POST", up, "", "MalformedXML", 400},
		"another root":     {"POST", up, "<Complete/>", "MalformedXML", 400},
		"unknown part":     {"POST", up, completion(3, one), "InvalidPart", 400},
		"wrong ETag":       {"POST", up, completion(1, two), "InvalidPart", 400},
		"wrong order":      {"POST", up, completion(2, two, 1, one), "InvalidPartOrder", 400},
		"twice":            {"POST", up, completion(1, one, 1, one), "InvalidPartOrder", 400},
		"too many parts":   {"POST", up, completion(many...), "MalformedXML", 400},
		"unknown upload":   {"POST", "/box/big?uploadId=none", completion(1, one), "NoSuchUpload", 404},
		"of another key":   {"POST", strings.Replace(up, "big", "small", 1), completion(1, one), "NoSuchUpload", 404},
		"part 0":           {"PUT", up + "&partNumber=0", "x", "InvalidArgument", 400},
		"part 10001":       {"PUT", up + "&partNumber=10001", "x", "InvalidArgument", 400},
		"part x":           {"PUT", up + "&partNumber=x", "x", "InvalidArgument", 400},
		"part of nothing":  {"PUT", "/box/big?uploadId=none&partNumber=1", "x", "NoSuchUpload", 404},
		"abort of nothing": {"DELETE", "/box/big?uploadId=none", "", "NoSuchUpload", 404},
	} {
		t.Run(name, func(t *testing.T) { c.want(tt.status, tt.code, tt.method, tt.path, tt.body) })
	}
	t.Run("wrong size", func(t *testing.T) {
		c.want(400, "InvalidRequest", "POST", up, completion(1, one), "X-Amz-Mp-Object-Size", "2")
	})
	t.Run("condition", func(t *testing.T) {
		c.want(404, "NoSuchKey", "POST", up, completion(1, one), "If-Match", `"x"`)
	})
	t.Run("checksum", func(t *testing.T) {
		summed := c.begin("/box/summed", "X-Amz-Checksum-Algorithm", "CRC32")
		part := c.part(summed, 1, "hello")
		c.want(400, "InvalidPart", "POST", summed, strings.Replace(completion(1, part), "</ETag>", "</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32>", 1))
		c.want(400, "BadDigest", "POST", summed, completion(1, part), "x-amz-checksum-crc32", "AAAAAA==")
		c.want(400, "InvalidRequest", "PUT", summed+"&partNumber=2", "hello", "x-amz-checksum-sha1", hello["sha1"])
		c.want(400, "InvalidRequest", "POST", "/box/y?uploads", "", "X-Amz-Checksum-Algorithm", "SHA1", "X-Amz-Checksum-Type", "FULL_OBJECT")
		c.want(400, "InvalidRequest", "POST", "/box/y?uploads", "", "X-Amz-Checksum-Type", "FULL_OBJECT")
		c.want(200, "", "POST", summed, completion(1, part))
	})
	c.want(200, "", "POST", up, completion(1, one)) // nothing of the above has ended it
}

// TestTenThousandParts: the highest number of a part, and the longest list that
// a body may have.
func TestTenThousandParts(t *testing.T) {
	c := newStorageDepot(t).caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	up := c.begin("/box/big")
	etag := ""
	for _, n := range []int{1, 9_998, 9_999, 10_000} {
		etag = c.part(up, n, "x")
	}
	if a := c.want(200, "", "GET", up+"&part-number-marker=9998", ""); strings.Join(elements(a.body, "PartNumber"), " ") != "9999 10000" {
		t.Errorf("the last parts: %s", a.body)
	}
	all := make([]any, 0, 20_000)
	for n := range 10_000 {
		all = append(all, n+1, etag)
	}
	c.want(400, "InvalidPart", "POST", up, completion(all...)) // it is read to its end, and names parts that are not there
	c.want(400, "EntityTooSmall", "POST", up, completion(1, etag, 9_998, etag, 9_999, etag, 10_000, etag))
	c.want(200, "", "POST", up, completion(10_000, etag))
}

func TestUploadPartCopy(t *testing.T) {
	d := newStorageDepot(t)
	c := d.caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	c.want(200, "", "PUT", "/other", "")
	source := strings.Repeat("0123456789", fiveMiB/5)
	c.want(200, "", "PUT", "/other/a%20b%2Bc", source)
	up := c.begin("/box/copy")
	from := func(more ...string) []string {
		return append([]string{"X-Amz-Copy-Source", "other/a%20b%2Bc"}, more...)
	}
	var parts []any
	for n, asked := range []string{"bytes=0-5242879", "bytes=5242880-10485759"} {
		a := c.want(200, "", "PUT", fmt.Sprintf("%s&partNumber=%d", up, n+1), "", from("X-Amz-Copy-Source-Range", asked)...)
		if root(a.body) != "CopyPartResult" || element(a.body, "LastModified") == "" {
			t.Errorf("answer %s", a.body)
		}
		parts = append(parts, n+1, element(a.body, "ETag"))
	}
	for name, tt := range map[string]struct {
		headers []string
		status  int
		code    string
	}{
		"after the end":     {from("X-Amz-Copy-Source-Range", "bytes=10485760-10485761"), 416, "InvalidRange"},
		"ends after it":     {from("X-Amz-Copy-Source-Range", "bytes=0-10485760"), 416, "InvalidRange"},
		"no range":          {from("X-Amz-Copy-Source-Range", "0-5"), 400, "InvalidArgument"},
		"no such object":    {[]string{"X-Amz-Copy-Source", "other/none"}, 404, "NoSuchKey"},
		"a false condition": {from("X-Amz-Copy-Source-If-Match", "x"), 412, "PreconditionFailed"},
	} {
		t.Run(name, func(t *testing.T) { c.want(tt.status, tt.code, "PUT", up+"&partNumber=3", "", tt.headers...) })
	}
	t.Run("may not be read", func(t *testing.T) {
		theirs := d.caller(owner, "de")
		theirs.want(200, "", "PUT", "/theirs", "")
		theirUp := theirs.begin("/theirs/x")
		theirs.want(403, "AccessDenied", "PUT", theirUp+"&partNumber=1", "", from()...)
	})
	c.want(200, "", "POST", up, completion(parts...))
	if a := c.want(200, "", "GET", "/box/copy", ""); a.body != source {
		t.Errorf("%d bytes, want %d", len(a.body), len(source))
	}
}

func TestMultipartLimit(t *testing.T) {
	limits := smallLimits
	limits.UserPut = 6 << 20
	d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1, StorageLimits: limits})
	c := d.caller(member, "de")
	c.want(200, "", "PUT", "/box", "")
	up := c.begin("/box/big")
	var parts []any
	for n := range 3 {
		parts = append(parts, n+1, c.part(up, n+1, strings.Repeat("x", fiveMiB)))
	}
	c.want(400, "EntityTooLarge", "POST", up, completion(parts...))
}
