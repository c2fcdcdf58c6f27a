package keys

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Checker sends a harmless request to an S3 endpoint. It keeps the S3 protocol
// out of this package.
type Checker interface {
	// ListBuckets requests the list of buckets from a region's endpoint with a
	// key pair, once and within a bounded time. It follows no redirect.
	ListBuckets(ctx context.Context, at Region, pair KeyPair) EndpointResult
}

// EndpointResult is the outcome of a request to an endpoint.
type EndpointResult struct {
	Buckets     int           // how many the endpoint lists
	Code        string        // S3's error code, e.g. "InvalidAccessKeyId"; empty after a success
	Failure     Failure       // why there is no S3 response
	Took        time.Duration // until the response
	ClockOffset time.Duration // this clock minus the endpoint's; 0 if that is not known
	Err         error         // the cause of Failure, for the log
}

// Failure is the reason why an endpoint gave no S3 response.
type Failure int

// The failures of an endpoint.
const (
	NoFailure      Failure = iota
	NoConnection           // no such host, nothing listens, or the connection broke
	NoResponse             // within the timeout
	BadCertificate         // the endpoint cannot prove its identity
	Redirected             // to another host, which is not followed
	ServerError            // status 5xx or 429
	NotS3                  // a response of another protocol
)

// Verdict is what a check shows about a key.
type Verdict int

// The verdicts.
const (
	Works Verdict = iota
	NotPropagated
	Deactivated
	WrongSecret
	NoPermission
	WrongEndpoint // it serves another kind of buckets than the key is for
	ClockSkew
	Unreachable
)

// Check is the outcome of a check of a key at an endpoint.
type Check struct {
	Verdict
	EndpointResult
	Again bool // the verdict may change within PropagationTime
}

// PropagationTime is how long the endpoints may take to know a key that was
// created, activated or renewed. After it another cause is assumed.
const PropagationTime = 30 * time.Second

// CheckRequest describes a key to check.
type CheckRequest struct {
	Pair    KeyPair
	Fresh   bool            // the secret was created recently
	At      Region          // one that the API named
	Pending []PendingChange // changes that may still be carried out
	Waited  time.Duration   // since the first check
}

// CheckKey checks a key at an endpoint. S3 has one error code for several
// states, so CheckKey reads the key again if the code is ambiguous. It returns
// ErrNotFound if the key no longer exists, and ErrUnauthorized if the token is
// no longer valid.
func (s *Service) CheckKey(ctx context.Context, checker Checker, owner Owner, r CheckRequest) (Check, error) {
	if !r.Pair.Key.WorksIn(r.At) {
		return Check{Verdict: WrongEndpoint}, nil
	}
	check := Check{EndpointResult: checker.ListBuckets(ctx, r.At, r.Pair)}
	check.Verdict = verdictOf(check.EndpointResult)
	if check.Verdict != NotPropagated && check.Verdict != WrongSecret {
		return check, nil
	}
	k, list, err := s.Find(ctx, owner, r.Pair.Key.AccessKey)
	if err == nil {
		r.Pending = s.Unrefused(ctx, list, r.Pending)
	}
	waiting := r.Waited < PropagationTime
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrUnauthorized):
		return Check{}, err
	case check.Verdict == NotPropagated && s.inactive(k, r.Pending, waiting):
		check.Verdict = Deactivated
	case check.Verdict == WrongSecret && r.Fresh && waiting:
		check.Verdict, check.Again = NotPropagated, true
	case check.Verdict == NotPropagated:
		check.Again = waiting
	}
	return check, nil
}

// inactive reports whether a key is deactivated, or about to be. While waiting,
// a key whose activation is pending is not.
func (s *Service) inactive(k Key, pending []PendingChange, waiting bool) bool {
	activating := slices.ContainsFunc(pending, func(p PendingChange) bool {
		return p.AccessKey == k.AccessKey && p.Desired == DesiredActive && s.now().Sub(p.At) <= acceptedTimeout
	})
	if activating && waiting {
		return false
	}
	deactivating := slices.ContainsFunc(pending, func(p PendingChange) bool {
		return p.AccessKey == k.AccessKey && p.Desired == DesiredInactive && p.Counts(s.now())
	})
	return deactivating || k.Activity == Inactive
}

// S3's error codes by what they say about a key.
var (
	unknownKeyCodes   = []string{"InvalidAccessKeyId"}
	wrongSecretCodes  = []string{"SignatureDoesNotMatch"}
	clockCodes        = []string{"RequestTimeTooSkewed", "RequestExpired"}
	noPermissionCodes = []string{"AccessDenied", "AccountProblem", "AllAccessDisabled", "NotSignedUp", "UserSuspended"}
)

// verdictOf returns the verdict that an endpoint's response alone supports.
func verdictOf(r EndpointResult) Verdict {
	is := func(codes []string) bool { return slices.Contains(codes, r.Code) }
	switch {
	case r.Failure != NoFailure:
		return Unreachable
	case r.Code == "":
		return Works
	case is(unknownKeyCodes):
		return NotPropagated
	case is(wrongSecretCodes):
		return WrongSecret
	case is(clockCodes):
		return ClockSkew
	case is(noPermissionCodes):
		return NoPermission
	default:
		return Unreachable
	}
}
