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

func (s *Server) keep(ctx context.Context, v *visit, pair keys.KeyPair) error {
	if pair.Secret.IsZero() {
		return nil
	}
	plain, err := json.Marshal(keptPair{pair.Key, pair.Secret.Reveal()})
	if err != nil {
		return err
	}
	_, err = s.sessions.Keep(ctx, v.session, keptName(v.owner, pair.Key.AccessKey), plain, keepFor)
	return err
}

// shownPair is a pair for a page or a download.
type shownPair struct {
	keys.KeyPair
	keptUntil time.Time // zero for a pair that was not made a moment ago
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
	if err == nil && json.Unmarshal(plain, &kept) == nil {
		return shownPair{keys.KeyPair{Key: kept.Key, Secret: keys.NewSecret(kept.Secret)}, until}, nil
	}
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		s.logger.Warn("a kept pair was not read", "id", requestIDOf(v), "error", err)
	}
	pair, err := v.keys.Pair(ctx, v.owner, accessKey)
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
