package sandbox_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"keydeck/internal/sandbox"
)

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// TestRefusedSignatures: what is wrong with a request is said as S3 says it.
func TestRefusedSignatures(t *testing.T) {
	d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1})
	_, _, key, secret := d.made(member)
	now := d.clock.Now()
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	inAuthorization := func(old, fresh string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, fresh, 1))
		}
	}
	tests := map[string]struct {
		at     time.Time
		change func(*http.Request)
		status int
		code   string
	}{
		"untouched":             {change: func(*http.Request) {}, status: 200},
		"unsigned":              {change: func(r *http.Request) { r.Header.Del("Authorization") }, status: 403, code: "AccessDenied"},
		"version 2":             {change: set("Authorization", "AWS key:signature"), status: 400, code: "InvalidRequest"},
		"no hash":               {change: func(r *http.Request) { r.Header.Del("X-Amz-Content-Sha256") }, status: 400, code: "InvalidRequest"},
		"no time":               {change: func(r *http.Request) { r.Header.Del("X-Amz-Date") }, status: 403, code: "AccessDenied"},
		"another hash":          {change: set("X-Amz-Content-Sha256", strings.Repeat("0", 64)), status: 403, code: "SignatureDoesNotMatch"},
		"a header put in":       {change: set("X-Amz-Acl", "public-read"), status: 403, code: "AccessDenied"},
		"a token":               {change: set("X-Amz-Security-Token", "x"), status: 400, code: "InvalidToken"},
		"another method":        {change: func(r *http.Request) { r.Method = "DELETE" }, status: 403, code: "SignatureDoesNotMatch"},
		"another query":         {change: func(r *http.Request) { r.URL.RawQuery = "x=y" }, status: 403, code: "SignatureDoesNotMatch"},
		"no host":               {change: inAuthorization("SignedHeaders=host;", "SignedHeaders="), status: 403, code: "AccessDenied"},
		"half a credential":     {change: inAuthorization("/s3/aws4_request", ""), status: 400, code: "AuthorizationHeaderMalformed"},
		"of another service":    {change: inAuthorization("/s3/", "/ec2/"), status: 400, code: "AuthorizationHeaderMalformed"},
		"of another day":        {change: inAuthorization("/20", "/19"), status: 400, code: "AuthorizationHeaderMalformed"},
		"a quarter of an hour":  {at: now.Add(-14 * time.Minute), change: func(*http.Request) {}, status: 200},
		"too late":              {at: now.Add(-16 * time.Minute), change: func(*http.Request) {}, status: 403, code: "RequestTimeTooSkewed"},
		"too early":             {at: now.Add(16 * time.Minute), change: func(*http.Request) {}, status: 403, code: "RequestTimeTooSkewed"},
		"nonsense":              {change: set("Authorization", "AWS4-HMAC-SHA256 "), status: 400, code: "AuthorizationHeaderMalformed"},
		"an address, malformed": {change: func(r *http.Request) { r.Header.Del("Authorization"); r.URL.RawQuery = "X-Amz-Signature=x" }, status: 400, code: "AuthorizationQueryParametersError"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			at := tt.at
			if at.IsZero() {
				at = now
			}
			r := d.signed(http.MethodGet, "/", nil, at, key, secret)
			tt.change(r)
			status, body := d.fetch(t.Context(), r.Method, r.URL.String(), r.Header)
			var said struct{ Code string }
			if err := xml.Unmarshal([]byte(body), &said); err != nil || status != tt.status || said.Code != tt.code {
				t.Errorf("%d %s, want %d %s (%v)", status, body, tt.status, tt.code, err)
			}
			if strings.Contains(body, secret) {
				t.Error("the answer holds the secret")
			}
		})
	}
}

// signed is a request as the SDK's signer signs it, for an empty body.
func (d *depot) signed(method, path string, body io.Reader, at time.Time, key, secret string) *http.Request {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("X-Amz-Content-Sha256", emptyHash)
	credentials := aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}
	if err := v4.NewSigner().SignHTTP(d.t.Context(), credentials, r, emptyHash, "s3", "de", at); err != nil {
		d.t.Fatal(err)
	}
	return r
}

func TestSignedBody(t *testing.T) {
	d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1})
	_, _, key, secret := d.made(member)
	r := d.signed(http.MethodPut, "/photos", strings.NewReader("<x/>"), d.clock.Now(), key, secret)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusBadRequest {
		t.Errorf("answered %d", response.StatusCode)
	}
}

func TestSpecialSecrets(t *testing.T) {
	d := newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1, SpecialSecrets: true})
	_, _, key, secret := d.made(member)
	for _, c := range []string{"+", "/", "=", `"`, "'", `\`, "$", "%", " "} {
		if !strings.Contains(secret, c) {
			t.Errorf("the secret has no %s", c)
		}
	}
	if secret != strings.TrimSpace(secret) {
		t.Error("the secret ends in a space")
	}
	wantCode(t, "list", d.list(key, secret), "")
}
