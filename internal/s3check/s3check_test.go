package s3check_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/s3check"
	"keydeck/internal/sandbox"
	"keydeck/internal/secret"
)

const secretKey = `se+cr/et="'\$% x`

var pair = keys.KeyPair{Key: keys.Key{AccessKey: "AKEXAMPLE"}, Secret: secret.New(secretKey)}

func at(server *httptest.Server) keys.Region {
	_, host, _ := strings.Cut(server.URL, "://")
	return keys.Region{ID: "de", Endpoint: host, Plain: server.TLS == nil}
}

// TestListBuckets: what is signed here is verified there.
func TestListBuckets(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Config{Provisioning: -1, Propagation: -1, SpecialSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	endpoint := httptest.NewServer(s.Storage())
	defer endpoint.Close()
	made := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/accesskeys", strings.NewReader("{}"))
	r.Header.Set("Authorization", "Bearer "+s.Token("member@keydeck.example", time.Hour))
	r.Header.Set("Content-Type", "application/json")
	s.ServeHTTP(made, r)
	key, awkward := member(t, made.Body.String(), "accessKey"), member(t, made.Body.String(), "secretKey")
	mine := keys.KeyPair{Key: keys.Key{AccessKey: key}, Secret: secret.New(awkward)}
	got := s3check.New(s3check.Config{Private: true, Plain: true}).ListBuckets(t.Context(), at(endpoint), mine)
	if got.Err != nil || got.Code != "" || got.Buckets != 0 || got.Took <= 0 || got.ClockOffset.Abs() > 5*time.Second {
		t.Errorf("%+v", got)
	}
	// One client sees a key with one secret after the other, as after a renewal.
	one := s3check.New(s3check.Config{Private: true, Plain: true})
	for _, secretKey := range []string{awkward, awkward + "x", awkward} {
		mine.Secret = secret.New(secretKey)
		wrong := one.ListBuckets(t.Context(), at(endpoint), mine).Code == "SignatureDoesNotMatch"
		if wrong != (secretKey != awkward) {
			t.Errorf("a secret that is wrong: %v, was found to be: %v", secretKey != awkward, wrong)
		}
	}
	late := s3check.New(s3check.Config{Private: true, Plain: true, Now: func() time.Time { return time.Now().Add(-time.Hour) }})
	if got := late.ListBuckets(t.Context(), at(endpoint), mine); got.Code != "RequestTimeTooSkewed" || got.ClockOffset.Round(time.Minute) != -time.Hour {
		t.Errorf("%+v", got)
	}
}

// member is a text of a JSON document, whose escapes are quotes and backslashes.
func member(t *testing.T, document, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(document, `"`+name+`":"`)
	if !found {
		t.Fatalf("no %s", name)
	}
	var value strings.Builder
	for i := 0; rest[i] != '"'; i++ {
		if rest[i] == '\\' {
			i++
		}
		value.WriteByte(rest[i])
	}
	return value.String()
}

func TestListBucketsResponses(t *testing.T) {
	t.Parallel()
	list := func(n int) string {
		return `<?xml version="1.0" encoding="UTF-8"?><ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>x</ID></Owner><Buckets>` +
			strings.Repeat("<Bucket><Name>b</Name></Bucket>", n) + `</Buckets></ListAllMyBucketsResult>`
	}
	tests := map[string]struct {
		status  int
		body    string
		want    keys.EndpointResult
		trouble keys.Failure
	}{
		"buckets":               {200, list(7), keys.EndpointResult{Buckets: 7}, 0},
		"no buckets":            {200, list(0), keys.EndpointResult{}, 0},
		"html":                  {200, "<!DOCTYPE html><html><body>Sign in to the hotel</body></html>", keys.EndpointResult{}, keys.NotS3},
		"json":                  {200, `{"buckets":[]}`, keys.EndpointResult{}, keys.NotS3},
		"nothing":               {200, "", keys.EndpointResult{}, keys.NotS3},
		"half a list":           {200, list(7)[:200], keys.EndpointResult{}, keys.NotS3},
		"another document":      {200, "<Error><Code>AccessDenied</Code></Error>", keys.EndpointResult{}, keys.NotS3},
		"refused":               {403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>", keys.EndpointResult{Code: "AccessDenied"}, 0},
		"refused in html":       {403, "<html>Forbidden</html>", keys.EndpointResult{}, keys.NotS3},
		"refused with nonsense": {403, "<Error><Code>&lt;script&gt;</Code></Error>", keys.EndpointResult{}, keys.NotS3},
		"moved":                 {301, "", keys.EndpointResult{}, keys.Redirected},
		"moved, says S3":        {307, "<Error><Code>TemporaryRedirect</Code></Error>", keys.EndpointResult{}, keys.Redirected},
		"failing":               {500, "<Error><Code>InternalError</Code></Error>", keys.EndpointResult{}, keys.ServerError},
		"busy":                  {503, "<Error><Code>SlowDown</Code></Error>", keys.EndpointResult{}, keys.ServerError},
		"throttled":             {429, "", keys.EndpointResult{}, keys.ServerError},
		"too much":              {200, strings.Repeat(" ", 5<<20) + list(1), keys.EndpointResult{}, keys.NotS3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.String() != "/" {
					t.Errorf("asked for %s %s", r.Method, r.URL)
				}
				w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			}))
			defer endpoint.Close()
			got := s3check.New(s3check.Config{Private: true, Plain: true}).ListBuckets(t.Context(), at(endpoint), pair)
			if got.Buckets != tt.want.Buckets || got.Code != tt.want.Code || got.Failure != tt.trouble || (got.Err != nil) != (tt.trouble != 0) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestListBucketsRedirect(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was") }))
	defer elsewhere.Close()
	endpoint := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusMovedPermanently))
	defer endpoint.Close()
	if got := s3check.New(s3check.Config{Private: true, Plain: true}).ListBuckets(t.Context(), at(endpoint), pair); got.Failure != keys.Redirected {
		t.Errorf("%+v", got)
	}
}

func TestListBucketsCertificate(t *testing.T) {
	t.Parallel()
	endpoint := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was asked all the same") }))
	endpoint.Config.ErrorLog = nil
	endpoint.StartTLS()
	defer endpoint.Close()
	if got := s3check.New(s3check.Config{Private: true, Plain: true}).ListBuckets(t.Context(), at(endpoint), pair); got.Failure != keys.BadCertificate {
		t.Errorf("%+v", got)
	}
	// One that is trusted, of another host.
	trusting := endpoint.Client().Transport.(*http.Transport).Clone()
	trusting.TLSClientConfig = &tls.Config{RootCAs: trusting.TLSClientConfig.RootCAs, ServerName: "s3.elsewhere.test"}
	if got := s3check.New(s3check.Config{Transport: trusting}).ListBuckets(t.Context(), at(endpoint), pair); got.Failure != keys.BadCertificate {
		t.Errorf("%+v", got)
	}
}

func TestListBucketsNoConnection(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	got := s3check.New(s3check.Config{Private: true, Plain: true}).ListBuckets(t.Context(), keys.Region{ID: "de", Endpoint: address, Plain: true}, pair)
	if got.Failure != keys.NoConnection {
		t.Errorf("%+v", got)
	}
	if strings.Contains(fmt.Sprintf("%+v", got), secretKey) {
		t.Error("the trouble holds the secret")
	}
}

// silent never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestListBucketsTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		got := s3check.New(s3check.Config{Transport: silent{}}).ListBuckets(t.Context(), keys.Region{ID: "de", Endpoint: "s3.test"}, pair)
		if got.Failure != keys.NoResponse || time.Since(start) != 8*time.Second {
			t.Errorf("after %v: %+v", time.Since(start), got)
		}
	})
}

// dials counts what is sent.
type dials struct{ hosts []string }

func (d *dials) RoundTrip(r *http.Request) (*http.Response, error) {
	d.hosts = append(d.hosts, r.URL.Scheme+"://"+r.URL.Host)
	return nil, io.EOF
}

func TestListBucketsInvalidHost(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"", ":80", "user@s3.test", "s3.test/path", "s3.test?x", "s3.test#x", "s3 test", "[::1", "s3.test:port", "s3.test\r\nX: y"} {
		d := &dials{}
		if got := s3check.New(s3check.Config{Transport: d}).ListBuckets(t.Context(), keys.Region{ID: "de", Endpoint: host}, pair); got.Failure != keys.NoConnection || len(d.hosts) > 0 {
			t.Errorf("%q: asked %v, %+v", host, d.hosts, got)
		}
	}
	d := &dials{}
	s3check.New(s3check.Config{Transport: d}).ListBuckets(t.Context(), keys.Region{ID: "de", Endpoint: "s3.test"}, pair)
	if len(d.hosts) != 1 || d.hosts[0] != "https://s3.test" {
		t.Errorf("asked %v", d.hosts)
	}
}
