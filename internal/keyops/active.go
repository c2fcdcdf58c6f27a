package keyops

import (
	"context"

	"keydeck/internal/keys"
)

// SetActive activates or deactivates one of a user's keys, asynchronously. The
// state is read right before. ErrNotFound; ErrConflict for a key that is being
// created or deleted; ErrConfirmation for the only active key, unless confirm is
// what [keys.Listing.ToDeactivate] asks for.
//
// A key that is in the desired state, or is known to be about to be, is left
// alone. Where the last change says otherwise, or it is not known whether the API
// accepted it, the API is asked again, which does no harm.
func (s *Service) SetActive(ctx context.Context, r Request, accessKey string, active bool, confirm string) (Result, error) {
	c := Change{Kind: Deactivate, AccessKey: accessKey, Cloud: true, Shown: r.shown()}
	if active {
		c.Kind = Activate
	}
	p := r.plan()
	p.prepare = func(ctx context.Context, earlier []operation, _ *Change) (bool, error) {
		k, list, err := r.Keys.Find(ctx, r.Owner, accessKey)
		if err != nil {
			return false, err
		}
		if !list.Capabilities(k).Toggle {
			return false, notAllowed("change key", list, keys.Cloud)
		}
		return s.needsToggle(ctx, r, k, list, pendingChanges(earlier), c.Kind, confirm)
	}
	p.apply = func(ctx context.Context, c *Change) (keys.KeyPair, error) {
		change, err := r.Remote.SetUserKeyActive(ctx, r.Owner.UserID, accessKey, active)
		c.RequestID = change.RequestID
		return keys.KeyPair{}, err
	}
	return s.execute(ctx, r, c, p)
}

// needsToggle reports whether the API is to be asked, in view of pending changes.
func (s *Service) needsToggle(ctx context.Context, r Request, k keys.Key, list keys.Listing, pending []keys.PendingChange, kind Kind, confirm string) (bool, error) {
	desired, _ := kind.desired()
	last, counts := keys.PendingFor(pending, k.AccessKey, s.now())
	agrees := !counts || last.Desired == desired
	switch {
	case agrees && k.Activity == desired.Activity():
		return false, nil
	case counts && agrees && last.Accepted() && r.Keys.InProgress(ctx, last):
		return false, nil
	case kind == Deactivate && !list.Project(r.Keys.Unrefused(ctx, list, pending), s.now()).ToDeactivate(k.AccessKey).Accepts(k.AccessKey, confirm):
		return false, &keys.Error{Kind: keys.ErrConfirmation, Op: "deactivate key"}
	}
	return true, nil
}
