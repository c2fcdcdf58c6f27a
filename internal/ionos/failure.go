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

// failure is what an exchange came to, as the domain's error: nil when it went
// well. The SDK's own error counts only as a sign that it could not read an
// answer; it is never wrapped, for it holds the body.
func (x *exchange) failure(sdk error) error {
	switch {
	case x.err != nil:
		return x.unanswered()
	case x.status == 0:
		return x.fail(keys.ErrUnavailable, errors.New("the SDK made no request"))
	case x.status >= http.StatusMultipleChoices:
		return x.refused()
	case sdk != nil:
		return x.unreadable("is not what was expected")
	}
	return nil
}

func (x *exchange) fail(kind, cause error) *keys.Error {
	return &keys.Error{Kind: kind, Op: x.name, Err: cause}
}

// unanswered is the failure of a request that got no answer.
func (x *exchange) unanswered() error {
	kind := keys.ErrUnavailable
	timeout, _ := errors.AsType[net.Error](x.err)
	if errors.Is(x.err, context.DeadlineExceeded) || timeout != nil && timeout.Timeout() {
		kind = keys.ErrTimeout
	}
	e := x.fail(kind, cause(x.err))
	e.Unclear = x.change && !x.unsent
	return e
}

// unreadable is the failure of an answer that says that all went well and then
// does not say what.
func (x *exchange) unreadable(how string) error {
	e := x.fail(keys.ErrUnavailable, fmt.Errorf("status %d, and the answer %s", x.status, how))
	e.Unclear = x.change
	return e
}

// refused is the failure of an answer that is an error.
func (x *exchange) refused() error {
	e := x.fail(x.kind(), fmt.Errorf("status %d", x.status))
	e.Message = x.message
	if errors.Is(e.Kind, keys.ErrThrottled) {
		e.RetryAfter = x.retryAfter
	}
	// What a gateway says for an API may not be what the API did.
	e.Unclear = x.change && (errors.Is(e.Kind, keys.ErrUnavailable) || errors.Is(e.Kind, keys.ErrTimeout))
	return e
}

// The words by which the Cloud API tells apart what it answers 422 to.
const (
	missingKeyWords       = "access key cannot be found"
	missingPrivilegeWords = "access_s3_object_storage"
)

// kind sorts an answer that is an error.
func (x *exchange) kind() error {
	words := strings.ToLower(x.message)
	switch x.status {
	case http.StatusUnauthorized:
		return keys.ErrUnauthorized
	case http.StatusForbidden:
		if x.refusesPrivilege || strings.Contains(words, missingPrivilegeWords) {
			return keys.ErrNoPrivilege
		}
		return keys.ErrForbidden
	case http.StatusNotFound:
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
	if x.status >= 400 && x.status < 500 {
		return keys.ErrRejected
	}
	return keys.ErrUnavailable // 5xx, and redirects, which are not followed
}

// cause describes for the log why there was no answer. Errors that may quote
// the answer, such as net/http's of a malformed one, are named by type alone.
func cause(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, errBodyTooLong} {
		if errors.Is(err, known) {
			return known
		}
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return errors.New(plain(e.Error()))
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return errors.New(plain(e.Error()))
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return errors.New(plain(e.Error()))
	}
	return fmt.Errorf("connection broken: %T", err)
}
