package app

import (
	"net/http"

	"keydeck/internal/ionos"
	"keydeck/internal/session"
	"keydeck/web"
)

// assemble gives each listener its handler.
func (a *App) assemble(cfg Config) error {
	metrics := newMetrics(cfg.Version)
	client, err := ionos.New(a.clientConfig(cfg, metrics))
	if err != nil {
		return err
	}
	sessions, err := session.New(session.Config{
		Backend: a.store, Idle: cfg.SessionIdle, Max: cfg.SessionMax,
		Now: cfg.Now, Secure: secureCookie, CookiePath: "/",
	})
	if err != nil {
		return err
	}
	console, err := web.New(web.Config{
		Auth: client, Sessions: sessions, SessionMax: cfg.SessionMax,
		Sandbox: cfg.Sandbox, Accounts: webAccounts(a.Accounts()),
		PublicURL: cfg.PublicURL, Logger: cfg.Logger, Registry: metrics.registry,
		Now: cfg.Now, Version: cfg.Version,
	})
	if err != nil {
		return err
	}
	a.console.server.Handler = console
	a.admin.server.Handler = newAdmin(a.ready, metrics.registry, cfg.Logger)
	return nil
}

// clientConfig points the client at the real APIs or at the sandbox; either
// way it is the same client, over HTTP.
func (a *App) clientConfig(cfg Config, metrics *metrics) ionos.Config {
	apis := APIs{Cloud: cfg.CloudURL, Auth: cfg.AuthURL, Management: cfg.ManagementURL}
	if a.sandbox != nil {
		apis = a.sandbox.addresses()
	}
	return ionos.Config{
		CloudURL: apis.Cloud, AuthURL: apis.Auth, ManagementURL: apis.Management,
		Observe:   metrics.observeUpstream,
		UserAgent: "keydeck/" + cfg.Version,
		Now:       cfg.Now,
	}
}

// secureCookie has every session cookie marked Secure. Browsers and curl take
// such a cookie over https and, on plain http, from loopback addresses; on
// plain http from anywhere else nobody is to be signed in.
func secureCookie(*http.Request) bool { return true }

func webAccounts(accounts []Account) []web.Account {
	shown := make([]web.Account, len(accounts))
	for i, account := range accounts {
		shown[i] = web.Account(account)
	}
	return shown
}
