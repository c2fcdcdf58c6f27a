// Package s3check sends a signed ListBuckets request to an S3 endpoint. It
// implements [keys.Checker]; package keys decides what the response means.
package s3check

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

// Config configures a Client.
type Config struct {
	// Transport sends the requests as they are; nil means one without keep-alive
	// that connects to public addresses only.
	Transport http.RoundTripper
	// Private allows loopback, link-local, private and reserved addresses.
	Private bool
	// Plain allows endpoints without TLS.
	Plain     bool
	Timeout   time.Duration    // of one request; 8 seconds if zero
	Now       func() time.Time // time.Now if nil
	UserAgent string           // "keydeck" if empty
}

const defaultTimeout = 8 * time.Second

// Client sends the requests. It is safe for concurrent use.
type Client struct {
	http      *http.Client
	timeout   time.Duration
	plain     bool
	now       func() time.Time
	userAgent string
}

var _ keys.Checker = (*Client)(nil)

// New returns a client.
func New(cfg Config) *Client {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Transport == nil {
		cfg.Transport = newTransport(cfg.Private)
	}
	return &Client{
		http: &http.Client{
			Transport: cfg.Transport,
			// A redirect leads to a host that the API did not name.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		timeout: cmp.Or(cfg.Timeout, defaultTimeout), plain: cfg.Plain,
		now: cfg.Now, userAgent: cmp.Or(cfg.UserAgent, "keydeck"),
	}
}

func transportOf(dialer net.Dialer, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    dialTimeout,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// maxBody bounds a response body, in bytes: a thousand buckets have about
// 150,000.
const maxBody = 4 << 20

// ListBuckets implements keys.Checker.
func (c *Client) ListBuckets(ctx context.Context, at keys.Region, pair keys.KeyPair) keys.EndpointResult {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	r, err := c.request(ctx, at, pair)
	if err != nil {
		return keys.EndpointResult{Failure: keys.NoConnection, Err: err}
	}
	start := c.now()
	response, err := c.http.Do(r)
	if err != nil {
		return keys.EndpointResult{Failure: failureOf(err), Err: err, Took: c.now().Sub(start)}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	_ = response.Body.Close()
	if err != nil {
		return keys.EndpointResult{Failure: failureOf(err), Err: err, Took: c.now().Sub(start)}
	}
	end := c.now()
	result := parse(response, body)
	result.Took = end.Sub(start)
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		result.ClockOffset = end.Sub(date).Truncate(time.Second)
	}
	return result
}

// emptyHash is the SHA-256 of an empty body.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// request returns a signed GET / request. The URL is built from its parts, so
// that an endpoint is a host and nothing else.
func (c *Client) request(ctx context.Context, at keys.Region, pair keys.KeyPair) (*http.Request, error) {
	address := &url.URL{Scheme: "https", Host: at.Endpoint, Path: "/"}
	if at.Plain {
		if !c.plain {
			return nil, errors.New("s3check: the endpoint is not encrypted")
		}
		address.Scheme = "http"
	}
	if address.Hostname() == "" || address.Host != at.Endpoint || hasOtherParts(at.Endpoint) {
		return nil, errors.New("s3check: the endpoint is not a host")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", c.userAgent)
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set("X-Amz-Content-Sha256", emptyHash)
	credentials := aws.Credentials{AccessKeyID: pair.Key.AccessKey, SecretAccessKey: pair.Secret.Reveal()}
	return r, newSigner().SignHTTP(ctx, credentials, r, emptyHash, "s3", at.ID, c.now())
}

// newSigner returns a signer for one request. A Signer caches the signing key
// of a day by access key: after a renewal it would use the old secret.
func newSigner() *v4.Signer {
	// S3 signs paths without a second escaping.
	return v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
}

func hasOtherParts(host string) bool {
	u, err := url.Parse("//" + host)
	return err != nil || u.Host != host || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != ""
}

// failureOf returns the failure that a transport error stands for.
func failureOf(err error) keys.Failure {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return keys.NoResponse
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return keys.BadCertificate
	}
	return keys.NoConnection
}
