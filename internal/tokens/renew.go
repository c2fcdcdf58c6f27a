package tokens

import (
	"context"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/session"
)

// renewalInterval is the shortest time between two attempts to renew a token.
const renewalInterval = time.Minute

// Renew makes another token for a session in the background if its own would
// expire before the session does. The token before is revoked a minute later, when
// no request uses it any more.
func (k *Keeper) Renew(s *session.Session, access keys.Access) {
	if !k.due(s) {
		return
	}
	renewed := *s
	k.start(func(ctx context.Context) {
		if err := k.renew(ctx, &renewed, access); err != nil {
			k.logger.Warn("a token was not renewed", "token", renewed.TokenID, "error", err)
		}
	})
}

// due reports whether a session's token is to be renewed, once in an interval.
func (k *Keeper) due(s *session.Session) bool {
	now := k.now()
	needed := now.Add(k.margin())
	if s.Expires.Before(needed) {
		needed = s.Expires
	}
	// The token is made shortly before the session starts.
	if !s.TokenOurs || s.TokenExpires.IsZero() || !s.TokenExpires.Add(renewalSlack/2).Before(needed) {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if now.Sub(k.renewing[s.ID()]) < renewalInterval {
		return false
	}
	k.renewing[s.ID()] = now
	return true
}

func (k *Keeper) renew(ctx context.Context, s *session.Session, access keys.Access) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	made := k.now()
	token, err := k.auth.Renew(ctx, access, min(k.TTL(), s.Expires.Sub(made)))
	if err != nil {
		return err
	}
	identity, err := k.auth.Identify(token)
	if err != nil {
		return err
	}
	expires := identity.Expires
	if expires.IsZero() {
		expires = made.Add(k.TTL())
	}
	next := Token{Session: s.ID(), ID: identity.TokenID, Contract: access.Contract, Expires: expires}
	with := keys.Access{Token: token, Contract: access.Contract}
	replaced, err := k.sessions.ReplaceToken(ctx, s, token, identity.TokenID, expires)
	if !replaced { // it has ended, or another request was faster
		next.Session = ""
		k.launch(order{Order: Order{UserID: s.UserID, Access: with, Own: next}})
		return err
	}
	before := Token{ID: s.TokenID, Contract: access.Contract, Expires: s.TokenExpires}
	k.wait(order{Order: Order{UserID: s.UserID, Access: access, Own: before}, after: made.Add(retireAfter)})
	s.TokenID, s.TokenExpires = next.ID, expires
	k.Watch(s, with)
	return err
}
