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

	"keydeck/internal/audit"
	"keydeck/internal/contractkeys"
	"keydeck/internal/directory"
	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/loginlimit"
	"keydeck/internal/offboard"
	"keydeck/internal/proxyheaders"
	"keydeck/internal/regions"
	"keydeck/internal/session"
	"keydeck/internal/tokens"
	"keydeck/static"
	"keydeck/views/links"
)

// Config is what the console depends on.
type Config struct {
	Auth     keys.Authenticator
	Checker  keys.Checker // of S3 endpoints
	Sessions *session.Manager
	Tokens   *tokens.Keeper // of the tokens that are made at sign-in
	Changes  *keyops.Service
	Batches  *keybatch.Service
	Offboard *offboard.Service

	Sandbox  bool      // the APIs are the sandbox: every page says so
	Accounts []Account // to sign in as with one click; the sandbox's

	KeyMaxAge time.Duration // from which age on a key is marked as old; zero for none

	PublicURL string         // what browsers use, where it differs; may be empty
	Proxies   []netip.Prefix // whose X-Forwarded-* are believed

	Audit    *audit.Log            // nil is none
	Attempts *loginlimit.Limiter   // slows the guessing of passwords down
	Logger   *slog.Logger          // nil is none
	Registry prometheus.Registerer // nil is no metrics
	Now      func() time.Time      // nil is time.Now
	Budget   time.Duration         // for one request to be answered; zero is half a minute
	Patience time.Duration         // for APIs, before a page is begun with what is known; zero waits for the whole page
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
	auth      keys.Authenticator
	checker   keys.Checker
	sessions  *session.Manager
	changes   *keyops.Service
	batches   *keybatch.Service
	offboard  *offboard.Service
	tokens    *tokens.Keeper
	sandbox   bool
	accounts  []Account
	links     links.Links
	public    *url.URL // what browsers use; without a host where that is not configured
	assets    *static.Assets
	logger    *slog.Logger
	now       func() time.Time
	budget    time.Duration
	patience  time.Duration
	maxAge    time.Duration // of a key that is not marked as old; zero marks none
	posts     *middleware.RateLimiterMemoryStore
	catalogue *regions.Cache
	users     *directory.Cache
	reports   *contractkeys.Cache
	auditLog  *audit.Log
	actions   map[string]audit.Action // by method and route
	guard     *loginlimit.Limiter
	handler   http.Handler
}

// New makes the console, or says what is wrong with the configuration.
func New(cfg Config) (*Server, error) {
	if cfg.Auth == nil || cfg.Checker == nil || cfg.Sessions == nil || cfg.Changes == nil || cfg.Batches == nil || cfg.Offboard == nil || cfg.Attempts == nil || cfg.Tokens == nil {
		return nil, errors.New("web: Auth, Checker, Sessions, Changes, Batches, Offboard, Attempts and Tokens are needed")
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
		auth: cfg.Auth, checker: cfg.Checker, sessions: cfg.Sessions, changes: cfg.Changes, batches: cfg.Batches, offboard: cfg.Offboard, tokens: cfg.Tokens,
		auditLog: cfg.Audit, actions: map[string]audit.Action{}, guard: cfg.Attempts,
		sandbox: cfg.Sandbox, accounts: cfg.Accounts,
		public: public,
		links:  links.Links{Base: strings.TrimSuffix(public.Path, "/")},
		assets: assets,
		logger: cfg.Logger, now: cfg.Now,
		budget: cmp.Or(cfg.Budget, defaultBudget),
		maxAge: cfg.KeyMaxAge, patience: cfg.Patience,
		posts: middleware.NewRateLimiterMemoryStoreWithConfig(postLimit),
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.users = directory.NewCache(directory.Config{Now: s.now})
	s.reports = contractkeys.NewCache(contractkeys.Config{Users: s.users, Now: s.now})
	s.catalogue = regions.NewCache(s.now)
	router, err := s.router(cfg, public)
	if err != nil {
		return nil, err
	}
	s.handler = proxyheaders.Wrap(proxyheaders.Config{Public: public, Trusted: cfg.Proxies}, router)
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
