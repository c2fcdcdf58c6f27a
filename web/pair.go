package web

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/session"
)

// keepFor is how long a new pair can be seen again without asking the APIs.
const keepFor = 10 * time.Minute

// keptPair is a pair as it is sealed. The secret there is open, since Secret
// itself encodes as "[redacted]".
type keptPair struct {
	Key    keys.Key
	Secret string
}

// keptName names a pair with its owner: under another user's address it is not
// found.
func keptName(owner keys.Owner, accessKey string) string {
	return "pair:" + owner.UserID + ":" + accessKey
}

// keepPair keeps a new pair at hand, so that a page that gets lost on its way
// does not take the secret with it; and of a secret that was lost on its way
// here, that it was. If that fails the pair goes on all the same: the Cloud API
// gives it again.
func (s *Server) keepPair(ctx context.Context, v *visit, pair keys.KeyPair) {
	err := insist(ctx, func() error { return s.keep(ctx, v, pair) })
	if err != nil && !errors.Is(err, session.ErrNoSession) {
		s.logger.Warn("a new pair was not kept", "id", requestIDOf(v), "key", pair.Key.AccessKey, "error", err)
	}
}

func (s *Server) keep(ctx context.Context, v *visit, pair keys.KeyPair) error {
	plain, err := json.Marshal(keptPair{pair.Key, pair.Secret.Reveal()})
	if err != nil {
		return err
	}
	_, err = s.sessions.Keep(ctx, v.session, keptName(v.owner, pair.Key.AccessKey), plain, keepFor)
	return err
}

// forgetPair drops a kept pair.
func (s *Server) forgetPair(ctx context.Context, v *visit, accessKey string) error {
	if err := s.sessions.Forget(ctx, v.session, keptName(v.owner, accessKey)); err != nil {
		return storeTrouble(err)
	}
	return nil
}

// shownPair is a pair for a page or a download.
type shownPair struct {
	keys.KeyPair
	keptUntil time.Time // zero for a pair that was not made a moment ago
	lost      bool      // the secret of a new key was lost on its way, and is not to be had
}

// pair gives a pair: as it was kept when it was made, or from the
// APIs. Trouble with the store keeps nobody from the APIs.
func (s *Server) pair(v *visit, accessKey string) (shownPair, error) {
	if !keys.ValidAccessKey(accessKey) {
		return shownPair{}, &keys.Error{Kind: keys.ErrNotFound, Op: "read key"}
	}
	ctx := v.Request().Context()
	plain, until, err := s.sessions.Recall(ctx, v.session, keptName(v.owner, accessKey))
	var kept keptPair
	isKept := err == nil && json.Unmarshal(plain, &kept) == nil
	if isKept && kept.Secret != "" {
		return shownPair{KeyPair: keys.KeyPair{Key: kept.Key, Secret: keys.NewSecret(kept.Secret)}, keptUntil: until}, nil
	}
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		s.logger.Warn("a kept pair was not read", "id", requestIDOf(v), "error", err)
	}
	pair, err := v.keys.Pair(ctx, v.owner, accessKey)
	if isKept && isAny(err, keys.ErrNotReady, keys.ErrUnavailable, keys.ErrTimeout, keys.ErrThrottled) {
		s.logger.Warn("the secret of a new key is not to be had", "id", requestIDOf(v), "key", accessKey, "error", err)
		return shownPair{KeyPair: keys.KeyPair{Key: kept.Key}, keptUntil: until, lost: true}, nil
	}
	return shownPair{KeyPair: pair}, err
}

// describePair has a kept pair show another description.
func (s *Server) describePair(ctx context.Context, v *visit, accessKey, description string) {
	name := keptName(v.owner, accessKey)
	plain, until, err := s.sessions.Recall(ctx, v.session, name)
	var kept keptPair
	if err != nil || json.Unmarshal(plain, &kept) != nil {
		return
	}
	kept.Key.Description = description
	if plain, err = json.Marshal(kept); err == nil {
		_, err = s.sessions.Keep(ctx, v.session, name, plain, until.Sub(s.now()))
	}
	if err != nil {
		s.logger.Warn("a kept pair was not described", "id", requestIDOf(v), "error", err)
	}
}
