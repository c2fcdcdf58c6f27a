package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"keydeck/internal/sandbox"
)

// sandboxTime leaves room for the delays that people ask of the sandbox to
// see what a slow API does.
const sandboxTime = 15 * time.Minute

// SandboxConfig is what a sandbox is made from.
type SandboxConfig struct {
	Addr           string
	StorageAddr    string        // of the S3 endpoint; empty for none
	Users          int           // as in sandbox.Config
	Provisioning   time.Duration // as in sandbox.Config
	Propagation    time.Duration // as in sandbox.Config
	AwkwardSecrets bool          // as in sandbox.Config
	Logger         *slog.Logger
	Now            func() time.Time
}

// Account is somebody who can sign in to the sandbox.
type Account = sandbox.Account

// APIs is where each of the three APIs is.
type APIs struct{ Cloud, Auth, Management string }

// embedded is the sandbox behind listeners of its own: the console talks to
// it as it talks to the real APIs, over HTTP.
type embedded struct {
	*endpoint
	storage *endpoint // nil without
	apis    *sandbox.Sandbox
}

// embedSandbox binds the S3 endpoint first, for the APIs to name it. What was
// bound is in the answer even when the rest fails, to be closed.
func embedSandbox(cfg SandboxConfig) (_ *embedded, err error) {
	e := &embedded{}
	storageURL := ""
	if cfg.StorageAddr != "" {
		if e.storage, err = bind(Storage, cfg.StorageAddr, cfg.Logger); err != nil {
			return e, err
		}
		storageURL = e.storage.url()
	}
	e.apis, err = sandbox.New(sandbox.Config{
		Users: cfg.Users, Provisioning: cfg.Provisioning, Propagation: cfg.Propagation, AwkwardSecrets: cfg.AwkwardSecrets,
		StorageURL: storageURL, Now: cfg.Now,
	})
	if err != nil {
		return e, err
	}
	if e.endpoint, err = bind(Sandbox, cfg.Addr, cfg.Logger); err != nil {
		return e, err
	}
	e.server.Handler = e.apis
	e.server.ConnContext = e.apis.ConnContext
	e.server.ReadTimeout, e.server.WriteTimeout = sandboxTime, sandboxTime
	if e.storage != nil {
		e.storage.server.Handler = e.apis.Storage()
		e.storage.server.ReadTimeout, e.storage.server.WriteTimeout = sandboxTime, sandboxTime
	}
	return e, nil
}

// endpoints are those that are served.
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

// storageURL is where the S3 endpoint answers; empty without.
func (e *embedded) storageURL() string {
	if e.storage == nil {
		return ""
	}
	return e.storage.url()
}

// addresses are those of the real APIs with another host.
func (e *embedded) addresses() APIs {
	return APIs{Cloud: e.url() + "/cloudapi/v6", Auth: e.url() + "/auth/v1", Management: e.url()}
}

// Standalone is the sandbox without a console.
type Standalone struct {
	*embedded
	logger *slog.Logger
}

// NewSandbox makes a sandbox that is bound to its address. The error is a
// [*ListenError] where that fails.
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
		g.Go(e.serve)
	}
	g.Go(func() error {
		<-ctx.Done()
		stopping, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		for _, e := range s.endpoints() {
			e.stop(stopping, s.logger)
		}
		return nil
	})
	return g.Wait()
}

// URL is where the sandbox answers on this machine.
func (s *Standalone) URL() string { return s.url() }

// StorageURL is where the S3 endpoint answers; empty without.
func (s *Standalone) StorageURL() string { return s.storageURL() }

// APIs is where each API is, as the console's configuration wants it.
func (s *Standalone) APIs() APIs { return s.addresses() }

// Accounts are those that can sign in.
func (s *Standalone) Accounts() []Account { return s.apis.Accounts() }
