package session

import "errors"

var (
	// ErrNoSession is returned for a request without a session: its cookie is
	// missing, malformed, unknown, changed or of a session that has expired.
	ErrNoSession = errors.New("session: none")

	// ErrBadIdempotencyKey is returned for a key that is missing, foreign, of
	// another form, or too old.
	ErrBadIdempotencyKey = errors.New("session: bad idempotency key")

	errUnsealed = errors.New("session: a record does not open under its session's key")
	errUnloaded = errors.New("session: the session comes from neither Start nor Load")
)
