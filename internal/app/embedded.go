package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"keydeck/internal/sandbox"
)

// sandboxTimeout leaves room for the delays that can be configured in the
// sandbox to imitate a slow API.
const sandboxTimeout = 15 * time.Minute

// SandboxConfig configures a sandbox.
type SandboxConfig struct {
	Addr           string
	StorageAddr    string        // of the S3 endpoint; empty for none
	Users          int           // as in sandbox.Config
	Provisioning   time.Duration // as in sandbox.Config
	Propagation    time.Duration // as in sandbox.Config
	SpecialSecrets bool          // as in sandbox.Config
	RealEndpoints  bool          // as in sandbox.Config
	SuspendedKeys  bool          // as in sandbox.Config
	Seed           string        // a file for sandbox.Config.Seed; empty for none
	Expose         bool          // let it listen on other than loopback addresses
	Logger         *slog.Logger
	Now            func() time.Time
}

// Account is an account of the sandbox.
type Account = sandbox.Account

// SeedError is a sandbox that cannot start with what it was given: mostly a
// seed file that cannot be read or used.
type SeedError struct{ err error }

func (e *SeedError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *SeedError) Unwrap() error { return e.err }

// APIs holds the URLs of the three APIs.
type APIs struct{ Cloud, Auth, Management string }

// embedded is the sandbox with listeners of its own: the console calls it over
// HTTP, like the real APIs.
type embedded struct {
	*endpoint
	storage *endpoint // nil without an S3 endpoint
	apis    *sandbox.Sandbox
}

// embedSandbox binds the S3 endpoint first, since the APIs name it. After an
// error it returns what has been bound, which the caller closes.
func embedSandbox(cfg SandboxConfig) (_ *embedded, err error) {
	e := &embedded{}
	var seed []byte
	if cfg.Seed != "" {
		if seed, err = os.ReadFile(cfg.Seed); err != nil {
			return e, &SeedError{err}
		}
	}
	storageURL := ""
	if cfg.StorageAddr != "" {
		if e.storage, err = bindSandbox(Storage, cfg.StorageAddr, cfg); err != nil {
			return e, err
		}
		storageURL = e.storage.url()
	}
	e.apis, err = sandbox.New(sandbox.Config{
		Users: cfg.Users, Provisioning: cfg.Provisioning, Propagation: cfg.Propagation, SpecialSecrets: cfg.SpecialSecrets,
		MaxTokens: sandbox.MaxTokens, RealEndpoints: cfg.RealEndpoints, SuspendedKeys: cfg.SuspendedKeys, Seed: seed, StorageURL: storageURL, Now: cfg.Now,
	})
	if err != nil {
		return e, &SeedError{err}
	}
	if e.endpoint, err = bindSandbox(Sandbox, cfg.Addr, cfg); err != nil {
		return e, err
	}
	e.server.Handler = guardControls(e.apis, cfg.Expose)
	e.server.ConnContext = e.apis.ConnContext
	e.server.ReadTimeout, e.server.WriteTimeout = sandboxTimeout, sandboxTimeout
	if e.storage != nil {
		e.storage.server.Handler = e.apis.Storage()
		e.storage.server.ReadTimeout, e.storage.server.WriteTimeout = sandboxTimeout, sandboxTimeout
	}
	return e, nil
}

// endpoints returns the bound endpoints.
func (e *embedded) endpoints() []*endpoint {
	if e.storage == nil {
		return []*endpoint{e.endpoint}
	}
	return []*endpoint{e.endpoint, e.storage}
}

func (e *embedded) close() {
	e.endpoint.close()
	e.storage.close()
}

// storageURL returns the address of the S3 endpoint, or "" without one.
func (e *embedded) storageURL() string {
	if e.storage == nil {
		return ""
	}
	return e.storage.url()
}

// addresses returns the URLs of the APIs, with the real APIs' paths.
func (e *embedded) addresses() APIs {
	return APIs{Cloud: e.url() + "/cloudapi/v6", Auth: e.url() + "/auth/v1", Management: e.url()}
}

// Standalone is the sandbox without a console.
type Standalone struct {
	*embedded
	logger *slog.Logger
}

// NewSandbox returns a sandbox that is bound to its address, or a [*ListenError].
func NewSandbox(cfg SandboxConfig) (*Standalone, error) {
	if cfg.Addr == "" {
		return nil, errors.New("app: the sandbox needs an address")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	e, err := embedSandbox(cfg)
	if err != nil {
		e.close()
		return nil, err
	}
	return &Standalone{e, cfg.Logger}, nil
}

// Serve answers requests until ctx ends. It may be called once.
func (s *Standalone) Serve(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, e := range s.endpoints() {
		g.Go(recovered(e.serve))
	}
	g.Go(recovered(func() error {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		for _, e := range s.endpoints() {
			e.stop(ctx, s.logger)
		}
		return nil
	}))
	return g.Wait()
}

// URL returns the address of the sandbox's APIs on this machine.
func (s *Standalone) URL() string { return s.url() }

// StorageURL returns the address of the S3 endpoint, or "" without one.
func (s *Standalone) StorageURL() string { return s.storageURL() }

// APIs returns the URL of each API, for the console's configuration.
func (s *Standalone) APIs() APIs { return s.addresses() }

// Accounts returns the sandbox's accounts.
func (s *Standalone) Accounts() []Account { return s.apis.Accounts() }
