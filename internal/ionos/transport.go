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

// maxBody bounds an answer. The longest that is asked for, a thousand keys,
// has about one megabyte.
const maxBody = 4 << 20

var errBodyTooLong = errors.New("answer too long")

// transport lies between the SDKs and the wire. It reads every answer to its
// end, bounded, before the SDK sees it: only then is it known whether a GET
// has to be repeated, and the connection is free for the next call.
type transport struct {
	base    http.RoundTripper
	gate    *gate
	observe func(api, operation string, status int, took time.Duration)
	now     func() time.Time
	random  func() float64
	wait    func(context.Context, time.Duration) error
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	x := exchangeOf(r)
	for try := 1; ; try++ {
		response, err := t.send(r, x)
		pause, again := t.pause(r, x, try)
		if !again {
			return response, err
		}
		if err := t.wait(r.Context(), pause); err != nil {
			x.failed(err, true)
			return nil, err
		}
	}
}

// send sends a request once and notes in x what came of it.
func (t *transport) send(r *http.Request, x *exchange) (*http.Response, error) {
	leave, err := t.enter(r, x)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		x.failed(err, true)
		return nil, err
	}
	defer leave()
	var reach reach
	start := t.now()
	response, body, err := t.exchange(x.prepare(r, &reach))
	if err != nil {
		x.failed(err, reach.missed(err))
		t.observe(string(x.api), x.route, 0, t.now().Sub(start))
		return nil, err
	}
	x.answered(response, body, t.now())
	tellPace(r.Context(), response.Header)
	t.observe(string(x.api), x.route, x.status, t.now().Sub(start))
	return response, nil
}

// enter waits until the request may be sent.
func (t *transport) enter(r *http.Request, x *exchange) (leave func(), err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return t.gate.enter(r.Context(), x.token)
}

// exchange sends a request and reads the answer.
func (t *transport) exchange(r *http.Request) (*http.Response, []byte, error) {
	response, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	body, err := readBody(response)
	_ = response.Body.Close()
	if err == nil && len(body) > maxBody {
		err = errBodyTooLong
	}
	if err != nil {
		return nil, nil, err
	}
	if isJSON(response.Header) {
		body = normalizeTimes(body)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	response.Header.Del("Content-Length")
	return response, body, nil
}

// readBody reads an answer, in one piece where its length is told.
func readBody(response *http.Response) ([]byte, error) {
	var body bytes.Buffer
	body.Grow(int(min(max(response.ContentLength, 0), maxBody)) + bytes.MinRead)
	_, err := body.ReadFrom(io.LimitReader(response.Body, maxBody+1))
	return body.Bytes(), err
}

// prepare makes of the SDK's request the one to send.
func (x *exchange) prepare(r *http.Request, reach *reach) *http.Request {
	out := r.Clone(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { reach.sought.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { reach.got.Store(true) },
	}))
	out.Close = false // the SDKs ask for a new connection each time
	// The Cloud SDK sends what IONOS_CONTRACT_NUMBER says.
	out.Header.Del("X-Contract-Number")
	if x.contract != "" {
		out.Header.Set("X-Contract-Number", x.contract)
	}
	if x.query != "" {
		out.URL.RawQuery = strings.TrimPrefix(out.URL.RawQuery+"&"+x.query, "&")
	}
	return out
}

// reach is how far a request came on its way out.
type reach struct{ sought, got atomic.Bool }

// missed reports whether a request that failed surely did not reach the API.
func (r *reach) missed(err error) bool {
	if r.sought.Load() && !r.got.Load() {
		return true // no connection, or no TLS on it
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return true
	}
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}

func isJSON(header http.Header) bool {
	kind, _, _ := strings.Cut(strings.ToLower(header.Get("Content-Type")), ";")
	kind = strings.TrimSpace(kind)
	return kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
}
