package keys

import (
	"context"
	"errors"
	"time"

	"keydeck/internal/parallel"
)

// Pair gives one of a user's keys with its secret, which the Cloud API keeps.
// ErrNotFound, also for a key that is being deleted; ErrNotReady for a key so new
// that the Cloud API does not give it yet, ErrInconsistent for an older one that is
// listed and that it does not give.
func (s *Service) Pair(ctx context.Context, owner Owner, accessKey string) (KeyPair, error) {
	switch {
	case !ValidAccessKey(accessKey):
		return KeyPair{}, notFound("read key pair")
	case owner.Managed:
		return s.managedPair(ctx, owner, accessKey)
	default:
		return s.ownPair(ctx, owner, accessKey)
	}
}

// managedPair asks the list about a key that is not found: it holds new ones at
// once.
func (s *Service) managedPair(ctx context.Context, owner Owner, accessKey string) (KeyPair, error) {
	var pair KeyPair
	var marked []Key
	var err error
	parallel.Do(
		func() { pair, err = s.remote.UserKeyPair(ctx, owner.UserID, accessKey) },
		func() { marked = s.administrative(ctx, owner) },
	)
	if !errors.Is(err, ErrNotFound) {
		pair.Key = mark(pair.Key, marked)
		return pair, err
	}
	list, listErr := s.remote.UserKeys(ctx, owner.UserID)
	if listErr != nil {
		return KeyPair{}, noUser(listErr)
	}
	if k, listed := NewListing(owner, list).Find(accessKey); listed && k.Status != StatusDestroying {
		return KeyPair{}, s.notGiven(k, err)
	}
	return KeyPair{}, err
}

func (s *Service) ownPair(ctx context.Context, owner Owner, accessKey string) (KeyPair, error) {
	var pair KeyPair
	var management []Key
	var pairErr, listErr error
	parallel.Do(
		func() { pair, pairErr = s.remote.UserKeyPair(ctx, owner.UserID, accessKey) },
		func() { management, listErr = s.remote.OwnKeys(ctx) },
	)
	k, listed := NewListing(owner, management).Find(accessKey)
	switch {
	case pairErr == nil && listed:
		pair.Key = Merge([]Key{k}, []Key{pair.Key})[0]
		return pair, nil
	case errors.Is(pairErr, ErrNotFound) && listed && k.Status != StatusDestroying:
		return KeyPair{}, s.notGiven(k, pairErr)
	case errors.Is(pairErr, ErrNotFound) && listErr != nil && !errors.Is(listErr, ErrNoPrivilege):
		return KeyPair{}, listErr // it may be a new one
	case pairErr != nil && listErr != nil:
		return KeyPair{}, preferError(pairErr, listErr)
	default:
		return pair, pairErr
	}
}

// SpreadTimeout is the age from which a key is not so new that the Cloud API does
// not return it yet (measured: some hundred milliseconds).
const SpreadTimeout = 30 * time.Second

// notGiven is the error for a key that is listed and that the Cloud API does not find.
func (s *Service) notGiven(k Key, err error) error {
	kind := ErrNotReady
	if !k.Created.IsZero() && s.now().Sub(k.Created) >= SpreadTimeout && k.Status != StatusProvisioning {
		kind = ErrInconsistent
	}
	return &Error{Kind: kind, Op: "read key pair", Err: err}
}
