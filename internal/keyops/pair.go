package keyops

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keys"
	"keydeck/internal/kv"
	"keydeck/internal/secret"
	"keydeck/internal/session"
)

// pairTTL is how long a new pair can be seen again without asking the APIs.
const pairTTL = 10 * time.Minute

// cachedPair is a pair as it is sealed. The secret there is open, since
// secret.Value encodes as "[redacted]".
type cachedPair struct {
	Key    keys.Key
	Secret string
	Kind   Kind // of the change that made it
	// Replaced is the fingerprint of the secret that this one has replaced.
	Replaced string `json:",omitzero"`
}

// pairName names a pair with its owner: under another user's address it is not
// found.
func pairName(owner keys.Owner, accessKey string) string {
	return "pair:" + owner.UserID + ":" + accessKey
}

// cachePair keeps a new pair, so that a page that gets lost on its way does not
// take the secret with it; and of a secret that was lost on its way here, that it
// was. If that fails the pair goes on all the same: the Cloud API returns it
// again. One of many that are created is not cached: nobody looks at it now.
func (s *Service) cachePair(ctx context.Context, r Request, op operation, pair keys.KeyPair) {
	if r.IdempotencyKey != "" {
		return
	}
	plain, err := json.Marshal(cachedPair{pair.Key, pair.Secret.Reveal(), op.Data.Kind, op.Data.SecretFingerprint})
	if err == nil {
		err = record(ctx, func(ctx context.Context) error {
			_, err := s.sessions.Values(r.Session).Set(ctx, pairName(r.Owner, pair.Key.AccessKey), plain, pairTTL)
			return err
		})
	}
	if err != nil && !errors.Is(err, session.ErrNoSession) {
		s.logger.Warn("a new pair was not cached", "id", r.ID, "key", pair.Key.AccessKey, "error", err)
	}
}

// ForgetPair drops a cached pair. ErrStore.
func (s *Service) ForgetPair(ctx context.Context, r Request, accessKey string) error {
	if err := s.sessions.Values(r.Session).Delete(ctx, pairName(r.Owner, accessKey)); err != nil {
		return storeError(err)
	}
	return nil
}

// Pair is a key with its secret, to be shown.
type Pair struct {
	keys.KeyPair
	CachedUntil time.Time // zero for a pair that was not made a moment ago
	Made        Kind      // Create or Renew: which of them has made it a moment ago
	Lost        bool      // the secret of a new key was lost on its way, and is not available
	Unverified  bool      // it is as it was made; whether it still is could not be checked
	Renewed     bool      // the secret is another one than was made in this session
}

// Pair returns a pair from the APIs, or as it was cached when it was made. A cached
// pair is checked before it is shown: another session or person may have renewed
// or deleted the key since. Trouble with the store does not matter. ErrNotFound,
// ErrNotReady.
func (s *Service) Pair(ctx context.Context, r Request, accessKey string) (Pair, error) {
	if !keys.ValidAccessKey(accessKey) {
		return Pair{}, &keys.Error{Kind: keys.ErrNotFound, Op: "read key pair"}
	}
	cached, until, isCached := s.readPair(ctx, r, accessKey)
	pair, err := r.Keys.Pair(ctx, r.Owner, accessKey)
	switch {
	case !isCached:
		return Pair{KeyPair: pair}, err
	case err == nil:
		return verifiedPair(cached, pair, until), nil
	case errors.Is(err, keys.ErrNotReady) && cached.Secret != "":
		// It was made a moment ago: the Cloud API does not return it yet.
		return Pair{
			KeyPair: cached.pair(), CachedUntil: until, Made: cached.Kind,
			Unverified: s.changedSince(ctx, r, accessKey, until.Add(-pairTTL)),
		}, nil
	case !isAny(err, keys.ErrNotReady, keys.ErrInconsistent, keys.ErrUnavailable, keys.ErrTimeout, keys.ErrThrottled) && !isRefusal(err):
		return Pair{}, err
	}
	if refused := s.refusedPair(ctx, r, accessKey, until.Add(-pairTTL), err); refused != nil {
		return Pair{}, refused
	}
	s.logger.Warn("a new pair could not be checked", "id", r.ID, "key", accessKey, "error", err)
	return Pair{
		KeyPair: cached.pair(), CachedUntil: until, Made: cached.Kind,
		Lost: cached.Secret == "", Unverified: cached.Secret != "",
	}, nil
}

// isRefusal reports whether an API refuses what it was asked, and not the token.
func isRefusal(err error) bool {
	return isAny(err, keys.ErrRejected, keys.ErrForbidden, keys.ErrNoPrivilege)
}

// refusedPair is why a cached pair that could not be checked is not shown, if it is not:
// the API that created the key does not list it any more, or forbids the person to see
// it as well. err is why it could not be checked.
func (s *Service) refusedPair(ctx context.Context, r Request, accessKey string, made time.Time, err error) error {
	l, listErr := r.Keys.ListForChange(ctx, r.Owner)
	k, listed := l.Find(accessKey)
	switch {
	case isAny(listErr, keys.ErrUnauthorized, keys.ErrNoUser):
		return listErr
	case isAny(listErr, keys.ErrForbidden, keys.ErrNoPrivilege) && isRefusal(err):
		return err
	case listErr != nil, listed && k.Status != keys.StatusDestroying:
		return nil
	case !listed && s.now().Sub(made) < keys.SpreadTimeout:
		return nil // a list may not have it yet
	default:
		return &keys.Error{Kind: keys.ErrNotFound, Op: "read key pair", Err: err}
	}
}

// changedSince reports whether a key may have been renewed or deleted elsewhere
// after its pair was made. A change in the same session drops the pair. One that the
// Cloud API does not return after SpreadTimeout may have been deleted since the other
// API listed it.
func (s *Service) changedSince(ctx context.Context, r Request, accessKey string, made time.Time) bool {
	if s.now().Sub(made) >= keys.SpreadTimeout {
		return true
	}
	l, err := s.load(ctx, r.Owner)
	if err != nil {
		return true
	}
	return slices.ContainsFunc(l.Operations(), func(op operation) bool {
		changes := (op.Data.Kind == Renew || op.Data.Kind == Delete) && op.State != idempotency.Failed
		return changes && op.Data.AccessKey == accessKey && op.Data.Session != r.Session.ID() &&
			(!op.State.Determinate() || !op.Updated.Before(made.Truncate(time.Millisecond)))
	})
}

// verifiedPair compares a cached pair with what the APIs return. That the Cloud API
// may return the replaced secret for a moment after a renewal is not documented,
// nor is the opposite.
func verifiedPair(cached cachedPair, now keys.KeyPair, until time.Time) Pair {
	if !now.Key.KnownFrom.Has(keys.Management) { // which alone tells, as it did when it made the pair
		now.Key.Admin = now.Key.Admin || cached.Key.Admin
	}
	kept := keys.KeyPair{Key: now.Key, Secret: cached.pair().Secret}
	switch {
	case cached.Secret == "" || kept.Secret.Equal(now.Secret):
		return Pair{KeyPair: now, CachedUntil: until, Made: cached.Kind, Lost: now.Secret.IsZero()}
	case now.Secret.IsZero() || now.Secret.Fingerprint() == cached.Replaced:
		return Pair{KeyPair: kept, CachedUntil: until, Made: cached.Kind, Unverified: true}
	default:
		return Pair{KeyPair: now, Renewed: true}
	}
}

func (c cachedPair) pair() keys.KeyPair {
	return keys.KeyPair{Key: c.Key, Secret: secret.New(c.Secret)}
}

// readPair returns the cached pair, if there is one.
func (s *Service) readPair(ctx context.Context, r Request, accessKey string) (cached cachedPair, until time.Time, found bool) {
	plain, until, err := s.sessions.Values(r.Session).Get(ctx, pairName(r.Owner, accessKey))
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		s.logger.Warn("a cached pair was not read", "id", r.ID, "error", err)
	}
	if err != nil || json.Unmarshal(plain, &cached) != nil {
		return cachedPair{}, time.Time{}, false
	}
	return cached, until, true
}

func isAny(err error, kinds ...error) bool {
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
