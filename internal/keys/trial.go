package keys

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Prober asks an S3 endpoint one harmless question. It keeps the wire of S3
// out of the rules.
type Prober interface {
	// ListBuckets asks the endpoint of a region for the buckets that a pair
	// opens, once and within a bounded time. It follows no redirect.
	ListBuckets(ctx context.Context, at Region, pair KeyPair) Probe
}

// Probe is what came of a question to an endpoint.
type Probe struct {
	Buckets int           // how many there are, when it was answered
	Code    string        // S3's word for why not, e.g. "InvalidAccessKeyId"
	Trouble Trouble       // why there is neither
	Took    time.Duration // until the answer
	Ahead   time.Duration // how far this clock is ahead of the endpoint's, if the endpoint told
	Err     error         // the cause of the trouble, for the log
}

// Trouble is why an endpoint gave no answer of S3.
type Trouble int

// The troubles with an endpoint.
const (
	NoTrouble      Trouble = iota
	NoConnection           // no such host, nothing listens, or broken off
	NoAnswer               // in the time there was
	BadCertificate         // it may not be who it says
	Redirected             // to elsewhere, which is not followed
	Failing                // an error of its own, or too much to do
	NotStorage             // an answer, and none of S3
)

// Finding is what a trial of a key has shown.
type Finding int

// The findings.
const (
	Works Finding = iota
	NotSpread
	Deactivated
	WrongSecret
	NoPermission
	WrongEndpoint // it is for another kind of buckets than the key
	ClockDiffers
	OutOfReach
)

// Trial is a test of a key at an endpoint.
type Trial struct {
	Finding
	Probe
	Again bool // the endpoint may say otherwise in a moment
}

// SpreadTime is how long a key that was made, activated or renewed may take to
// be known to the endpoints before something else is taken to be wrong.
const SpreadTime = 30 * time.Second

// TrialOf is a key to be tried.
type TrialOf struct {
	Pair   KeyPair
	Fresh  bool          // the secret was made a moment ago
	At     Region        // one that the API named
	Asked  []Asked       // what this session has asked for and may be under way
	Waited time.Duration // since the first try
}

// Try tries a key at an endpoint and says in what state that shows it to be.
// S3 has one word for several states, so the key is read again where it is in
// doubt. ErrNotFound when it is gone.
func (s *Service) Try(ctx context.Context, prober Prober, owner Owner, t TrialOf) (Trial, error) {
	if !t.Pair.Key.WorksIn(t.At.ID) {
		return Trial{Finding: WrongEndpoint}, nil
	}
	trial := Trial{Probe: prober.ListBuckets(ctx, t.At, t.Pair)}
	trial.Finding = findingOf(trial.Probe)
	if trial.Finding != NotSpread && trial.Finding != WrongSecret {
		return trial, nil
	}
	k, l, err := s.Find(ctx, owner, t.Pair.Key.AccessKey)
	waiting := t.Waited < SpreadTime
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrUnauthorized):
		return Trial{}, err
	case trial.Finding == NotSpread && s.inactive(k, l, t.Asked, waiting):
		trial.Finding = Deactivated
	case trial.Finding == WrongSecret && t.Fresh && waiting:
		trial.Finding, trial.Again = NotSpread, true
	case trial.Finding == NotSpread:
		trial.Again = waiting
	}
	return trial, nil
}

// inactive reports whether a key is deactivated, or about to be. While there is
// time to wait, one that is being activated is not.
func (s *Service) inactive(k Key, l Listing, asked []Asked, waiting bool) bool {
	activating := slices.ContainsFunc(asked, func(a Asked) bool {
		return a.AccessKey == k.AccessKey && a.Wish == WishActive && s.now().Sub(a.At) <= askedFor
	})
	if activating && waiting {
		return false
	}
	k, _ = l.Expecting(asked, s.now()).Find(k.AccessKey)
	return k.Activity == Inactive
}

// What S3 calls a refusal.
var (
	unknownKeyCodes   = []string{"InvalidAccessKeyId"}
	wrongSecretCodes  = []string{"SignatureDoesNotMatch"}
	clockCodes        = []string{"RequestTimeTooSkewed", "RequestExpired"}
	noPermissionCodes = []string{"AccessDenied", "AccountProblem", "AllAccessDisabled", "NotSignedUp", "UserSuspended"}
)

// findingOf is what the endpoint's answer says by itself.
func findingOf(p Probe) Finding {
	is := func(codes []string) bool { return slices.Contains(codes, p.Code) }
	switch {
	case p.Trouble != NoTrouble:
		return OutOfReach
	case p.Code == "":
		return Works
	case is(unknownKeyCodes):
		return NotSpread
	case is(wrongSecretCodes):
		return WrongSecret
	case is(clockCodes):
		return ClockDiffers
	case is(noPermissionCodes):
		return NoPermission
	default:
		return OutOfReach
	}
}
