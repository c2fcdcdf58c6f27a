package web

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus"

	"keydeck/internal/attempts"
	"keydeck/internal/audit"
	"keydeck/internal/forwarded"
	"keydeck/internal/keys"
	"keydeck/internal/roll"
	"keydeck/internal/session"
	"keydeck/static"
	"keydeck/views/links"
)

// Config is what the console depends on.
type Config struct {
	Auth       keys.Authenticator
	Prober     keys.Prober // of S3 endpoints
	Sessions   *session.Manager
	SessionMax time.Duration // how long a token that is made at sign-in lives

	Sandbox  bool      // the APIs are the sandbox: every page says so
	Accounts []Account // to sign in as with one click; the sandbox's

	PublicURL string         // what browsers use, where it differs; may be empty
	Proxies   []netip.Prefix // whose X-Forwarded-* are believed
	Version   string

	Audit    *audit.Log            // nil is none
	Attempts *attempts.Guard       // slows the guessing of passwords down
	Logger   *slog.Logger          // nil is none
	Registry prometheus.Registerer // nil is no metrics
	Now      func() time.Time      // nil is time.Now
	Budget   time.Duration         // for one request to be answered; zero is half a minute
}

// Account is offered on the sign-in page of the sandbox.
type Account struct {
	Email, Password, Name, Note string
}

// defaultBudget is what a request gets to be answered with a page, whatever
// the APIs do. It is below the limits of the server that the console runs in.
const defaultBudget = 30 * time.Second

// postLimit is how many changes one session may ask for: more than any hands
// do, less than would use up a contract's requests to the APIs.
var postLimit = middleware.RateLimiterMemoryStoreConfig{Rate: 10, Burst: 100, ExpiresIn: 10 * time.Minute}

// Server is the console as an http.Handler.
type Server struct {
	auth       keys.Authenticator
	prober     keys.Prober
	sessions   *session.Manager
	sessionMax time.Duration
	sandbox    bool
	accounts   []Account
	links      links.Links
	assets     *static.Assets
	logger     *slog.Logger
	now        func() time.Time
	budget     time.Duration
	posts      *middleware.RateLimiterMemoryStore
	catalogue  regionCache
	rolls      *roll.Cache
	auditLog   *audit.Log
	guard      *attempts.Guard
	handler    http.Handler
}

// New makes the console, or says what is wrong with the configuration.
func New(cfg Config) (*Server, error) {
	if cfg.Auth == nil || cfg.Prober == nil || cfg.Sessions == nil || cfg.Attempts == nil || cfg.SessionMax <= 0 {
		return nil, errors.New("web: Auth, Prober, Sessions, Attempts and SessionMax are needed")
	}
	public, err := url.Parse(cfg.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("web: public address: %w", err)
	}
	assets, err := static.New()
	if err != nil {
		return nil, fmt.Errorf("web: assets: %w", err)
	}
	s := &Server{
		auth: cfg.Auth, prober: cfg.Prober, sessions: cfg.Sessions, sessionMax: cfg.SessionMax,
		auditLog: cfg.Audit, guard: cfg.Attempts,
		sandbox: cfg.Sandbox, accounts: cfg.Accounts,
		links:  links.Links{Base: strings.TrimSuffix(public.Path, "/")},
		assets: assets,
		logger: cfg.Logger, now: cfg.Now,
		budget: cmp.Or(cfg.Budget, defaultBudget),
		posts:  middleware.NewRateLimiterMemoryStoreWithConfig(postLimit),
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.rolls = roll.NewCache(roll.Config{Now: s.now})
	router, err := s.router(cfg, public)
	if err != nil {
		return nil, err
	}
	s.handler = forwarded.Wrap(forwarded.Config{Public: public, Trusted: cfg.Proxies}, router)
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
