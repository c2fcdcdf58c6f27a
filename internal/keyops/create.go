package keyops

import (
	"context"
	"errors"

	"keydeck/internal/keys"
)

// Create creates a key for a user, whose description a managed user's key cannot
// have. ErrInvalid for a description that cannot be, ErrLimit with five keys, [ErrHasKey]
// where the request forbids another one, all before anything is created;
// ErrNoPrivilege, ErrRejected; [InProgressError]; [ErrRepeated].
func (s *Service) Create(ctx context.Context, r Request, idempotencyKey, description string) (Result, error) {
	description, err := keys.CleanDescription(description)
	if err != nil {
		return Result{}, err
	}
	return s.execute(ctx, r, Change{Kind: Create, Shown: r.shown()}, plan{
		id: idempotencyKey, keyed: true,
		prepare: func(ctx context.Context, _ []operation, c *Change) (bool, error) {
			list, err := r.Keys.ListForChange(ctx, r.Owner)
			switch {
			case err != nil:
				return false, err
			case r.FirstKey && len(list.Keys) > 0:
				return false, ErrHasKey
			}
			return true, c.checkpointCreation(list, description)
		},
		apply: func(ctx context.Context, _ *Change) (keys.KeyPair, error) { return create(ctx, r, description) },
	})
}

// CreateSuccessor creates a key to replace another one of its owner: with the same
// description, where an API tells it, and a record of the rotation. Both keys stay as
// they are.
// ErrNotFound, ErrConflict for a key that is being created or deleted; else as
// Create.
func (s *Service) CreateSuccessor(ctx context.Context, r Request, idempotencyKey, accessKey string) (Result, error) {
	var description string
	return s.execute(ctx, r, Change{Kind: Create, Predecessor: accessKey}, plan{
		id: idempotencyKey, keyed: true,
		prepare: func(ctx context.Context, _ []operation, c *Change) (bool, error) {
			k, list, err := r.Keys.Find(ctx, r.Owner, accessKey)
			switch {
			case err != nil:
				return false, err
			case !list.Capabilities(k).Rotate:
				return false, notAllowed("rotate key", list, keys.Management)
			}
			description = keys.NormalizeDescription(k.Description)
			return true, c.checkpointCreation(list, description)
		},
		apply: func(ctx context.Context, _ *Change) (keys.KeyPair, error) { return create(ctx, r, description) },
	})
}

// checkpointCreation notes the keys there are, or refuses a sixth.
func (c *Change) checkpointCreation(list keys.Listing, description string) error {
	if list.Full() {
		return limitReached(nil)
	}
	c.DescriptionDigest = digest(description)
	for _, k := range list.Keys {
		c.ExistingKeys = append(c.ExistingKeys, k.AccessKey)
	}
	return nil
}

// create asks the API that creates the owner's keys.
func create(ctx context.Context, r Request, description string) (pair keys.KeyPair, err error) {
	if r.Owner.Managed {
		pair, err = r.Remote.CreateUserKey(ctx, r.Owner.UserID)
		if errors.Is(err, keys.ErrNotFound) {
			err = &keys.Error{Kind: keys.ErrNoUser, Op: "create user's key", Err: err}
		}
	} else {
		pair, err = r.Remote.CreateOwnKey(ctx, description)
	}
	if errors.Is(err, keys.ErrRejected) && !keys.Indeterminate(err) {
		// The answer to a sixth key is not documented: another key may have come in
		// between.
		if after, listErr := r.Keys.ListForChange(ctx, r.Owner); listErr == nil && after.Full() {
			return keys.KeyPair{}, limitReached(err)
		}
	}
	return pair, err
}

func limitReached(cause error) error {
	return &keys.Error{Kind: keys.ErrLimit, Op: "create key", Err: cause}
}

// notAllowed says why a change is not possible that needs one of the APIs.
func notAllowed(op string, l keys.Listing, needs keys.Source) error {
	if err := l.Failed(needs); err != nil {
		return err
	}
	return &keys.Error{Kind: keys.ErrConflict, Op: op, Err: errors.New("the key's state does not allow it")}
}
