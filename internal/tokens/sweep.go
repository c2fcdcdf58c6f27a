package tokens

import (
	"context"
	"slices"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/internal/session"
)

// sweepConcurrency bounds the people whose sessions are read at the same time.
const sweepConcurrency = 8

// Run sweeps at intervals until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	ticker := time.NewTicker(SweepInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			k.Sweep(ctx)
		}
	}
}

// Sweep revokes the tokens of all sessions that have ended without this process
// seeing it: idle, past their limit, ended by another console that has stopped
// since, or lost with the store. It can do so for every person of whom it holds a
// token. It takes one call of the store a person.
func (k *Keeper) Sweep(ctx context.Context) {
	k.failing.Store(false)
	orders, people := k.collect()
	for _, o := range orders {
		k.launch(o)
	}
	var ids []string
	for id := range people {
		ids = append(ids, id)
	}
	parallel.Each(ids, sweepConcurrency, func(_ int, userID string) { k.sweepPerson(ctx, userID, people[userID]) })
}

// SweepPerson revokes, in the background, what tokens of a person's ended sessions
// are left, with the token of a session that has just started.
func (k *Keeper) SweepPerson(userID string) {
	k.start(func(ctx context.Context) { k.sweepPerson(ctx, userID, k.heldOf(userID)) })
}

// collect returns the orders that are due, and what is held for each person. It
// drops what has expired.
func (k *Keeper) collect() (due []order, people map[string][]held) {
	now := k.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	people = map[string][]held{}
	for id, h := range k.watched {
		if !h.token.Expires.IsZero() && !now.Before(h.token.Expires) {
			delete(k.watched, id)
			continue
		}
		people[h.userID] = append(people[h.userID], h)
	}
	for id, tried := range k.renewing {
		if now.Sub(tried) >= renewalInterval {
			delete(k.renewing, id)
		}
	}
	k.waiting = slices.DeleteFunc(k.waiting, func(o order) bool {
		if now.Before(o.after) {
			return false
		}
		due = append(due, o)
		return true
	})
	return due, people
}

// heldOf returns what is held for one person.
func (k *Keeper) heldOf(userID string) (tokens []held) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, h := range k.watched {
		if h.userID == userID {
			tokens = append(tokens, h)
		}
	}
	return tokens
}

func (k *Keeper) sweepPerson(ctx context.Context, userID string, tokens []held) {
	live, over, err := k.sessions.Sessions(ctx, userID)
	if err != nil {
		k.logger.Warn("ended sessions were not looked for", "error", err)
		return
	}
	ended := map[string]bool{}
	var left []Token
	for _, info := range over {
		if info.TokenOurs && info.TokenID != "" {
			ended[info.ID] = true
			left = append(left, TokenOf(info))
		}
	}
	var access keys.Access // of a session that goes on
	for _, h := range tokens {
		switch isLive := slices.ContainsFunc(live, func(info session.Info) bool { return info.ID == h.token.Session }); {
		case isLive:
			access = h.access
		case !ended[h.token.Session]:
			k.revokeIfGone(ctx, h)
		}
	}
	if access.Token.IsZero() {
		// Only tokens that are held can be revoked, each with itself.
		left = slices.DeleteFunc(left, func(t Token) bool { _, ok := k.heldToken(t); return !ok })
	}
	k.Revoke(Order{UserID: userID, Access: access, Tokens: left})
}

// TokenOf returns the token of a session in the index.
func TokenOf(info session.Info) Token {
	return Token{Session: info.ID, ID: info.TokenID, Contract: info.TokenContract, Expires: info.TokenExpires}
}
