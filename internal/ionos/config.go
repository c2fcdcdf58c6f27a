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
)

// Config is what a Client is told from outside. The addresses are required.
type Config struct {
	ManagementURL string // e.g. "https://s3.ionos.com"
	CloudURL      string // e.g. "https://api.ionos.com/cloudapi/v6"
	AuthURL       string // e.g. "https://api.ionos.com/auth/v1"

	// Transport carries the requests; nil is an http.Transport that keeps
	// connections alive.
	Transport http.RoundTripper
	// Timeout bounds one call with its retries, where the context does not
	// end earlier; 10 seconds when zero.
	Timeout time.Duration
	// AtOnce bounds the requests that are under way with one token; 10 when
	// zero.
	AtOnce int
	// Observe is told of every request sent, retries among them: the API, the
	// method with the route's pattern, the status (0 when there was no
	// answer) and the time taken. It may be nil.
	Observe func(api, operation string, status int, took time.Duration)
	// UserAgent names the program to the APIs; "keydeck" when empty.
	UserAgent string

	// Now is the clock, time.Now when nil. Random gives numbers from 0 to
	// below 1, to spread retries in time. Wait waits before a retry, and ends
	// early with the context's error.
	Now    func() time.Time
	Random func() float64
	Wait   func(ctx context.Context, d time.Duration) error
}

const (
	defaultTimeout = 10 * time.Second
	// defaultAtOnce leaves room for a page beside the eight calls that a
	// search makes at a time.
	defaultAtOnce = 10
)

// complete fills in what was left out.
func (c Config) complete() Config {
	if c.Transport == nil {
		c.Transport = newHTTPTransport()
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.AtOnce <= 0 {
		c.AtOnce = defaultAtOnce
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
		c.Wait = wait
	}
	return c
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// newHTTPTransport keeps enough connections for a busy console to the two
// hosts of the APIs, and drops idle ones before the other side does: a POST
// on a connection that was just closed is a change nobody knows the end of.
func newHTTPTransport() *http.Transport {
	dialer := net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
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

// baseURL checks an API's address and gives it without a slash at the end.
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
