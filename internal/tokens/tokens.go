// Package tokens looks after the API tokens that are made for sessions: it renews
// them while their sessions live, and revokes them once the sessions have ended, in
// whatever way. It calls the Auth API outside of requests, so that no person waits
// for it. It does not know pages, cookies or how people sign in. The decision
// record 0020 says why it is built like this and what remains.
package tokens

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
	"keydeck/internal/session"
)

const (
	// maxCalls bounds the concurrent calls of the Auth API.
	maxCalls = 16
	// maxWatched bounds the tokens that are held in memory, at about 2 KB each.
	maxWatched = 20_000
	// maxWaiting bounds the orders that wait for the Auth API.
	maxWaiting = 10_000
	// callTimeout bounds a call of the Auth API, with what it writes to the store.
	callTimeout = 30 * time.Second
	// renewalSlack is how much longer than the next use of a session its token has
	// to last, so that a request in flight does not lose it.
	renewalSlack = time.Minute
	// retireAfter is when the token before a renewal is revoked: longer than any
	// request that was begun with it.
	retireAfter = time.Minute
	// SweepInterval is the time between two sweeps of Run.
	SweepInterval = time.Minute
)

// Authenticator is what a Keeper needs of keys.Authenticator.
type Authenticator interface {
	Renew(ctx context.Context, access keys.Access, ttl time.Duration) (secret.Value, error)
	Revoke(ctx context.Context, access keys.Access, tokenID string) error
	Identify(token secret.Value) (keys.Identity, error)
}

// Sessions is what a Keeper needs of session.Manager.
type Sessions interface {
	Sessions(ctx context.Context, userID string) (live, over []session.Info, err error)
	Has(ctx context.Context, id string) (bool, error)
	ReplaceToken(ctx context.Context, s *session.Session, token secret.Value, id string, expires time.Time) (bool, error)
	Forget(ctx context.Context, userID string, ids ...string) error
}

// Config is what [New] needs.
type Config struct {
	Auth      Authenticator
	Sessions  Sessions
	Idle, Max time.Duration // the limits of sessions

	Now    func() time.Time // time.Now if nil
	Logger *slog.Logger     // discards if nil
}

// Keeper holds the tokens of the sessions that this process has seen. It is safe
// for concurrent use.
type Keeper struct {
	auth     Authenticator
	sessions Sessions
	idle     time.Duration
	max      time.Duration
	now      func() time.Time
	logger   *slog.Logger
	slots    chan struct{}
	work     work
	failing  atomic.Bool // a call has failed since the last sweep

	mu       sync.Mutex
	watched  map[string]held // by session id
	renewing map[string]time.Time
	waiting  []order // for the next sweep
}

// held is the token of a session.
type held struct {
	userID string
	access keys.Access
	token  Token
}

// New returns a Keeper, or an error if cfg is incomplete.
func New(cfg Config) (*Keeper, error) {
	if cfg.Auth == nil || cfg.Sessions == nil || cfg.Idle <= 0 || cfg.Max <= 0 {
		return nil, errors.New("tokens: Auth, Sessions, Idle and Max are needed")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Keeper{
		auth: cfg.Auth, sessions: cfg.Sessions, idle: cfg.Idle, max: cfg.Max, now: cfg.Now, logger: cfg.Logger,
		slots: make(chan struct{}, maxCalls), watched: map[string]held{}, renewing: map[string]time.Time{},
	}, nil
}

// margin is how long a token has to last from a use of its session on.
func (k *Keeper) margin() time.Duration { return k.idle + renewalSlack }

// TTL returns how long a new token lives: what is not revoked expires within it.
func (k *Keeper) TTL() time.Duration { return min(2*k.margin(), k.max) }

// Watch takes note of the token of a session that was started or loaded, so that it
// is revoked when the session has ended. It does nothing for a pasted token.
func (k *Keeper) Watch(s *session.Session, access keys.Access) {
	if !s.TokenOurs || s.TokenID == "" {
		return
	}
	h := held{s.UserID, access, Token{Session: s.ID(), ID: s.TokenID, Contract: access.Contract, Expires: s.TokenExpires}}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, known := k.watched[s.ID()]; known || len(k.watched) < maxWatched {
		k.watched[s.ID()] = h
	}
}

// Gone revokes the tokens of sessions whose record is gone. It is
// for ids that a cookie names and that open nothing; they may be of no session.
func (k *Keeper) Gone(ids ...string) {
	for _, id := range ids {
		k.mu.Lock()
		h, known := k.watched[id]
		k.mu.Unlock()
		if known {
			k.start(func(ctx context.Context) { k.revokeIfGone(ctx, h) })
		}
	}
}

// revokeIfGone revokes a token if there is no record of its session. While the
// store is in trouble it is not known, and the token stays.
func (k *Keeper) revokeIfGone(ctx context.Context, h held) {
	has, err := k.sessions.Has(ctx, h.token.Session)
	if err == nil && !has {
		k.launch(order{Order: Order{UserID: h.userID, Access: h.access, Own: h.token}})
	}
}

// unwatch forgets tokens that are revoked or have expired.
func (k *Keeper) unwatch(tokens ...Token) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, t := range tokens {
		if k.watched[t.Session].token.ID == t.ID {
			delete(k.watched, t.Session)
		}
	}
}
