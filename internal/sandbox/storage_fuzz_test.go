package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"keydeck/internal/sandbox"
)

// FuzzStorage sends any request, rightly signed: it is answered by what S3 has,
// an InternalError never, and an error has a message.
func FuzzStorage(f *testing.F) {
	f.Add("GET", "/box/x", "partNumber=1", "Range", "bytes=0-1", "")
	f.Add("PUT", "/box/y", "", "X-Amz-Copy-Source", "box/x?versionId=null", "")
	f.Add("PUT", "/box/y", "uploadId=1&partNumber=1", "X-Amz-Copy-Source-Range", "bytes=0-", "")
	f.Add("POST", "/box", "delete", "Content-Md5", "", "<Delete><Object><Key>x</Key></Object></Delete>")
	f.Add("PUT", "/box", "versioning", "", "", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
	f.Add("GET", "/box", "versions&key-marker=x&version-id-marker=null&max-keys=1&delimiter=/", "", "", "")
	f.Add("POST", "/box/y", "uploads", "X-Amz-Checksum-Algorithm", "CRC32", "")
	f.Add("GET", "/", "max-buckets=1&continuation-token=Ym94", "", "", "")
	f.Add("PUT", "/b.x", "", "X-Amz-Checksum-Crc32", "AAAAAA==", "<CreateBucketConfiguration/>")
	f.Fuzz(func(t *testing.T, method, path, query, name, value, body string) {
		if !strings.HasPrefix(path, "/") || len(path) > 2000 || strings.Contains(name, "Authorization") {
			t.Skip()
		}
		switch method {
		case "GET", "HEAD", "PUT", "POST", "DELETE":
		default:
			t.Skip()
		}
		s := newSandbox(t, sandbox.Config{Provisioning: -1, Propagation: -1})
		made := as(t, s, member).want(201, "POST", "/accesskeys", "")
		who := aws.Credentials{AccessKeyID: made.str("properties", "accessKey"), SecretAccessKey: made.str("properties", "secretKey")}
		send := func(method, path, query, name, value, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, "http://127.0.0.1/", strings.NewReader(body))
			r.URL = &url.URL{Scheme: "http", Host: "127.0.0.1", Path: path, RawQuery: query}
			if name != "" {
				r.Header[http.CanonicalHeaderKey(name)] = []string{value}
			}
			r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
			err := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).SignHTTP(
				t.Context(), who, r, "UNSIGNED-PAYLOAD", "s3", "de", time.Now())
			if err != nil {
				t.Skip()
			}
			w := httptest.NewRecorder()
			s.Storage().ServeHTTP(w, r)
			return w
		}
		send("PUT", "/box", "", "", "", "")
		send("PUT", "/box/x", "", "", "", "0123456789")
		w := send(method, path, query, name, value, body)
		if w.Code >= 500 && w.Code != http.StatusNotImplemented {
			t.Errorf("%s %s?%s: %d %s", method, path, query, w.Code, w.Body)
		}
		if w.Code >= 400 && method != http.MethodHead && element(w.Body.String(), "Message") == "" {
			t.Errorf("%s %s?%s: %d without a message: %q", method, path, query, w.Code, w.Body)
		}
	})
}
