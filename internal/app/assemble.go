package app

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"keydeck/internal/attempts"
	"keydeck/internal/forwarded"
	"keydeck/internal/ionos"
	"keydeck/internal/probe"
	"keydeck/internal/session"
	"keydeck/web"
)

// assemble gives each listener its handler.
func (a *App) assemble(cfg Config) error {
	client, err := ionos.New(a.clientConfig(cfg))
	if err != nil {
		return err
	}
	public, err := url.Parse(cfg.PublicURL)
	if err != nil {
		return fmt.Errorf("app: public address: %w", err)
	}
	sessions, err := session.New(session.Config{
		Backend: a.store, Idle: cfg.SessionIdle, Max: cfg.SessionMax,
		Now: cfg.Now, Secure: forwarded.SecureCookie, CookiePath: strings.TrimSuffix(public.Path, "/") + "/",
	})
	if err != nil {
		return err
	}
	console, err := web.New(web.Config{
		Auth: client, Prober: probe.New(probe.Config{Now: cfg.Now, UserAgent: "keydeck/" + cfg.Version}), Sessions: sessions, SessionMax: cfg.SessionMax,
		Sandbox: cfg.Sandbox, Accounts: webAccounts(a.Accounts()),
		PublicURL: cfg.PublicURL, Proxies: cfg.Proxies, Logger: cfg.Logger, Audit: a.audit, Attempts: attempts.New(a.store, cfg.Now, wait),
		Registry: a.metrics.registry,
		Now:      cfg.Now, Version: cfg.Version,
	})
	if err != nil {
		return err
	}
	a.console.server.Handler = console
	a.admin.server.Handler = newAdmin(a.ready, a.metrics.registry, cfg.Logger)
	return nil
}

// clientConfig points the client at the real APIs or at the sandbox; either
// way it is the same client, over HTTP.
func (a *App) clientConfig(cfg Config) ionos.Config {
	apis := APIs{Cloud: cfg.CloudURL, Auth: cfg.AuthURL, Management: cfg.ManagementURL}
	if a.sandbox != nil {
		apis = a.sandbox.addresses()
	}
	return ionos.Config{
		CloudURL: apis.Cloud, AuthURL: apis.Auth, ManagementURL: apis.Management,
		Observe:   a.metrics.observeUpstream,
		UserAgent: "keydeck/" + cfg.Version,
		Now:       cfg.Now,
	}
}

// wait waits, or ends early with the context's error.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func webAccounts(accounts []Account) []web.Account {
	shown := make([]web.Account, len(accounts))
	for i, account := range accounts {
		shown[i] = web.Account(account)
	}
	return shown
}
