package s3

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The examples that the vendor of S3 publishes of its signatures.
const (
	vectorKey    = "AKIAIOSFODNN7EXAMPLE"
	vectorSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	emptyHash    = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

var vectorTime = time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)

func vector(method, target, signed, signature string, headers map[string]string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	r.Host = "examplebucket.s3.amazonaws.com"
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+vectorKey+"/20130524/us-east-1/s3/aws4_request,SignedHeaders="+
		signed+",Signature="+signature)
	r.Header.Set("X-Amz-Date", "20130524T000000Z")
	r.Header.Set("X-Amz-Content-Sha256", emptyHash)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	return r
}

func TestPublishedSignatures(t *testing.T) {
	tests := map[string]*http.Request{
		"get object": vector("GET", "/test.txt", "host;range;x-amz-content-sha256;x-amz-date",
			"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", map[string]string{"Range": "bytes=0-9"}),
		"put object": vector("PUT", "/test$file.text", "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
			"98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd", map[string]string{
				"Date": "Fri, 24 May 2013 00:00:00 GMT", "X-Amz-Storage-Class": "REDUCED_REDUNDANCY",
				"X-Amz-Content-Sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
			}),
		"query without value": vector("GET", "/?lifecycle", "host;x-amz-content-sha256;x-amz-date",
			"fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543", nil),
		"list objects": vector("GET", "/?max-keys=2&prefix=J", "host;x-amz-content-sha256;x-amz-date",
			"34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7", nil),
	}
	presigned := httptest.NewRequest(http.MethodGet, "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="+vectorKey+
		"%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"+
		"&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", nil)
	presigned.Host = "examplebucket.s3.amazonaws.com"
	tests["presigned"] = presigned
	for name, r := range tests {
		sig, err := readSignature(r, vectorTime)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !sig.isBy(vectorSecret) {
			t.Errorf("%s: the signature does not match\n%s", name, sig.canonical)
		}
		if sig.isBy(vectorSecret+"x") || sig.isBy("") {
			t.Errorf("%s: any secret matches", name)
		}
	}
}

// The published example of an upload in chunks: 64 KB and 1 KB of the letter a.
func publishedChunks() (*http.Request, []byte) {
	r := vector("PUT", "/examplebucket/chunkObject.txt",
		"content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
		"4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", map[string]string{
			"X-Amz-Storage-Class": "REDUCED_REDUNDANCY", "X-Amz-Content-Sha256": signedChunks, "Content-Encoding": "aws-chunked",
			"X-Amz-Decoded-Content-Length": "66560", "Content-Length": "66824",
		})
	r.Host = "s3.amazonaws.com"
	a := strings.Repeat("a", 65536)
	return r, []byte("10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + a + "\r\n" +
		"400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + a[:1024] + "\r\n" +
		"0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n")
}

func TestPublishedChunks(t *testing.T) {
	r, body := publishedChunks()
	if len(body) != 66824 {
		t.Fatalf("the body has %d bytes", len(body))
	}
	sig, err := readSignature(r, vectorTime)
	if err != nil || !sig.isBy(vectorSecret) {
		t.Fatal("the seed signature does not match", err)
	}
	r.Body, r.ContentLength = readCloser(body), int64(len(body))
	content, _, err := sig.readBody(r, vectorSecret, 1<<20)
	if err != nil || string(content) != strings.Repeat("a", 66560) {
		t.Errorf("%d bytes, %v", len(content), err)
	}
}

// TestPublishedTrailer: the same upload with a checksum after the data.
func TestPublishedTrailer(t *testing.T) {
	for _, tt := range []struct{ signature, want string }{
		{"d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435", ""},
		{"d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e436", "SignatureDoesNotMatch"},
	} {
		r := vector("PUT", "/examplebucket/chunkObject.txt",
			"content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
			"106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e", map[string]string{
				"X-Amz-Storage-Class": "REDUCED_REDUNDANCY", "X-Amz-Content-Sha256": signedTrailer, "Content-Encoding": "aws-chunked",
				"X-Amz-Decoded-Content-Length": "66560", "X-Amz-Trailer": "x-amz-checksum-crc32c",
			})
		r.Host = "s3.amazonaws.com"
		sig, err := readSignature(r, vectorTime)
		if err != nil || !sig.isBy(vectorSecret) {
			t.Fatal("the seed signature does not match", err)
		}
		a := strings.Repeat("a", 65536)
		r.ContentLength = -1
		r.Body = readCloser([]byte("10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n" + a + "\r\n" +
			"400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n" + a[:1024] + "\r\n" +
			"0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n" +
			"x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:" + tt.signature + "\r\n\r\n"))
		content, _, err := sig.readBody(r, vectorSecret, 1<<20)
		if tt.want == "" && (err != nil || len(content) != 66560) || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %d bytes, %v", tt.signature, len(content), err)
		}
	}
}

func TestChunksRefused(t *testing.T) {
	tests := map[string]struct {
		change func([]byte) []byte
		want   string
	}{
		"another byte":      {func(b []byte) []byte { b[100] = 'b'; return b }, "SignatureDoesNotMatch"},
		"another signature": {func(b []byte) []byte { return bytes.Replace(b, []byte("=00556"), []byte("=00557"), 1) }, "SignatureDoesNotMatch"},
		"no signature":      {func(b []byte) []byte { return bytes.Replace(b, []byte(";chunk-signature=ad"), []byte(";x="), 1) }, "SignatureDoesNotMatch"},
		"without its end":   {func(b []byte) []byte { return b[:len(b)-90] }, "IncompleteBody"},
		"cut off":           {func(b []byte) []byte { return b[:500] }, "IncompleteBody"},
		"too long a chunk":  {func(b []byte) []byte { return bytes.Replace(b, []byte("400;"), []byte("fffffff;"), 1) }, "IncompleteBody"},
		"no number":         {func(b []byte) []byte { return bytes.Replace(b, []byte("400;"), []byte("4z0;"), 1) }, "IncompleteBody"},
		"nothing":           {func([]byte) []byte { return nil }, "IncompleteBody"},
	}
	for name, tt := range tests {
		r, body := publishedChunks()
		sig, err := readSignature(r, vectorTime)
		if err != nil {
			t.Fatal(err)
		}
		r.Body, r.ContentLength = readCloser(tt.change(body)), -1
		if _, _, err := sig.readBody(r, vectorSecret, 1<<20); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

type closer struct{ *bytes.Reader }

func (closer) Close() error { return nil }

func readCloser(b []byte) closer { return closer{bytes.NewReader(b)} }

func FuzzChunks(f *testing.F) {
	_, body := publishedChunks()
	f.Add(body[:200])
	f.Add([]byte("3;x\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		c := chunks{sig: &signature{payload: unsignedChunks}, rest: body, trailer: map[string]string{}}
		content, err := c.read()
		if err == nil && len(content) > len(body) {
			t.Errorf("%d bytes came of %d", len(content), len(body))
		}
	})
}
