package keyops

import (
	"context"
	"slices"

	"keydeck/internal/keys"
)

// Delete starts deleting one of a user's keys. The state is read right before:
// ErrConfirmation unless confirm is what [keys.Listing.ToDelete] asks for then.
// ErrNotFound, ErrRejected, ErrConflict; ErrActive where the request forbids it;
// ErrDescribing. A key that is being deleted already is no error.
func (s *Service) Delete(ctx context.Context, r Request, accessKey, confirm string) (Result, error) {
	var resourceID string
	p := r.plan()
	p.prepare = func(ctx context.Context, earlier []operation, c *Change) (bool, error) {
		k, list, err := r.Keys.Find(ctx, r.Owner, accessKey)
		if err != nil {
			return false, err
		}
		resourceID, c.Cloud = k.ResourceID, k.ResourceID == ""
		return s.needsDelete(ctx, r, list, earlier, accessKey, confirm)
	}
	p.apply = func(ctx context.Context, c *Change) (keys.KeyPair, error) {
		if resourceID != "" {
			return keys.KeyPair{}, r.Remote.DeleteOwnKey(ctx, resourceID)
		}
		change, err := r.Remote.DeleteUserKey(ctx, r.Owner.UserID, accessKey)
		c.RequestID = change.RequestID
		return keys.KeyPair{}, err
	}
	return s.execute(ctx, r, Change{Kind: Delete, AccessKey: accessKey, Shown: r.shown()}, p)
}

// needsDelete reports whether the API is to be asked, in view of pending changes. A
// deletion counts as pending where the API has accepted it and still works on it.
func (s *Service) needsDelete(ctx context.Context, r Request, list keys.Listing, earlier []operation, accessKey, confirm string) (bool, error) {
	if s.undecided(earlier, Describe, accessKey) {
		return false, ErrDescribing
	}
	earlier = slices.DeleteFunc(earlier, func(op operation) bool {
		if op.Data.Kind != Delete || op.Data.AccessKey != accessKey {
			return false
		}
		p := pendingOf(op)
		return !p.Accepted() || !r.Keys.InProgress(ctx, p)
	})
	list = list.Project(r.Keys.Unrefused(ctx, list, pendingChanges(earlier)), s.now())
	k, _ := list.Find(accessKey)
	switch {
	case k.Status == keys.StatusDestroying:
		return false, nil
	case !list.Capabilities(k).Delete:
		return false, &keys.Error{Kind: keys.ErrNoPrivilege, Op: "delete key"}
	case r.InactiveOnly && k.Activity != keys.Inactive:
		return false, ErrActive
	case r.InactiveOnly && confirm == keys.LastCharacters(accessKey):
		return true, nil // more than a key takes that is not the last one
	case !list.ToDelete(accessKey).Accepts(accessKey, confirm):
		return false, &keys.Error{Kind: keys.ErrConfirmation, Op: "delete key"}
	}
	return true, nil
}
