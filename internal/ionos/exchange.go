package ionos

import (
	"context"
	"net/http"
	"time"

	"keydeck/internal/keys"
)

// exchange is one call of an operation: what the transport has to know of it,
// and what it saw of the answer. It travels in the context, under the SDK.
type exchange struct {
	operation
	contract string // to name in X-Contract-Number; empty to name none
	token    string // not to be in a message either

	// Of the last request sent.
	status     int // 0 without an answer
	message    string
	location   string
	retryAfter time.Duration
	err        error // why there is no answer
	unsent     bool  // with err: the request surely did not reach the API
}

type exchangeKey struct{}

// ask runs one call of an SDK. The R that SDKs return besides the value is of
// no use here; the exchange tells what they hide.
func ask[T, R any](ctx context.Context, s session, op operation, run func(context.Context) (T, R, error)) (T, *exchange, error) {
	var none T
	x := &exchange{operation: op, token: s.access.Token.Reveal()}
	if op.api != managementAPI { // its contract is the token's
		x.contract = s.access.Contract
	}
	if !digits(x.contract) {
		return none, x, &keys.Error{Kind: keys.ErrInvalid, Op: op.name, Err: keys.ErrNoContract}
	}
	ctx, cancel := context.WithTimeout(ctx, s.client.timeout)
	defer cancel()
	if !s.access.Token.IsZero() {
		ctx = s.authorize(ctx, op.api)
	}
	value, _, err := run(context.WithValue(ctx, exchangeKey{}, x))
	if err := x.failure(err); err != nil {
		return none, x, err
	}
	return value, x, nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) <= 20
}

// nothing is the value of calls that answer with none.
type nothing struct{}

// exchangeOf finds the exchange that a request belongs to.
func exchangeOf(r *http.Request) *exchange {
	if x, ok := r.Context().Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// answered notes an answer, and takes the place of what was noted before.
func (x *exchange) answered(response *http.Response, body []byte, now time.Time) {
	x.err, x.unsent, x.message = nil, false, ""
	x.status = response.StatusCode
	x.location = response.Header.Get("Location")
	x.retryAfter = retryAfter(response.Header.Get("Retry-After"), now)
	if response.StatusCode >= http.StatusMultipleChoices && isJSON(response.Header) {
		x.message = apiMessage(body, x.token, x.hidden)
	}
}

// failed notes that there was no answer.
func (x *exchange) failed(err error, unsent bool) {
	*x = exchange{operation: x.operation, contract: x.contract, token: x.token, err: err, unsent: unsent}
}
