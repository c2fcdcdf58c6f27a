package session

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"keydeck/internal/kv"
)

// touchInterval is the shortest time between two writes of a session's last use;
// less if the idle limit is so short that a session in use would end.
const touchInterval = time.Minute

// Config is what [New] needs.
type Config struct {
	Store kv.Store
	Idle  time.Duration // an unused session ends after this time
	Max   time.Duration // every session ends after this time

	Now    func() time.Time // time.Now if nil
	Random io.Reader        // crypto/rand.Reader if nil

	// Secure reports whether the cookie for a request gets the attribute
	// Secure; if nil, every cookie does.
	Secure     func(*http.Request) bool
	CookiePath string // "/" if empty

	// Port returns the port that browsers send a request to, or "" for the
	// default one; if nil, it is that of the Host header.
	Port func(*http.Request) string
}

// Manager starts, finds and ends sessions, and stores their operations, values
// and activities. It is safe for concurrent use.
type Manager struct {
	store   *store
	backend kv.Store
	idle    time.Duration
	max     time.Duration
	touch   time.Duration
	now     func() time.Time
	random  io.Reader

	appended atomic.Uint64 // activities
}

// New returns a Manager, or an error that says what is wrong with cfg.
func New(cfg Config) (*Manager, error) {
	cfg.CookiePath = cmp.Or(cfg.CookiePath, "/")
	switch {
	case cfg.Store == nil:
		return nil, errors.New("session: no store")
	case cfg.Idle <= 0 || cfg.Max <= 0:
		return nil, errors.New("session: the idle and the absolute limit must be above zero")
	case !validCookiePath(cfg.CookiePath):
		return nil, errors.New("session: the cookie path must begin with / and have no blanks, semicolons or other than ASCII")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Secure == nil {
		cfg.Secure = func(*http.Request) bool { return true }
	}
	if cfg.Port == nil {
		cfg.Port = hostPort
	}
	return &Manager{
		store: &store{
			backend: cfg.Store, random: cfg.Random, idle: cfg.Idle,
			cookies: cookies{path: cfg.CookiePath, secure: cfg.Secure, port: cfg.Port},
		},
		backend: cfg.Store, idle: cfg.Idle, max: cfg.Max,
		touch: min(touchInterval, cfg.Idle/4),
		// Without zone and monotonic reading, which the store does not keep:
		// a session that is loaded equals the one that was started.
		now:    func() time.Time { return cfg.Now().UTC().Round(0) },
		random: cfg.Random,
	}, nil
}
