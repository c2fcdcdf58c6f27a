package keys

import (
	"context"
	"errors"
	"time"

	"keydeck/internal/parallel"
)

// Service reads the keys that one signed-in person may see, and joins what the
// APIs say of them. Its methods return an [*Error], or a context's error, when
// they fail. Package keyops changes keys.
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
// have answered and none lists it; else the error that leaves it open.
func (s *Service) Find(ctx context.Context, owner Owner, accessKey string) (Key, Listing, error) {
	if !ValidAccessKey(accessKey) {
		return Key{}, Listing{}, notFound("find key")
	}
	l, err := s.List(ctx, owner)
	if err != nil {
		return Key{}, Listing{}, err
	}
	if owner.Managed && l.NoPrivilege {
		return Key{}, l, l.Refusal // of the only list there is
	}
	return find(l, accessKey)
}

// ownKeys lists the person's own keys. Both APIs are asked at the same time,
// each once. One of them failing leaves what the other knows, and Listing says
// what is missing; it is an error if both fail.
func (s *Service) ownKeys(ctx context.Context, owner Owner) (Listing, error) {
	var management, cloud []Key
	var managementErr, cloudErr error
	parallel.Do(
		func() { management, managementErr = s.remote.OwnKeys(ctx) },
		func() { cloud, cloudErr = s.remote.UserKeys(ctx, owner.UserID) },
	)
	noPrivilege := errors.Is(managementErr, ErrNoPrivilege)
	if managementErr != nil && cloudErr != nil && (!noPrivilege || ctx.Err() != nil) {
		return Listing{}, preferError(managementErr, cloudErr)
	}
	l := NewListing(owner, Merge(management, cloud))
	switch {
	case noPrivilege:
		l.NoPrivilege, l.Refusal = true, managementErr
	case managementErr != nil:
		l.Missing, l.Cause = Management, managementErr
	}
	if cloudErr != nil && (!noPrivilege || !errors.Is(cloudErr, ErrNoPrivilege)) {
		l.Missing, l.Cause = Cloud, cloudErr
	}
	return l, nil
}

// userKeys lists a user's keys as the Cloud API tells of them: without
// descriptions, states and regions.
func (s *Service) userKeys(ctx context.Context, owner Owner) (Listing, error) {
	var list, marked []Key
	var err error
	parallel.Do(
		func() { list, err = s.remote.UserKeys(ctx, owner.UserID) },
		func() { marked = s.administrative(ctx, owner) },
	)
	if errors.Is(err, ErrNoPrivilege) {
		l := NewListing(owner, nil)
		l.NoPrivilege, l.Refusal = true, err
		return l, nil
	}
	if err != nil {
		return Listing{}, noUser(err)
	}
	return NewListing(owner, markAll(list, marked)), nil
}

// ListForChange lists a user's keys by the API that creates and deletes them: the
// Management API for one's own, the Cloud API for a managed user's. ErrNoUser,
// ErrNoPrivilege.
func (s *Service) ListForChange(ctx context.Context, owner Owner) (Listing, error) {
	var list []Key
	var err error
	if owner.Managed {
		list, err = s.remote.UserKeys(ctx, owner.UserID)
		err = noUser(err)
	} else {
		list, err = s.remote.OwnKeys(ctx)
	}
	if err != nil {
		return Listing{}, err
	}
	return NewListing(owner, list), nil
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

// preferError picks the error to return when both calls failed: that the token
// is refused counts more than anything else that went wrong, and then how long
// to wait.
func preferError(one, other error) error {
	for _, kind := range []error{ErrUnauthorized, ErrThrottled} {
		switch {
		case errors.Is(one, kind):
			return one
		case errors.Is(other, kind):
			return other
		}
	}
	return one
}

// TokenAccepted reports whether an API still accepts the person's token that
// another one has refused with err. An API that does not answer has not refused
// it. userID is the person's own.
func (s *Service) TokenAccepted(ctx context.Context, userID string, err error) bool {
	var other error
	if APIName(err) == CloudAPI {
		_, other = s.remote.OwnKeys(ctx)
	} else {
		_, other = s.remote.User(ctx, userID)
	}
	return !errors.Is(other, ErrUnauthorized)
}
