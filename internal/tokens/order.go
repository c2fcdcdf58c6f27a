package tokens

import (
	"context"
	"errors"
	"slices"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// Token names a token of ours.
type Token struct {
	Session  string // id of its session; "" for a session that never started
	ID       string
	Contract string // to name to the API; "" for none
	Expires  time.Time
}

// Order is what to revoke of one user's tokens.
type Order struct {
	UserID string
	Access keys.Access // whose token revokes the others
	Tokens []Token
	Own    Token // the token of Access, to be revoked last; zero to leave it
}

// order is an Order that may have to wait.
type order struct {
	Order
	after time.Time // not before
}

// errFailing is the error of a token that was not tried, because a call has failed
// since the last sweep: an API that hangs does not hold a goroutine for each token.
var errFailing = errors.New("tokens: the Auth API is failing")

// Revoke revokes tokens in the background. A token that is held is revoked with
// itself, so that no token waits for another. What fails is tried again by the
// next sweep, until it expires.
func (k *Keeper) Revoke(o Order) {
	var rest []Token
	for _, t := range o.Tokens {
		if h, ok := k.heldToken(t); ok {
			k.launch(order{Order: Order{UserID: h.userID, Access: h.access, Own: h.token}})
		} else {
			rest = append(rest, t)
		}
	}
	o.Tokens = rest
	if len(o.Tokens) > 0 || o.Own.ID != "" {
		k.launch(order{Order: o})
	}
}

func (k *Keeper) heldToken(t Token) (held, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	h, ok := k.watched[t.Session]
	return h, ok && h.token.ID == t.ID
}

// launch carries out an order in the background. It has the caller's token from now
// on: a sweep that revoked it would take from the order what revokes the others.
func (k *Keeper) launch(o order) {
	k.unwatch(o.Own)
	k.start(func(ctx context.Context) { k.carryOut(ctx, o) })
}

// carryOut revokes what an order names. The token that revokes the others comes
// last, and only when none of them is left.
func (k *Keeper) carryOut(ctx context.Context, o order) {
	errs := make([]error, len(o.Tokens))
	parallel.Each(o.Tokens, maxCalls, func(i int, t Token) { errs[i] = k.revoke(ctx, o.Access, t) })
	var revoked, left []Token
	for i, t := range o.Tokens {
		switch {
		case errs[i] == nil:
			revoked = append(revoked, t)
		case !errors.Is(errs[i], keys.ErrUnauthorized): // else it takes another token
			left = append(left, t)
		}
	}
	o.Tokens = left
	if o.Own.ID != "" && len(left) == 0 {
		// A token that is refused has ended.
		if err := k.revoke(ctx, o.Access, o.Own); err == nil || errors.Is(err, keys.ErrUnauthorized) {
			revoked, o.Own = append(revoked, o.Own), Token{}
		}
	}
	k.unwatch(revoked...)
	k.forget(ctx, o.UserID, revoked)
	if len(o.Tokens) > 0 || o.Own.ID != "" {
		k.wait(o)
	}
}

// revoke revokes a token. One that has ended before is no error; ErrUnauthorized
// means that the token of access has.
func (k *Keeper) revoke(ctx context.Context, access keys.Access, t Token) error {
	k.slots <- struct{}{}
	defer func() { <-k.slots }()
	if k.failing.Load() {
		return errFailing
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	access.Contract = t.Contract
	err := k.auth.Revoke(ctx, access, t.ID)
	switch {
	case errors.Is(err, keys.ErrNotFound):
		return nil
	case err != nil && !errors.Is(err, keys.ErrUnauthorized):
		k.failing.Store(true)
		k.logger.Warn("a token was not revoked", "token", t.ID, "error", err)
	}
	return err
}

// forget deletes the index entries of revoked tokens' sessions. An entry that
// stays costs one more call at the next sweep.
func (k *Keeper) forget(ctx context.Context, userID string, revoked []Token) {
	var ids []string
	for _, t := range revoked {
		if t.Session != "" {
			ids = append(ids, t.Session)
		}
	}
	if len(ids) == 0 {
		return
	}
	if err := k.sessions.Forget(ctx, userID, ids...); err != nil {
		k.logger.Warn("an ended session stays in the index", "error", err)
	}
}

// wait keeps an order for a later sweep, without the tokens that have expired.
func (k *Keeper) wait(o order) {
	now := k.now()
	expired := func(t Token) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }
	o.Tokens = slices.DeleteFunc(o.Tokens, expired)
	if expired(o.Own) {
		return // and with it what revokes the others
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.waiting) < maxWaiting {
		k.waiting = append(k.waiting, o)
	} else if o.Own.Session != "" { // to be found by the next sweep
		k.watched[o.Own.Session] = held{o.UserID, o.Access, o.Own}
	}
}
