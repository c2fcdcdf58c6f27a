package session

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"time"
)

// touchEvery is how often the last use of a session is written at most;
// shorter where the idle limit is so short that a busy session would end.
const touchEvery = time.Minute

// Config is what sessions depend on.
type Config struct {
	Backend Backend
	Idle    time.Duration // unused for this long, a session ends
	Max     time.Duration // after this long it ends in any case

	Now    func() time.Time // time.Now if nil
	Random io.Reader        // crypto/rand.Reader if nil

	// Secure reports whether a request's cookie is to be marked Secure; if
	// nil, each is.
	Secure     func(*http.Request) bool
	CookiePath string // "/" if empty
}

// Manager starts, finds and ends sessions, and keeps their operations and
// values. It is safe for concurrent use.
type Manager struct {
	store   *store
	backend Backend
	idle    time.Duration
	max     time.Duration
	touch   time.Duration
	opening string // see Operation.Opening
	now     func() time.Time
	random  io.Reader
}

// New returns a Manager, or says what is wrong with the configuration.
func New(cfg Config) (*Manager, error) {
	cfg.CookiePath = cmp.Or(cfg.CookiePath, "/")
	switch {
	case cfg.Backend == nil:
		return nil, errors.New("session: no backend")
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
	return &Manager{
		store: &store{
			backend: cfg.Backend, random: cfg.Random, idle: cfg.Idle,
			cookies: cookies{path: cfg.CookiePath, secure: cfg.Secure},
		},
		backend: cfg.Backend, idle: cfg.Idle, max: cfg.Max,
		touch: min(touchEvery, cfg.Idle/4), opening: openingOf(cfg.Backend),
		// Neither zone nor monotonic reading: both are lost in the store, and
		// a session is to be the same before and after.
		now:    func() time.Time { return cfg.Now().UTC().Round(0) },
		random: cfg.Random,
	}, nil
}
