// Package app assembles the console and runs it: listeners, session store, API
// client, web server, admin server and, optionally, the sandbox. The command and
// the browser tests both use New, so that tests run what users run. The package
// knows neither the environment nor signals nor what the console does.
package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"keydeck/internal/audit"
	"keydeck/internal/kv"
	"keydeck/internal/sandbox"
	"keydeck/internal/tokens"
)

// shutdownGrace is how long requests in flight may take to finish after the
// console has been stopped.
const shutdownGrace = 20 * time.Second

// App is a console that is bound to its addresses and ready to serve.
type App struct {
	logger  *slog.Logger
	console *endpoint
	admin   *endpoint
	sandbox *embedded // nil without
	store   kv.Store
	audit   *audit.Log
	tokens  *tokens.Keeper
	metrics *metrics

	stopping atomic.Bool
	grace    time.Duration
}

// New opens everything that can fail to open, so that a console which serves has
// all it needs. It returns a [*ListenError], [*CertificateError], [*AuditError]
// or [*StoreError] if an address, the certificate, the audit log or the session
// store cannot be used. After an error nothing stays open. ctx bounds the opening,
// not what is open.
func New(ctx context.Context, cfg Config) (_ *App, err error) {
	cfg = cfg.complete()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	a := &App{logger: cfg.Logger, grace: shutdownGrace, metrics: newMetrics(cfg.Version)}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	// Listeners come first: a second Keydeck on one machine then reports the
	// taken port and not the locked store.
	if err := a.listen(cfg); err != nil {
		return nil, err
	}
	if a.audit, err = openAudit(cfg, a.metrics.auditLost.Inc); err != nil {
		return nil, err
	}
	if a.store, err = openStore(ctx, cfg); err != nil {
		return nil, err
	}
	if err := a.assemble(cfg); err != nil { //nolint:contextcheck // handlers have the contexts of their requests
		return nil, err
	}
	return a, nil
}

// listen binds every address.
func (a *App) listen(cfg Config) (err error) {
	if a.console, err = bind(Console, cfg.Addr, cfg.Logger); err != nil {
		return err
	}
	if cfg.TLSCert != "" {
		files, err := loadCertificate(cfg.TLSCert, cfg.TLSKey, cfg.Logger)
		if err != nil {
			return err
		}
		a.console.server.TLSConfig, a.console.tls = files.config(), true
	}
	if a.admin, err = bind(Admin, cfg.AdminAddr, cfg.Logger); err != nil {
		return err
	}
	if cfg.Sandbox {
		a.sandbox, err = embedSandbox(SandboxConfig{
			Addr: cfg.SandboxAddr, StorageAddr: cfg.SandboxStorageAddr, Users: cfg.SandboxUsers, Provisioning: cfg.SandboxProvisioning,
			Propagation: cfg.SandboxPropagation, SpecialSecrets: cfg.SandboxSpecialSecrets,
			RealEndpoints: cfg.SandboxRealEndpoints, SuspendedKeys: cfg.SandboxSuspendedKeys, Seed: cfg.SandboxSeed, Expose: cfg.SandboxExpose, Logger: cfg.Logger, Now: cfg.Now,
		})
	}
	return err
}

// Serve answers requests until ctx ends, lets those in flight finish, and
// closes what New opened. It may be called once.
func (a *App) Serve(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, e := range a.endpoints() {
		g.Go(recovered(e.serve))
	}
	g.Go(recovered(func() error {
		sweep(ctx, a.store, a.logger)
		return nil
	}))
	g.Go(recovered(func() error {
		a.tokens.Run(ctx)
		return nil
	}))
	g.Go(recovered(func() error {
		<-ctx.Done()
		a.stop(ctx)
		return nil
	}))
	err := g.Wait()
	return errors.Join(err, a.close())
}

// stop stops the endpoints one after the other, within one time limit. ctx has
// ended and passes on its values only.
func (a *App) stop(ctx context.Context) {
	a.stopping.Store(true)
	a.logger.Info("stopping: no new requests, those in flight may finish", "within", a.grace)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.grace)
	defer cancel()
	endpoints := a.endpoints()
	endpoints[0].stop(ctx, a.logger) // the console
	if err := a.tokens.Wait(ctx); err != nil {
		a.logger.Warn("tokens of ended sessions are left to expire", "error", err)
	}
	for _, e := range endpoints[1:] {
		e.stop(ctx, a.logger)
	}
}

// endpoints returns the endpoints in the order of stopping: requests to the
// console need the sandbox, and the admin server reports on both until the end.
func (a *App) endpoints() []*endpoint {
	if a.sandbox == nil {
		return []*endpoint{a.console, a.admin}
	}
	return slices.Concat([]*endpoint{a.console}, a.sandbox.endpoints(), []*endpoint{a.admin})
}

// close closes what New has opened.
func (a *App) close() error {
	for _, e := range a.endpoints() {
		e.close()
	}
	err := a.audit.Close()
	if a.store != nil {
		err = errors.Join(err, a.store.Close())
	}
	return err
}

// URL returns the console's address on this machine, without a trailing slash.
func (a *App) URL() string { return a.console.url() }

// AdminURL returns the address of health, readiness and metrics.
func (a *App) AdminURL() string { return a.admin.url() }

// SandboxURL returns the address of the sandbox's APIs, or "" without a sandbox.
func (a *App) SandboxURL() string {
	if a.sandbox == nil {
		return ""
	}
	return a.sandbox.url()
}

// StorageURL returns the address of the sandbox's S3 endpoint, or "" without one.
func (a *App) StorageURL() string {
	if a.sandbox == nil {
		return ""
	}
	return a.sandbox.storageURL()
}

// Sandbox returns the sandbox in this process, or nil.
func (a *App) Sandbox() *sandbox.Sandbox {
	if a.sandbox == nil {
		return nil
	}
	return a.sandbox.apis
}

// Accounts returns the sandbox's accounts, or none without a sandbox.
func (a *App) Accounts() []Account {
	if a.sandbox == nil {
		return nil
	}
	return a.sandbox.apis.Accounts()
}
