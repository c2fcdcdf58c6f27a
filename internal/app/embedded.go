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
	Addr         string
	Users        int           // as in sandbox.Config
	Provisioning time.Duration // as in sandbox.Config
	Logger       *slog.Logger
	Now          func() time.Time
}

// Account is somebody who can sign in to the sandbox.
type Account = sandbox.Account

// APIs is where each of the three APIs is.
type APIs struct{ Cloud, Auth, Management string }

// embedded is the sandbox behind a listener of its own: the console talks to
// it as it talks to the real APIs, over HTTP.
type embedded struct {
	*endpoint
	apis *sandbox.Sandbox
}

func embedSandbox(cfg SandboxConfig) (*embedded, error) {
	apis, err := sandbox.New(sandbox.Config{Users: cfg.Users, Provisioning: cfg.Provisioning, Now: cfg.Now})
	if err != nil {
		return nil, err
	}
	e, err := bind(Sandbox, cfg.Addr, cfg.Logger)
	if err != nil {
		return nil, err
	}
	e.server.Handler = apis
	e.server.ConnContext = apis.ConnContext
	e.server.ReadTimeout, e.server.WriteTimeout = sandboxTime, sandboxTime
	return &embedded{e, apis}, nil
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
		return nil, err
	}
	return &Standalone{e, cfg.Logger}, nil
}

// Serve answers requests until ctx ends. It may be called once.
func (s *Standalone) Serve(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(s.serve)
	g.Go(func() error {
		<-ctx.Done()
		stopping, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		s.stop(stopping, s.logger)
		return nil
	})
	return g.Wait()
}

// URL is where the sandbox answers on this machine.
func (s *Standalone) URL() string { return s.url() }

// APIs is where each API is, as the console's configuration wants it.
func (s *Standalone) APIs() APIs { return s.addresses() }

// Accounts are those that can sign in.
func (s *Standalone) Accounts() []Account { return s.apis.Accounts() }
