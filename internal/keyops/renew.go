package keyops

import (
	"context"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// Renew puts a new secret in place of the present one of one of the person's own
// keys. ErrNotFound, ErrConflict, ErrRejected, [ErrRepeated].
func (s *Service) Renew(ctx context.Context, r Request, idempotencyKey, accessKey string) (Result, error) {
	var resourceID string
	return s.execute(ctx, r, Change{Kind: Renew, AccessKey: accessKey}, plan{
		id: idempotencyKey, keyed: true,
		prepare: func(ctx context.Context, _ []operation, c *Change) (bool, error) {
			var k keys.Key
			var list keys.Listing
			var err error
			var before keys.KeyPair
			parallel.Do(
				func() { before, _ = r.Remote.UserKeyPair(ctx, r.Owner.UserID, accessKey) },
				func() { k, list, err = r.Keys.Find(ctx, r.Owner, accessKey) },
			)
			switch {
			case err != nil:
				return false, err
			case !list.Capabilities(k).Renew:
				return false, notAllowed("renew secret", list, keys.Management)
			}
			resourceID, c.SecretFingerprint = k.ResourceID, before.Secret.Fingerprint()
			return true, nil
		},
		apply: func(ctx context.Context, _ *Change) (keys.KeyPair, error) {
			return r.Remote.RenewOwnKey(ctx, resourceID)
		},
	})
}
