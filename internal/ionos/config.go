package ionos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keydeck/internal/retry"
)

// Config configures a Client. The addresses are required.
type Config struct {
	ManagementURL string // e.g. "https://s3.ionos.com"
	CloudURL      string // e.g. "https://api.ionos.com/cloudapi/v6"
	AuthURL       string // e.g. "https://api.ionos.com/auth/v1"

	// Transport carries the requests; nil means an http.Transport that keeps
	// connections alive.
	Transport http.RoundTripper
	// Timeout bounds one call with its retries, unless the context ends
	// earlier; 10 seconds if zero.
	Timeout time.Duration
	// MaxInFlight bounds the concurrent requests with one token; 10 if zero.
	MaxInFlight int
	// Observe is called for every request sent, retries included, with the API,
	// the method with the route's pattern, the status (0 without a response) and
	// the time taken. It may be nil.
	Observe func(api, operation string, status int, took time.Duration)
	// UserAgent names the program to the APIs; "keydeck" if empty.
	UserAgent string

	// Now is the clock; time.Now if nil. Random returns numbers in [0, 1), which
	// spread retries in time; rand.Float64 if nil. Wait waits before a retry and
	// returns early with the context's error; retry.Sleep if nil.
	Now    func() time.Time
	Random func() float64
	Wait   func(ctx context.Context, d time.Duration) error
}

const (
	defaultTimeout = 10 * time.Second
	// defaultMaxInFlight leaves room for a page beside the eight concurrent
	// calls of a search.
	defaultMaxInFlight = 10
)

// complete returns c with its defaults set.
func (c Config) complete() Config {
	if c.Transport == nil {
		c.Transport = newHTTPTransport()
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.MaxInFlight <= 0 {
		c.MaxInFlight = defaultMaxInFlight
	}
	if c.Observe == nil {
		c.Observe = func(string, string, int, time.Duration) {}
	}
	if c.UserAgent == "" {
		c.UserAgent = "keydeck"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Float64
	}
	if c.Wait == nil {
		c.Wait = retry.Sleep
	}
	return c
}

// newHTTPTransport keeps enough connections to the APIs' two hosts for a busy
// console, and closes idle ones before the other side does: the outcome of a
// POST on a connection that was just closed is indeterminate.
func newHTTPTransport() *http.Transport {
	dialer := net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: refusedConnect,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        256,
		MaxIdleConns:           192,
		MaxIdleConnsPerHost:    96,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// baseURL checks an API's address and returns it without a trailing slash.
func baseURL(name, address string) (string, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		err = errors.New("is no address")
	case u.Scheme != "https" && u.Scheme != "http":
		err = errors.New("must begin with https:// or http://")
	case u.Host == "" || u.Hostname() == "":
		err = errors.New("names no host")
	case u.User != nil:
		err = errors.New("must not hold credentials")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(address, "#"):
		err = errors.New("must end with its path")
	case strings.ContainsAny(address, "{}"):
		err = errors.New("must not hold braces") // the SDKs take them for variables
	}
	if err != nil {
		return "", fmt.Errorf("ionos: the address of the %s API %w", name, err)
	}
	return strings.TrimRight(address, "/"), nil
}
