package keys

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Service applies the rules about keys for one signed-in person. Its methods
// return an [*Error], or a context's error, when they fail.
type Service struct {
	remote Remote
	now    func() time.Time
}

// NewService returns the rules for the person whom remote speaks for. now is
// time.Now if nil.
func NewService(remote Remote, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{remote, now}
}

// List lists a user's keys: the person's own from both APIs, a managed user's
// as the Cloud API tells of them.
func (s *Service) List(ctx context.Context, owner Owner) (Listing, error) {
	if owner.Managed {
		return s.userKeys(ctx, owner)
	}
	return s.ownKeys(ctx, owner)
}

// Find finds one of a user's keys. ErrNotFound when all APIs that were asked
// have answered and none knows it; else the reason why it cannot be told.
func (s *Service) Find(ctx context.Context, owner Owner, accessKey string) (Key, Listing, error) {
	if !ValidAccessKey(accessKey) {
		return Key{}, Listing{}, notFound("find key")
	}
	l, err := s.List(ctx, owner)
	if err != nil {
		return Key{}, Listing{}, err
	}
	return find(l, accessKey)
}

// ownKeys lists the person's own keys. Both APIs are asked at the same time,
// each once. One of them failing leaves what the other knows, and Listing says
// what is missing; it is an error if both fail, or if the token is refused.
func (s *Service) ownKeys(ctx context.Context, owner Owner) (Listing, error) {
	var management, cloud []Key
	var managementErr, cloudErr error
	both(
		func() { management, managementErr = s.remote.OwnKeys(ctx) },
		func() { cloud, cloudErr = s.remote.UserKeys(ctx, owner.UserID) },
	)
	if err := refused(managementErr, cloudErr); err != nil {
		return Listing{}, err
	}
	if ctx.Err() != nil && managementErr != nil && cloudErr != nil {
		return Listing{}, worse(managementErr, cloudErr)
	}
	switch noPrivilege := errors.Is(managementErr, ErrNoPrivilege); {
	case noPrivilege:
		l := newListing(owner, cloud)
		l.NoPrivilege = true
		return l, nil
	case managementErr != nil && cloudErr != nil:
		return Listing{}, worse(managementErr, cloudErr)
	case managementErr != nil:
		l := newListing(owner, cloud)
		l.Missing, l.Cause = Management, managementErr
		return l, nil
	case cloudErr != nil:
		l := newListing(owner, management)
		l.Missing, l.Cause = Cloud, cloudErr
		return l, nil
	default:
		return newListing(owner, join(management, cloud)), nil
	}
}

// userKeys lists a user's keys as the Cloud API tells of them: without
// descriptions, states and regions.
func (s *Service) userKeys(ctx context.Context, owner Owner) (Listing, error) {
	list, err := s.remote.UserKeys(ctx, owner.UserID)
	if errors.Is(err, ErrNoPrivilege) {
		l := newListing(owner, nil)
		l.NoPrivilege = true
		return l, nil
	}
	if err != nil {
		return Listing{}, noUser(err)
	}
	return newListing(owner, list), nil
}

func find(l Listing, accessKey string) (Key, Listing, error) {
	k, found := l.Find(accessKey)
	switch {
	case found:
		return k, l, nil
	case l.Missing != 0:
		return Key{}, l, l.Cause
	default:
		return Key{}, l, notFound("find key")
	}
}

// ChangeState tells how far a change has come. ErrNotFound.
func (s *Service) ChangeState(ctx context.Context, change Change) (ChangeState, error) {
	return s.remote.ChangeState(ctx, change)
}

// Regions lists the regions with their endpoints.
func (s *Service) Regions(ctx context.Context) ([]Region, error) { return s.remote.Regions(ctx) }

// noUser says of a list that was not found that the user is not there.
func noUser(err error) error {
	if errors.Is(err, ErrNotFound) {
		return &Error{Kind: ErrNoUser, Op: "list user's keys", Err: err}
	}
	return err
}

func notFound(op string) error { return &Error{Kind: ErrNotFound, Op: op} }

// both runs two calls at the same time.
func both(one, other func()) {
	var calls sync.WaitGroup
	calls.Go(other)
	one()
	calls.Wait()
}

// refused returns the error that says that the token is dead, if one does: it
// counts more than anything else that went wrong.
func refused(errs ...error) error {
	for _, err := range errs {
		if errors.Is(err, ErrUnauthorized) {
			return err
		}
	}
	return nil
}

// worse picks the error to be told when both calls failed: one that says how
// long to wait, else the first.
func worse(one, other error) error {
	if errors.Is(other, ErrThrottled) {
		return other
	}
	return one
}
