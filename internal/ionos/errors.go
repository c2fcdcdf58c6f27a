package ionos

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"keydeck/internal/keys"
)

// result returns the outcome of a call as the domain's error, or nil. The SDK's
// own error only shows that it could not decode the response; it is never
// wrapped, since it holds the body.
func (c *call) result(sdk error) error {
	switch {
	case c.err != nil:
		return c.networkError()
	case c.status == 0:
		return c.newError(keys.ErrUnavailable, errors.New("the SDK made no request"))
	case c.status >= http.StatusMultipleChoices:
		return c.statusError()
	case sdk != nil:
		return c.decodeError("is not what was expected")
	}
	return nil
}

func (c *call) newError(kind, cause error) *keys.Error {
	return &keys.Error{Kind: kind, Op: c.name, API: apiNames[c.api], Status: c.status, Err: cause}
}

// networkError is the error of a request without a response.
func (c *call) networkError() error {
	kind := keys.ErrUnavailable
	timeout, _ := errors.AsType[net.Error](c.err)
	if errors.Is(c.err, context.DeadlineExceeded) || timeout != nil && timeout.Timeout() {
		kind = keys.ErrTimeout
	}
	e := c.newError(kind, cause(c.err))
	e.Indeterminate = c.change && !c.neverSent
	return e
}

// decodeError is the error of a response that reports success and lacks the
// expected content.
func (c *call) decodeError(how string) error {
	e := c.newError(keys.ErrUnavailable, fmt.Errorf("status %d, and the response %s", c.status, how))
	e.Indeterminate = c.change
	return e
}

// statusError is the error of a response with an error status.
func (c *call) statusError() error {
	e := c.newError(c.kind(), fmt.Errorf("status %d", c.status))
	e.Message = c.message
	if errors.Is(e.Kind, keys.ErrThrottled) {
		e.RetryAfter = c.retryAfter
	}
	// A gateway's response does not tell what the API behind it did.
	e.Indeterminate = c.change && (errors.Is(e.Kind, keys.ErrUnavailable) || errors.Is(e.Kind, keys.ErrTimeout))
	return e
}

// The words that distinguish the Cloud API's responses with status 422.
const (
	missingKeyWords       = "access key cannot be found"
	missingPrivilegeWords = "access_s3_object_storage"
)

// kind maps the status of an error response to the domain's kind of error.
func (c *call) kind() error {
	words := strings.ToLower(c.message)
	switch c.status {
	case http.StatusUnauthorized:
		return keys.ErrUnauthorized
	case http.StatusForbidden:
		if c.refusesPrivilege || strings.Contains(words, missingPrivilegeWords) {
			return keys.ErrNoPrivilege
		}
		return keys.ErrForbidden
	case http.StatusNotFound:
		if !c.namesResource() {
			return keys.ErrRejected
		}
		return keys.ErrNotFound
	case http.StatusConflict:
		return keys.ErrConflict
	case http.StatusUnprocessableEntity:
		if strings.Contains(words, missingKeyWords) {
			return keys.ErrNotFound
		}
		if strings.Contains(words, missingPrivilegeWords) {
			return keys.ErrNoPrivilege
		}
		return keys.ErrRejected
	case http.StatusTooManyRequests:
		return keys.ErrThrottled
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return keys.ErrTimeout
	}
	if c.status >= 400 && c.status < 500 {
		return keys.ErrRejected
	}
	return keys.ErrUnavailable // 5xx, and redirects, which are not followed
}

// cause describes for the log why there was no response. An error that may
// quote the response, such as net/http's of a malformed one, is described by its
// type alone.
func cause(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, errBodyTooLong, errManyValues, errLongString} {
		if errors.Is(err, known) {
			return known
		}
	}
	if e, ok := errors.AsType[*proxyError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		if proxy := unreachableProxy(e); proxy != nil {
			return proxy
		}
		return errors.New(sanitize(e.Error()))
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return errors.New(sanitize(e.Error()))
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return errors.New(sanitize(e.Error()))
	}
	return fmt.Errorf("connection broken: %T", err)
}
