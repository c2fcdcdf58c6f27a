package ionos

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/keys"
)

const (
	maxAttempts   = 3
	minBackoff    = 100 * time.Millisecond // doubles with every attempt
	maxJitter     = 250 * time.Millisecond // added to what the API asks for
	maxRetryAfter = time.Hour
)

// backoff returns whether to repeat a request, and after how long. The pause
// depends on Retry-After and the deadline, which retry.Policy does not know.
//
// Only a repeatable operation is repeated: a POST whose response is lost may have
// created a key, and a user has five; a GET may have made a token, which would
// outlive every session. On an idle connection that turns out to be closed,
// net/http itself repeats a request; see prepare.
func (t *transport) backoff(r *http.Request, c *call, attempt int) (time.Duration, bool) {
	if !c.repeatable || attempt >= maxAttempts || !c.temporary() || r.Context().Err() != nil {
		return 0, false
	}
	pause := time.Duration((1 + t.random()) / 2 * float64(minBackoff<<(attempt-1)))
	if c.retryAfter > 0 {
		// Never earlier than the API asks for, and spread over time.
		pause = c.retryAfter + time.Duration(t.random()*float64(min(c.retryAfter/4, maxJitter)))
	}
	deadline, bounded := r.Context().Deadline()
	if bounded && !t.now().Add(pause).Before(deadline) {
		return 0, false // fail now rather than at the deadline
	}
	return pause, true
}

// temporary reports whether the call failed in a way that may soon be over.
func (c *call) temporary() bool {
	if c.err != nil {
		return !errors.Is(c.err, errBodyTooLong) &&
			!errors.Is(c.err, context.Canceled) && !errors.Is(c.err, context.DeadlineExceeded)
	}
	switch c.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// observeRateLimit reports how many calls the API has left to the throttle of
// the context.
func observeRateLimit(ctx context.Context, header http.Header) {
	callsLeft, err := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	if throttle := keys.ThrottleFrom(ctx); throttle != nil && err == nil {
		throttle.Observe(callsLeft)
	}
}

// retryAfter parses a Retry-After header, which holds seconds or a date. It
// returns 0 if the header is missing or invalid, and at most maxRetryAfter.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), maxRetryAfter)
}
