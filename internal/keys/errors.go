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
	ErrInconsistent = errors.New("key listed, but not found")          // 404 for a key that a list has
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

// ErrProxy is the cause of an ErrUnavailable that is not the API's: the proxy on the
// way there refuses to connect, or cannot be reached.
var ErrProxy = errors.New("proxy on the way to the API refuses")

// Error is a failed call or a refused input. It holds no secret and nothing
// of a body but the API's own message.
type Error struct {
	Kind       error         // one of the errors above
	Op         string        // what was tried, e.g. "create key"
	API        string        // the API that was called, by its name, e.g. CloudAPI; empty without a call
	Status     int           // the HTTP status of its response; 0 without one
	Message    string        // the API's words; may be shown
	RetryAfter time.Duration // with ErrThrottled: when to try again; zero when not said
	// Indeterminate: the change may have been carried out all the same.
	Indeterminate bool

	Err error // the cause, for the log
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

// Indeterminate reports whether err is of a change that may have been carried out.
func Indeterminate(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Indeterminate
}

// Message returns the API's own words within err or its causes, or "".
func Message(err error) string {
	return first(err, func(e *Error) string { return e.Message })
}

// RetryAfter returns how long a throttled caller should wait, or zero.
func RetryAfter(err error) time.Duration {
	return first(err, func(e *Error) time.Duration { return e.RetryAfter })
}

// APIName returns the name of the API that err is of, e.g. CloudAPI, or "".
func APIName(err error) string { return first(err, func(e *Error) string { return e.API }) }

// HTTPStatus returns the HTTP status of the API's response that err is of, or 0.
func HTTPStatus(err error) int { return first(err, func(e *Error) int { return e.Status }) }

// first returns what the outermost of err and its causes holds that holds it.
func first[T comparable](err error, of func(*Error) T) (value T) {
	var zero T
	for value == zero {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return zero
		}
		value, err = of(e), e.Err
	}
	return value
}

// kindNames name the kinds of error in what is stored.
var kindNames = map[string]error{
	"invalid": ErrInvalid, "unauthorized": ErrUnauthorized, "forbidden": ErrForbidden, "no-privilege": ErrNoPrivilege,
	"not-found": ErrNotFound, "no-user": ErrNoUser, "conflict": ErrConflict, "limit": ErrLimit, "rejected": ErrRejected,
	"throttled": ErrThrottled, "unavailable": ErrUnavailable, "timeout": ErrTimeout, "not-ready": ErrNotReady,
	"inconsistent": ErrInconsistent, "confirmation": ErrConfirmation,
}

// KindName returns a name for the kind of an error, to store it by, or "" for one
// that is no [*Error].
func KindName(err error) string {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return ""
	}
	for name, kind := range kindNames {
		if e.Kind == kind { //nolint:errorlint // the kinds themselves
			return name
		}
	}
	return ""
}

// KindOfName returns the kind of error with a name from [KindName]; that of any
// other name is ErrUnavailable.
func KindOfName(name string) error {
	if kind, found := kindNames[name]; found {
		return kind
	}
	return ErrUnavailable
}
