package keyops

import (
	"context"

	"slices"

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
		prepare: func(ctx context.Context, earlier []operation, _ *Change) (bool, error) {
			k, list, err := r.Keys.Find(ctx, r.Owner, accessKey)
			switch {
			case err != nil:
				return false, err
			case s.undecided(earlier, Delete, accessKey):
				return false, &keys.Error{Kind: keys.ErrConflict, Op: "describe key"}
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

// undecided reports whether a change of a key may still be carried out by a request on
// its way. A description that arrives after the deletion of its key creates another key
// in its place: a PUT of the Management API makes one where it finds none.
func (s *Service) undecided(operations []operation, kind Kind, accessKey string) bool {
	return slices.ContainsFunc(operations, func(op operation) bool {
		return op.Data.Kind == kind && op.Data.AccessKey == accessKey &&
			!op.State.Determinate() && s.now().Sub(op.Acquired) < settleTimeout
	})
}
