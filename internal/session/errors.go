package session

import "errors"

var (
	// ErrNoSession is returned for a request without a session: no cookie, a
	// malformed one, one nobody knows, one that has been tampered with, and
	// one that has run out. Callers cannot and need not tell these apart.
	ErrNoSession = errors.New("session: none")

	// ErrNotFound is returned for a record that is absent or has expired.
	ErrNotFound = errors.New("session: no such record")

	// ErrBadRequestID is returned for a request id that is missing, foreign,
	// of another form, or too old.
	ErrBadRequestID = errors.New("session: bad request id")

	errUnsealed = errors.New("session: a record does not open under its session's key")
	errUnloaded = errors.New("session: the session comes from neither Start nor Load")
)
