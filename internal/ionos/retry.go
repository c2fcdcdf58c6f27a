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
	maxTries   = 3
	firstPause = 100 * time.Millisecond // doubled with every try
	maxJitter  = 250 * time.Millisecond // on top of what the API asks for
	maxAfter   = time.Hour
)

// pause tells whether to send a request again, and after how long. Only GET
// is ever repeated: a POST may have made a key although its answer was lost,
// and a user has five. (On a connection that had been idle and turns out to be
// closed, net/http's transport by itself sends a GET once more, and a change
// only if not one byte of it was written.)
func (t *transport) pause(r *http.Request, x *exchange, try int) (time.Duration, bool) {
	if r.Method != http.MethodGet || try >= maxTries || !x.passing() || r.Context().Err() != nil {
		return 0, false
	}
	pause := time.Duration((1 + t.random()) / 2 * float64(firstPause<<(try-1)))
	if x.retryAfter > 0 {
		// Never earlier than asked, and not all at the same moment.
		pause = x.retryAfter + time.Duration(t.random()*float64(min(x.retryAfter/4, maxJitter)))
	}
	deadline, bounded := r.Context().Deadline()
	if bounded && !t.now().Add(pause).Before(deadline) {
		return 0, false // rather tell now than too late
	}
	return pause, true
}

// passing reports whether the failure, if it was one, may be over soon.
func (x *exchange) passing() bool {
	if x.err != nil {
		return !errors.Is(x.err, errBodyTooLong) &&
			!errors.Is(x.err, context.Canceled) && !errors.Is(x.err, context.DeadlineExceeded)
	}
	switch x.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// tellPace passes on how many calls the API has left, to whoever makes many.
func tellPace(ctx context.Context, header http.Header) {
	remaining, err := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	if pace := keys.PaceOf(ctx); pace != nil && err == nil {
		pace.Told(remaining)
	}
}

// retryAfter reads a Retry-After header, which holds seconds or a date. It is
// zero when there is none or it makes no sense.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxAfter)
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), maxAfter)
}
