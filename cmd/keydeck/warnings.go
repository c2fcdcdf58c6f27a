package main

import (
	"log/slog"
	"net"
	"net/url"

	"github.com/caarlos0/env/v11"
)

// warn logs settings that are valid but probably not intended, for a subcommand or,
// if argument is empty, the console.
func warn(logger *slog.Logger, cfg config, environ []string, argument string) {
	for _, unknown := range unknownVariables(environ) {
		if unknown.nearest == "" {
			logger.Warn("unknown variable, ignored", "variable", unknown.name)
			continue
		}
		logger.Warn("unknown variable, ignored", "variable", unknown.name, "meant", unknown.nearest)
	}
	if cfg.Sandbox {
		warnOverruled(logger, environ)
	}
	switch argument {
	case "":
		warnPlainHTTP(logger, cfg)
		warnOpen(logger, cfg, false)
	case "sandbox":
		warnOpen(logger, cfg, true)
	}
}

// warnOverruled warns that the sandbox replaces configured APIs.
func warnOverruled(logger *slog.Logger, environ []string) {
	set := env.ToMap(environ)
	for _, variable := range []string{"KEYDECK_CLOUD_API_URL", "KEYDECK_AUTH_API_URL", "KEYDECK_MANAGEMENT_API_URL"} {
		if set[variable] != "" {
			logger.Warn("the sandbox is used in its place", "variable", variable)
		}
	}
}

// warnPlainHTTP warns of a console that people cannot sign in to, since a password
// would cross a network unencrypted.
func warnPlainHTTP(logger *slog.Logger, cfg config) {
	const remedy = "set KEYDECK_TLS_CERT and KEYDECK_TLS_KEY, or put TLS in front, make KEYDECK_PUBLIC_URL https and name the proxy in KEYDECK_TRUSTED_PROXIES"
	u, err := url.Parse(cfg.PublicURL)
	switch {
	case err != nil || cfg.TLSCert != "":
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		logger.Warn("sign-in is not possible over plain http: "+remedy, "public_url", cfg.PublicURL)
	case u.Scheme == "https" && cfg.TrustedProxies == "":
		logger.Warn("sign-in is not possible through a proxy that is not trusted: name it in KEYDECK_TRUSTED_PROXIES", "public_url", cfg.PublicURL)
	case cfg.PublicURL == "" && cfg.TrustedProxies == "" && isOpen(cfg.Addr):
		logger.Warn("sign-in is not possible from another machine over plain http: "+remedy, "address", cfg.Addr)
	case isOpen(cfg.Addr):
		logger.Warn("the console listens without TLS on other than loopback addresses: let only its proxies reach it", "address", cfg.Addr)
	}
}

// warnOpen warns of each part that other machines reach and should not, in the
// console or, if alone is set, the sandbox without one.
func warnOpen(logger *slog.Logger, cfg config, alone bool) {
	if !alone && isOpen(cfg.AdminAddr) {
		logger.Warn("the admin server asks for no password: let only your own network reach it", "address", cfg.AdminAddr)
	}
	if !alone && !cfg.Sandbox {
		return
	}
	if !alone && (isOpen(cfg.Addr) || cfg.TLSCert != "" || cfg.TrustedProxies != "") {
		logger.Warn("other machines may reach the console, and sign in with the sandbox's accounts, which are known to all", "address", cfg.Addr)
	}
	if !cfg.SandboxExpose {
		return // it does not listen there
	}
	if isOpen(cfg.SandboxAddr) {
		logger.Warn("other machines may reach the sandbox: its accounts are known to all, and its controls ask for no password", "address", cfg.SandboxAddr)
	}
	if isOpen(cfg.SandboxS3Addr) {
		logger.Warn("other machines may reach the sandbox's S3 endpoint, with keys of accounts that are known to all", "address", cfg.SandboxS3Addr)
	}
}

// isOpen reports whether a listener on addr may be reached from other machines.
func isOpen(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err != nil || !isLoopback(host)
}
