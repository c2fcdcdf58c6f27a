package main

import (
	"log/slog"
	"net"
	"net/url"

	"github.com/caarlos0/env/v11"
)

// warn tells of settings that are no error and yet will surprise.
func warn(logger *slog.Logger, cfg config, environ []string) {
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
	warnPlainHTTP(logger, cfg)
}

// warnOverruled is for whoever believes to be looking at real keys.
func warnOverruled(logger *slog.Logger, environ []string) {
	set := env.ToMap(environ)
	for _, variable := range []string{"KEYDECK_CLOUD_API_URL", "KEYDECK_AUTH_API_URL", "KEYDECK_MANAGEMENT_API_URL"} {
		if set[variable] != "" {
			logger.Warn("the sandbox is used in its place", "variable", variable)
		}
	}
}

// warnPlainHTTP says at the start what people would otherwise find at their
// first sign-in: nobody is signed in over plain http, but on the machine itself.
func warnPlainHTTP(logger *slog.Logger, cfg config) {
	const remedy = "set KEYDECK_TLS_CERT and KEYDECK_TLS_KEY, or put TLS in front and make KEYDECK_PUBLIC_URL https"
	u, err := url.Parse(cfg.PublicURL)
	host, _, _ := net.SplitHostPort(cfg.Addr)
	switch {
	case err != nil || cfg.TLSCert != "":
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		logger.Warn("nobody can sign in over plain http: "+remedy, "public_url", cfg.PublicURL)
	case cfg.PublicURL == "" && cfg.TrustedProxies == "" && !isLoopback(host):
		logger.Warn("nobody can sign in from another machine over plain http: "+remedy, "address", cfg.Addr)
	}
}
