package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// TestWarn is what is said at the start about what other machines reach, once each.
func TestWarn(t *testing.T) {
	const (
		signIn    = "sign-in is not possible"
		noTLS     = "the console listens without TLS"
		admin     = "the admin server asks for no password"
		accounts  = "sign in with the sandbox's accounts"
		apis      = "may reach the sandbox: its accounts are known to all, and its controls"
		storage   = "may reach the sandbox's S3 endpoint"
		untrusted = "through a proxy that is not trusted"
	)
	all := []string{signIn, noTLS, admin, accounts, apis, storage, untrusted}
	open := []string{"KEYDECK_ADDR=0.0.0.0:8080", "KEYDECK_ADMIN_ADDR=:8081", "KEYDECK_SANDBOX_ADDR=[::]:9000", "KEYDECK_SANDBOX_S3_ADDR=10.1.2.3:9001", "KEYDECK_SANDBOX_EXPOSE=true"}
	tests := []struct {
		name, argument string
		environ, want  []string
	}{
		{"as it comes", "", nil, nil},
		{"by name", "", []string{"KEYDECK_ADDR=localhost:80", "KEYDECK_ADMIN_ADDR=[::1]:81"}, nil},
		{"sandbox", "", []string{"KEYDECK_SANDBOX=true"}, nil},
		{"console", "", []string{"KEYDECK_ADDR=0.0.0.0:8080"}, []string{signIn}},
		{"console with TLS", "", []string{"KEYDECK_ADDR=0.0.0.0:8080", "KEYDECK_TLS_CERT=c", "KEYDECK_TLS_KEY=k"}, nil},
		{"console behind a proxy", "", []string{"KEYDECK_ADDR=:8080", "KEYDECK_PUBLIC_URL=https://keys.example.com", "KEYDECK_TRUSTED_PROXIES=10.0.0.0/8"}, []string{noTLS}},
		{"proxy on this machine", "", []string{"KEYDECK_PUBLIC_URL=https://keys.example.com", "KEYDECK_TRUSTED_PROXIES=127.0.0.1"}, nil},
		{"proxy without trust", "", []string{"KEYDECK_PUBLIC_URL=https://keys.example.com"}, []string{signIn, untrusted}},
		{"proxy without trust, open", "", []string{"KEYDECK_ADDR=:8080", "KEYDECK_PUBLIC_URL=https://keys.example.com"}, []string{signIn, untrusted}},
		{"plain public URL", "", []string{"KEYDECK_PUBLIC_URL=http://keys.example.com"}, []string{signIn}},
		{"admin server", "", []string{"KEYDECK_ADMIN_ADDR=0.0.0.0:8081"}, []string{admin}},
		{"sandbox open everywhere", "", append([]string{"KEYDECK_SANDBOX=true"}, open...), []string{signIn, admin, accounts, apis, storage}},
		{"sandbox open, but not used", "", open, []string{signIn, admin}},
		{"sandbox behind a proxy", "", []string{"KEYDECK_SANDBOX=true", "KEYDECK_PUBLIC_URL=https://x.example", "KEYDECK_TRUSTED_PROXIES=127.0.0.1"}, []string{accounts}},
		{"sandbox alone", "sandbox", open, []string{apis, storage}},
		{"health check", "healthcheck", open, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg, err := readConfig(test.environ)
			if err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			warn(slog.New(slog.NewTextHandler(&log, nil)), cfg, test.environ, test.argument)
			for _, warning := range all {
				want := 0
				for _, wanted := range test.want {
					if wanted == warning {
						want = 1
					}
				}
				if got := strings.Count(log.String(), warning); got != want {
					t.Errorf("%q %d times, want %d:\n%s", warning, got, want, log.String())
				}
			}
		})
	}
}
