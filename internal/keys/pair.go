package keys

import (
	"context"
	"errors"
)

// Pair gives one of a user's keys with its secret, which the Cloud API keeps.
// ErrNotFound; ErrNotReady for a key so new that the Cloud API does not give
// it yet.
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
	pair, err := s.remote.UserKeyPair(ctx, owner.UserID, accessKey)
	if !errors.Is(err, ErrNotFound) {
		return pair, err
	}
	list, listErr := s.remote.UserKeys(ctx, owner.UserID)
	if listErr != nil {
		return KeyPair{}, noUser(listErr)
	}
	if _, listed := newListing(owner, list).Find(accessKey); listed {
		return KeyPair{}, &Error{Kind: ErrNotReady, Op: "read key pair", Err: err}
	}
	return KeyPair{}, err
}

func (s *Service) ownPair(ctx context.Context, owner Owner, accessKey string) (KeyPair, error) {
	var pair KeyPair
	var management []Key
	var pairErr, listErr error
	both(
		func() { pair, pairErr = s.remote.UserKeyPair(ctx, owner.UserID, accessKey) },
		func() { management, listErr = s.remote.OwnKeys(ctx) },
	)
	if err := refused(pairErr, listErr); err != nil {
		return KeyPair{}, err
	}
	k, listed := newListing(owner, management).Find(accessKey)
	switch {
	case pairErr == nil && listed:
		pair.Key = join([]Key{k}, []Key{pair.Key})[0]
		return pair, nil
	case errors.Is(pairErr, ErrNotFound) && listed:
		return KeyPair{}, &Error{Kind: ErrNotReady, Op: "read key pair", Err: pairErr}
	case errors.Is(pairErr, ErrNotFound) && listErr != nil && !errors.Is(listErr, ErrNoPrivilege):
		return KeyPair{}, listErr // it may be a new one
	default:
		return pair, pairErr
	}
}
