// Package probe asks S3 endpoints whether a key opens them: one signed
// ListBuckets, over HTTP. Of S3 it knows just that; what the answer means is
// for the domain to say.
package probe

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"keydeck/internal/keys"
)

// Config is what a Client is told from outside.
type Config struct {
	Transport http.RoundTripper // nil is an http.Transport of our own
	Timeout   time.Duration     // of one question; zero is 8 seconds
	Now       func() time.Time  // nil is time.Now
	UserAgent string            // "keydeck" when empty
}

const defaultTimeout = 8 * time.Second

// Client asks. It is safe for concurrent use.
type Client struct {
	http      *http.Client
	timeout   time.Duration
	now       func() time.Time
	userAgent string
}

var _ keys.Prober = (*Client)(nil)

// New makes a client.
func New(cfg Config) *Client {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Transport == nil {
		cfg.Transport = newTransport()
	}
	return &Client{
		http: &http.Client{
			Transport: cfg.Transport,
			// Elsewhere is a host that the API did not name.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		timeout: cmp.Or(cfg.Timeout, defaultTimeout),
		now:     cfg.Now, userAgent: cmp.Or(cfg.UserAgent, "keydeck"),
	}
}

// newTransport keeps no connections: a key is tested now and then.
func newTransport() *http.Transport {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// maxAnswer bounds what is read: a thousand buckets have about 150 KB.
const maxAnswer = 4 << 20

// ListBuckets implements keys.Prober.
func (c *Client) ListBuckets(ctx context.Context, at keys.Region, pair keys.KeyPair) keys.Probe {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	r, err := c.request(ctx, at, pair)
	if err != nil {
		return keys.Probe{Trouble: keys.NoConnection, Err: err}
	}
	start := c.now()
	response, err := c.http.Do(r)
	if err != nil {
		return keys.Probe{Trouble: troubleOf(err), Err: err, Took: c.now().Sub(start)}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	_ = response.Body.Close()
	if err != nil {
		return keys.Probe{Trouble: troubleOf(err), Err: err, Took: c.now().Sub(start)}
	}
	answered := c.now()
	p := read(response, body)
	p.Took = answered.Sub(start)
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		p.Ahead = answered.Sub(date).Truncate(time.Second)
	}
	return p
}

// hashOfNothing is the SHA-256 of an empty body.
const hashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// request is GET / at the endpoint, signed. The address is put together from
// parts, so that no name of a host can be read as anything else.
func (c *Client) request(ctx context.Context, at keys.Region, pair keys.KeyPair) (*http.Request, error) {
	address := &url.URL{Scheme: "https", Host: at.Endpoint, Path: "/"}
	if at.Plain {
		address.Scheme = "http"
	}
	if address.Hostname() == "" || address.Host != at.Endpoint || hasOtherParts(at.Endpoint) {
		return nil, errors.New("probe: the endpoint is no host")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", c.userAgent)
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set("X-Amz-Content-Sha256", hashOfNothing)
	credentials := aws.Credentials{AccessKeyID: pair.Key.AccessKey, SecretAccessKey: pair.Secret.Reveal()}
	return r, newSigner().SignHTTP(ctx, credentials, r, hashOfNothing, "s3", at.ID, c.now())
}

// newSigner signs once. A Signer keeps what it derives from a secret under the
// access key alone, for the day: after a renewal it would go on with the old
// one.
func newSigner() *v4.Signer {
	// S3 signs paths as they are.
	return v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
}

func hasOtherParts(host string) bool {
	u, err := url.Parse("//" + host)
	return err != nil || u.Host != host || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != ""
}

// troubleOf says what a request failed with.
func troubleOf(err error) keys.Trouble {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return keys.NoAnswer
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return keys.BadCertificate
	}
	return keys.NoConnection
}
