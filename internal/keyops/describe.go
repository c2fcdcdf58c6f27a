package keyops

import (
	"context"

	"keydeck/internal/keys"
)

// Describe gives one of the person's own keys another description. ErrInvalid for
// one that cannot be, ErrNotFound, ErrConflict, ErrRejected.
func (s *Service) Describe(ctx context.Context, r Request, accessKey, description string) (Result, error) {
	c := Change{Kind: Describe, AccessKey: accessKey}
	description, err := keys.CleanDescription(description)
	if err != nil {
		r.Audit(c.Kind, c.AccessKey, err)
		return Result{}, err
	}
	c.DescriptionDigest = digest(description)
	var resourceID string
	return s.execute(ctx, r, c, plan{
		id: newID(),
		prepare: func(ctx context.Context, _ []operation, _ *Change) (bool, error) {
			k, list, err := r.Keys.Find(ctx, r.Owner, accessKey)
			switch {
			case err != nil:
				return false, err
			case !list.Capabilities(k).Describe:
				return false, notAllowed("describe key", list, keys.Management)
			}
			resourceID = k.ResourceID
			return k.Description != description, nil
		},
		apply: func(ctx context.Context, _ *Change) (keys.KeyPair, error) {
			return keys.KeyPair{}, r.Remote.DescribeOwnKey(ctx, resourceID, description)
		},
	})
}
