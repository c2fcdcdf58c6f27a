package ionos

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

// maxBody bounds a response body, in bytes. The longest expected one, a list of
// a thousand keys, has about one megabyte.
const maxBody = 4 << 20

var errBodyTooLong = errors.New("response too long")

// transport is the http.RoundTripper below the SDKs. It reads every response to
// its end, bounded by maxBody, before the SDK sees it: only then is it known
// whether to repeat a GET, and the connection is free for the next call.
type transport struct {
	base    http.RoundTripper
	limiter *limiter
	observe func(api, operation string, status int, took time.Duration)
	now     func() time.Time
	random  func() float64
	wait    func(context.Context, time.Duration) error
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	c := callOf(r)
	for attempt := 1; ; attempt++ {
		response, err := t.send(r, c)
		pause, repeat := t.backoff(r, c, attempt)
		if !repeat {
			return response, err
		}
		if err := t.wait(r.Context(), pause); err != nil {
			c.setError(err, true)
			return nil, err
		}
	}
}

// send sends a request once and records the outcome in c.
func (t *transport) send(r *http.Request, c *call) (*http.Response, error) {
	release, err := t.acquire(r, c)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		c.setError(err, true)
		return nil, err
	}
	defer release()
	var trace connTrace
	start := t.now()
	response, body, err := t.roundTrip(c.prepare(r, &trace))
	if err != nil {
		c.setError(err, trace.neverSent(err))
		t.observe(string(c.api), c.route, 0, t.now().Sub(start))
		return nil, err
	}
	c.setResponse(response, body, t.now())
	observeRateLimit(r.Context(), response.Header)
	t.observe(string(c.api), c.route, c.status, t.now().Sub(start))
	return response, nil
}

// acquire waits until the request may be sent.
func (t *transport) acquire(r *http.Request, c *call) (release func(), err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return t.limiter.acquire(r.Context(), c.token)
}

// roundTrip sends a request and reads the response.
func (t *transport) roundTrip(r *http.Request) (*http.Response, []byte, error) {
	response, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	body, err := readBody(response)
	_ = response.Body.Close()
	if err == nil && len(body) > maxBody {
		err = errBodyTooLong
	}
	if err == nil {
		err = checkBounds(body)
	}
	if err != nil {
		return nil, nil, err
	}
	body = bytes.TrimPrefix(body, byteOrderMark)
	if isJSON(body) {
		body = normalizeTimes(body)
		response.Header.Set("Content-Type", "application/json") // the SDKs decode by it
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	response.Header.Del("Content-Length")
	return response, body, nil
}

// readBody reads a body, with one allocation if its length is known.
func readBody(response *http.Response) ([]byte, error) {
	var body bytes.Buffer
	body.Grow(int(min(max(response.ContentLength, 0), maxBody)) + bytes.MinRead)
	_, err := body.ReadFrom(io.LimitReader(response.Body, maxBody+1))
	return body.Bytes(), err
}

// prepare returns a copy of the SDK's request with this package's headers. It
// gives an operation that must not be repeated an empty body: net/http takes a
// GET without a body for repeatable, and sends it again when an idle connection
// turns out to be closed. Nothing of an empty body is sent.
func (c *call) prepare(r *http.Request, trace *connTrace) *http.Request {
	out := r.Clone(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { trace.started.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { trace.connected.Store(true) },
	}))
	out.Close = false // the SDKs ask for a new connection each time
	// The Cloud SDK sends what IONOS_CONTRACT_NUMBER says.
	out.Header.Del("X-Contract-Number")
	if c.contract != "" {
		out.Header.Set("X-Contract-Number", c.contract)
	}
	if c.sends != "" {
		out.Body, out.GetBody, out.ContentLength = io.NopCloser(strings.NewReader(c.sends)), nil, int64(len(c.sends))
	}
	if !c.repeatable && out.Body == nil {
		out.Body = io.NopCloser(strings.NewReader(""))
	}
	if c.query != "" {
		out.URL.RawQuery = strings.TrimPrefix(out.URL.RawQuery+"&"+c.query, "&")
	}
	return out
}

// connTrace records how far a request came on its way to the API.
type connTrace struct{ started, connected atomic.Bool }

// neverSent reports whether a request that failed with err certainly did not
// reach the API.
func (t *connTrace) neverSent(err error) bool {
	if t.started.Load() && !t.connected.Load() {
		return true // no connection, or no TLS on it
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return true
	}
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}
