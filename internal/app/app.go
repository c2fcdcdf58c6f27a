// Package app puts the console together and runs it: listeners, session
// store, API client, web server, admin server and, where asked for, the
// sandbox. The command and the browser tests both start what New makes, so
// that tests run what users run. It knows nothing of the environment, of
// signals or of what the console does.
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
	"keydeck/internal/sandbox"
	"keydeck/internal/session"
)

// shutdownGrace is how long requests in flight may take to finish once the
// console has been told to stop.
const shutdownGrace = 20 * time.Second

// App is a console that is bound to its addresses and ready to serve.
type App struct {
	logger  *slog.Logger
	console *endpoint
	admin   *endpoint
	sandbox *embedded // nil without
	store   session.Backend
	audit   *audit.Log
	metrics *metrics

	stopping atomic.Bool
	grace    time.Duration
}

// New opens everything that can fail to open, so that a console which starts
// serving has all that it needs. The error is a [*ListenError] for an address
// that cannot be listened on, a [*CertificateError] for a certificate that
// cannot be used, an [*AuditError] or a [*StoreError] for an audit log or a
// session store that cannot be opened. Nothing stays open then.
func New(cfg Config) (_ *App, err error) {
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
	// Listeners come first: a second Keydeck on one machine is then told of
	// the taken port and not, later, of the locked store.
	if err := a.listen(cfg); err != nil {
		return nil, err
	}
	if a.audit, err = openAudit(cfg, a.metrics.auditLost.Inc); err != nil {
		return nil, err
	}
	if a.store, err = openStore(cfg); err != nil {
		return nil, err
	}
	if err := a.assemble(cfg); err != nil {
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
			Propagation: cfg.SandboxPropagation, AwkwardSecrets: cfg.SandboxAwkwardSecrets, Logger: cfg.Logger, Now: cfg.Now,
		})
	}
	return err
}

// Serve answers requests until ctx ends, lets those in flight finish, and
// closes what New opened. It may be called once.
func (a *App) Serve(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, e := range a.endpoints() {
		g.Go(e.serve)
	}
	g.Go(func() error {
		sweep(ctx, a.store, a.logger)
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		a.stop()
		return nil
	})
	err := g.Wait()
	return errors.Join(err, a.close())
}

// stop ends the endpoints one after the other, within one time limit. The
// limit does not descend from Serve's context, which is over by now.
func (a *App) stop() {
	a.stopping.Store(true)
	a.logger.Info("stopping: no new requests, those in flight may finish", "within", a.grace)
	ctx, cancel := context.WithTimeout(context.Background(), a.grace)
	defer cancel()
	for _, e := range a.endpoints() {
		e.stop(ctx, a.logger)
	}
}

// endpoints is in the order of stopping: requests to the console need the
// sandbox to finish, and the admin server answers for both until the end.
func (a *App) endpoints() []*endpoint {
	if a.sandbox == nil {
		return []*endpoint{a.console, a.admin}
	}
	return slices.Concat([]*endpoint{a.console}, a.sandbox.endpoints(), []*endpoint{a.admin})
}

// close releases what New had opened by the time it failed, or all of it.
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

// URL is where the console answers on this machine, without a slash at the
// end.
func (a *App) URL() string { return a.console.url() }

// AdminURL is where health, readiness and metrics are.
func (a *App) AdminURL() string { return a.admin.url() }

// SandboxURL is where the sandbox's APIs are; empty without it.
func (a *App) SandboxURL() string {
	if a.sandbox == nil {
		return ""
	}
	return a.sandbox.url()
}

// StorageURL is where the sandbox's S3 endpoint is; empty without.
func (a *App) StorageURL() string {
	if a.sandbox == nil {
		return ""
	}
	return a.sandbox.storageURL()
}

// Sandbox is the sandbox in this process; nil without.
func (a *App) Sandbox() *sandbox.Sandbox {
	if a.sandbox == nil {
		return nil
	}
	return a.sandbox.apis
}

// Accounts are the sandbox's; none without it.
func (a *App) Accounts() []Account {
	if a.sandbox == nil {
		return nil
	}
	return a.sandbox.apis.Accounts()
}
