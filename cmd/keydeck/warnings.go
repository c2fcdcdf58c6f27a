package main

import (
	"log/slog"
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
	warnPlainHTTP(logger, cfg.PublicURL)
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
// first sign-in: browsers keep no session cookie on plain http, but for the
// machine they run on.
func warnPlainHTTP(logger *slog.Logger, publicURL string) {
	u, err := url.Parse(publicURL)
	if err == nil && u.Scheme == "http" && !isLoopback(u.Hostname()) {
		logger.Warn("nobody can sign in over plain http: put TLS in front and make KEYDECK_PUBLIC_URL https", "public_url", publicURL)
	}
}
