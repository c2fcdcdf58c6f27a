package ionos

import (
	"context"
	"net/http"
	"time"

	"keydeck/internal/keys"
)

// call is one call of an operation: what the transport has to know, and what it
// saw of the response. It travels in the context, below the SDK.
type call struct {
	operation
	contract string // for X-Contract-Number; empty for no header
	token    string // must not appear in a message either

	// The outcome of the last request sent.
	status     int // 0 without a response
	body       []byte
	message    string
	location   string
	retryAfter time.Duration
	err        error // why there is no response
	neverSent  bool  // with err: the request certainly did not reach the API
}

type callKey struct{}

// do runs one call of an SDK. It ignores the response that SDKs return beside
// the value: the returned call holds what they hide.
func do[T, R any](ctx context.Context, s session, op operation, run func(context.Context) (T, R, error)) (T, *call, error) {
	var zero T
	c := &call{operation: op, token: s.access.Token.Reveal()}
	if op.api != managementAPI { // its contract is the token's
		c.contract = s.access.Contract
	}
	if !digits(c.contract) {
		return zero, c, &keys.Error{Kind: keys.ErrInvalid, Op: op.name, Err: keys.ErrNoContract}
	}
	ctx, cancel := context.WithTimeout(ctx, s.client.timeout)
	defer cancel()
	if !s.access.Token.IsZero() {
		ctx = s.authorize(ctx, op.api)
	}
	value, _, err := run(context.WithValue(ctx, callKey{}, c))
	if err != nil && c.succeeded() && isJSON(c.body) {
		value = zero
		err = decodeLenient(c.body, &value)
	}
	if err := c.result(err); err != nil {
		return zero, c, err
	}
	return value, c, nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) <= 20
}

// nothing is the value of calls whose response has no body.
type nothing struct{}

// callOf returns the call that a request belongs to.
func callOf(r *http.Request) *call {
	if c, ok := r.Context().Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// setResponse records a response in place of an earlier outcome.
func (c *call) setResponse(response *http.Response, body []byte, now time.Time) {
	c.err, c.neverSent, c.message = nil, false, ""
	c.status, c.body = response.StatusCode, body
	c.location = response.Header.Get("Location")
	c.retryAfter = retryAfter(response.Header.Get("Retry-After"), now)
	if !c.succeeded() && isJSON(body) {
		c.message = apiMessage(body, c.token, c.hidden)
	}
}

// succeeded reports whether the last response has a status of success.
func (c *call) succeeded() bool {
	return c.status >= http.StatusOK && c.status < http.StatusMultipleChoices
}

// setError records that there was no response.
func (c *call) setError(err error, neverSent bool) {
	*c = call{operation: c.operation, contract: c.contract, token: c.token, err: err, neverSent: neverSent}
}
