package app

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"keydeck/internal/ionos"
	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/offboard"
	"keydeck/internal/proxyheaders"
	"keydeck/internal/s3check"
	"keydeck/internal/session"
	"keydeck/internal/tokens"
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
		Store: a.store, Idle: cfg.SessionIdle, Max: cfg.SessionMax,
		Now: cfg.Now, Secure: proxyheaders.SecureCookie, CookiePath: strings.TrimSuffix(public.Path, "/") + "/",
		Port: publicPort(public),
	})
	if err != nil {
		return err
	}
	a.tokens, err = tokens.New(tokens.Config{
		Auth: client, Sessions: sessions, Idle: cfg.SessionIdle, Max: cfg.SessionMax, Now: cfg.Now, Logger: cfg.Logger,
	})
	if err != nil {
		return err
	}
	checker := s3check.New(s3check.Config{
		Private: cfg.AllowPrivateEndpoints || cfg.Sandbox, Plain: cfg.Sandbox || strings.HasPrefix(cfg.ManagementURL, "http://"),
		Now: cfg.Now, UserAgent: "keydeck/" + cfg.Version,
	})
	changes := keyops.New(keyops.Config{Store: a.store, Sessions: sessions, Now: cfg.Now, Logger: a.logger})
	console, err := web.New(web.Config{
		Auth: client, Checker: checker, Sessions: sessions, Changes: changes,
		Offboard: offboard.New(offboard.Config{Store: a.store, Changes: changes, Now: cfg.Now, Logger: a.logger}),
		Batches:  keybatch.New(keybatch.Config{Store: a.store, Changes: changes, Now: cfg.Now, Logger: a.logger}),
		Tokens:   a.tokens,
		Sandbox:  cfg.Sandbox, Accounts: webAccounts(a.Accounts()),
		PublicURL: cfg.PublicURL, Proxies: cfg.Proxies, Logger: cfg.Logger, Audit: a.audit, Attempts: a.newLimiter(cfg),
		Registry: a.metrics.registry,
		Now:      cfg.Now, KeyMaxAge: cfg.KeyMaxAge, Patience: cfg.Patience,
	})
	if err != nil {
		return err
	}
	a.console.server.Handler = console
	a.admin.server.Handler = newAdmin(a.ready, a.metrics.registry, cfg.Logger)
	return nil
}

// publicPort returns the port that browsers use if there is a public URL: a proxy
// may send its own in the Host header.
func publicPort(public *url.URL) func(*http.Request) string {
	if public.Host == "" {
		return nil
	}
	return func(*http.Request) string { return public.Port() }
}

// clientConfig returns the configuration of the client for the real APIs or for
// the sandbox.
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

func webAccounts(accounts []Account) []web.Account {
	shown := make([]web.Account, len(accounts))
	for i, account := range accounts {
		shown[i] = web.Account(account)
	}
	return shown
}
