package keys

import (
	"errors"
	"time"
)

// What can go wrong, to be asked for with errors.Is.
var (
	ErrInvalid      = errors.New("invalid input")                      // refused before any call
	ErrUnauthorized = errors.New("credentials or token refused")       // 401
	ErrForbidden    = errors.New("not allowed")                        // 403
	ErrNoPrivilege  = errors.New("no privilege to use object storage") // 403 or 422, by the API
	ErrNotFound     = errors.New("not found")                          // 404, and 422 for a missing key
	ErrNoUser       = errors.New("no such user")                       // 404, by an API that was asked about one
	ErrConflict     = errors.New("in conflict with the present state") // 409
	ErrLimit        = errors.New("limit of keys reached")              // five keys already
	ErrRejected     = errors.New("rejected by the API")                // 400, 415, 422
	ErrThrottled    = errors.New("throttled by the API")               // 429
	ErrUnavailable  = errors.New("API failing or out of reach")        // 5xx, broken connections, unreadable answers
	ErrTimeout      = errors.New("API too slow")                       // the time for the request ran out
	ErrNotReady     = errors.New("key not ready yet")                  // made a moment ago, and not known everywhere
	ErrConfirmation = errors.New("confirmation missing or wrong")      // refused before any change
)

// Why input is invalid: the causes of an ErrInvalid.
var (
	ErrUnreadable = errors.New("not text")
	ErrManyLines  = errors.New("more than one line")
	ErrUnseen     = errors.New("holds control characters")
	ErrTooLong    = errors.New("too long")
	ErrNoToken    = errors.New("no token of the API")
	ErrExpired    = errors.New("token has expired")
	ErrNoContract = errors.New("no contract number")

	// ErrOtherContract: a token is for another contract than was named.
	ErrOtherContract = errors.New("token for another contract")
)

// Error is a failed call or a refused input. It holds no secret and nothing
// of a body but the API's own message.
type Error struct {
	Kind       error         // one of the errors above
	Op         string        // what was tried, e.g. "create key"
	Message    string        // the API's words; may be shown
	RetryAfter time.Duration // with ErrThrottled: when to try again; zero when not said
	Unclear    bool          // the change may have been carried out all the same
	Err        error         // the cause, for the log
}

// Error describes the failure for the log.
func (e *Error) Error() string {
	text := e.Kind.Error()
	if e.Op != "" {
		text = e.Op + ": " + text
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.Err != nil {
		text += " (" + e.Err.Error() + ")"
	}
	return text
}

// Unwrap lets errors.Is find both the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// Unclear reports whether err is of a change that may have been carried out.
func Unclear(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Unclear
}

// Message returns the API's own words within err, or "".
func Message(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return ""
}

// RetryAfter returns how long a throttled caller should wait, or zero.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAfter
	}
	return 0
}
