package sandbox_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"keydeck/internal/sandbox"
	"keydeck/internal/sandbox/s3"
)

// storageCaller sends signed requests to the storage as a user, for a region.
type storageCaller struct {
	*depot
	key, secret, region string
	host                string // for virtual-host style
}

// newStorageDepot is a depot on which every change takes effect at once.
func newStorageDepot(t *testing.T) *depot {
	t.Helper()
	return newDepot(t, sandbox.Config{Provisioning: -1, Propagation: -1})
}

// smallLimits are low enough to be reached in a test.
var smallLimits = s3.Limits{ContractBuckets: 2, UserBuckets: 1, ContractPut: 20, UserPut: 10, Object: 12 << 20, Body: 6 << 20}

// caller makes a key for a user.
func (d *depot) caller(email, region string) *storageCaller {
	d.t.Helper()
	_, _, key, secret := d.made(email)
	return &storageCaller{depot: d, key: key, secret: secret, region: region}
}

func (c *storageCaller) in(region string) *storageCaller {
	other := *c
	other.region = region
	return &other
}

// storageAnswer is one of the storage. Its code is that of an error.
type storageAnswer struct {
	status     int
	header     http.Header
	body, code string
}

// do signs the payload unless a header says otherwise.
func (c *storageCaller) do(method, path, body string, headers ...string) storageAnswer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Host = c.host
	payload := sha256Hex(body)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
		if headers[i] == "X-Amz-Content-Sha256" {
			payload = headers[i+1]
		}
	}
	r.Header.Set("X-Amz-Content-Sha256", payload)
	who := aws.Credentials{AccessKeyID: c.key, SecretAccessKey: c.secret}
	err = v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).SignHTTP(
		c.t.Context(), who, r, payload, "s3", c.region, c.clock.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	return c.send(r)
}

func (d *depot) send(r *http.Request) storageAnswer {
	d.t.Helper()
	response, err := plainClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	a := storageAnswer{status: response.StatusCode, header: response.Header, body: string(content)}
	if a.status >= 400 && len(content) > 0 {
		a.code = element(a.body, "Code")
		if element(a.body, "Message") == "" {
			d.t.Errorf("%s %s: an error without a message: %s", r.Method, r.URL.Path, a.body)
		}
	}
	return a
}

// plainClient changes nothing on the way.
var plainClient = &http.Client{Transport: &http.Transport{DisableCompression: true}}

// want fails the test for another status or code.
func (c *storageCaller) want(status int, code, method, path, body string, headers ...string) storageAnswer {
	c.t.Helper()
	a := c.do(method, path, body, headers...)
	if a.status != status || a.code != code {
		c.t.Fatalf("%s %s: %d %q, want %d %q\n%s", method, path, a.status, a.code, status, code, a.body)
	}
	return a
}

// element is the text of the first element of a name, wherever it is.
func element(text, name string) string {
	all := elements(text, name)
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// elements are the texts of all elements of a name, in order.
func elements(text, name string) []string {
	var found []string
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if err != nil {
			return found
		}
		start, is := token.(xml.StartElement)
		if !is || start.Name.Local != name {
			continue
		}
		var content string
		if err := d.DecodeElement(&content, &start); err != nil {
			return found
		}
		found = append(found, content)
	}
}

// root is the name of the root element.
func root(text string) string {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if start, is := token.(xml.StartElement); is {
			return start.Name.Local
		}
	}
}

// step is a request and the answer that a fact wants.
type step struct {
	method, path, body string
	headers            []string
	status             int
	code               string
	has                map[string]string // headers of the answer; "" for none
	says               string            // what the body has in it
}

// factSteps runs each fact as a subtest, on its own storage where a user has
// the bucket "box" in de with the object "x" in it.
func factSteps(t *testing.T, facts map[string][]step) {
	t.Helper()
	for name, steps := range facts {
		t.Run(name, func(t *testing.T) {
			c := newStorageDepot(t).caller(member, "de")
			c.want(200, "", "PUT", "/box", "")
			c.want(200, "", "PUT", "/box/x", "0123456789", "Content-Type", "text/plain")
			for _, s := range steps {
				a := c.want(s.status, s.code, s.method, s.path, s.body, s.headers...)
				for header, want := range s.has {
					if got := a.header.Get(header); got != want {
						t.Errorf("%s %s: %s is %q, want %q", s.method, s.path, header, got, want)
					}
				}
				if !strings.Contains(a.body, s.says) {
					t.Errorf("%s %s: %q has no %q", s.method, s.path, a.body, s.says)
				}
			}
		})
	}
}
