package main

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func defaults() config {
	return config{
		Addr:                "127.0.0.1:8080",
		AdminAddr:           "127.0.0.1:8081",
		CloudURL:            "https://api.ionos.com/cloudapi/v6",
		AuthURL:             "https://api.ionos.com/auth/v1",
		ManagementURL:       "https://s3.ionos.com",
		SessionStore:        "bolt:keydeck-sessions.db",
		AuditLog:            "stderr",
		SessionIdle:         30 * time.Minute,
		SessionMax:          12 * time.Hour,
		KeyMaxAge:           age(90 * 24 * time.Hour),
		Patience:            100 * time.Millisecond,
		LogFormat:           "text",
		LogLevel:            "info",
		SandboxAddr:         "127.0.0.1:9000",
		SandboxProvisioning: 3 * time.Second,
		SandboxS3Addr:       "127.0.0.1:9001",
		SandboxPropagation:  time.Second,
	}
}

func TestReadConfigDefaults(t *testing.T) {
	got, err := readConfig(nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaults(), got); diff != "" {
		t.Error(diff)
	}
}

func TestReadConfig(t *testing.T) {
	tests := []struct {
		environ []string
		want    func(*config)
	}{
		{[]string{"KEYDECK_ADDR=0.0.0.0:80"}, func(c *config) { c.Addr = "0.0.0.0:80" }},
		{[]string{"KEYDECK_ADDR=:80"}, func(c *config) { c.Addr = ":80" }},
		{[]string{"KEYDECK_ADDR=[::1]:80"}, func(c *config) { c.Addr = "[::1]:80" }},
		{[]string{"KEYDECK_ADDR=localhost:0"}, func(c *config) { c.Addr = "localhost:0" }},
		{[]string{"KEYDECK_ADDR="}, func(*config) {}},
		{[]string{"KEYDECK_ADDR=127.0.0.1:0", "KEYDECK_ADMIN_ADDR=127.0.0.1:0"}, func(c *config) { c.Addr, c.AdminAddr = "127.0.0.1:0", "127.0.0.1:0" }},
		{[]string{"KEYDECK_ADMIN_ADDR=127.0.0.1:65535"}, func(c *config) { c.AdminAddr = "127.0.0.1:65535" }},
		{[]string{"KEYDECK_PUBLIC_URL=https://keys.example.com"}, func(c *config) { c.PublicURL = "https://keys.example.com" }},
		{[]string{"KEYDECK_PUBLIC_URL=http://intranet"}, func(c *config) { c.PublicURL = "http://intranet" }},
		{[]string{"KEYDECK_CLOUD_API_URL=http://127.0.0.1:9000/cloudapi/v6"}, func(c *config) { c.CloudURL = "http://127.0.0.1:9000/cloudapi/v6" }},
		{[]string{"KEYDECK_AUTH_API_URL=http://localhost:9000/auth/v1"}, func(c *config) { c.AuthURL = "http://localhost:9000/auth/v1" }},
		{[]string{"KEYDECK_MANAGEMENT_API_URL=http://[::1]:9000"}, func(c *config) { c.ManagementURL = "http://[::1]:9000" }},
		{[]string{"KEYDECK_SESSION_STORE=bolt:/var/lib/keydeck/sessions.db"}, func(c *config) { c.SessionStore = "bolt:/var/lib/keydeck/sessions.db" }},
		{[]string{"KEYDECK_SESSION_IDLE=5m"}, func(c *config) { c.SessionIdle = 5 * time.Minute }},
		{[]string{"KEYDECK_SESSION_MAX=60s", "KEYDECK_SESSION_IDLE=60s"}, func(c *config) { c.SessionMax, c.SessionIdle = time.Minute, time.Minute }},
		{[]string{"KEYDECK_SESSION_MAX=8760h"}, func(c *config) { c.SessionMax = 8760 * time.Hour }},
		{[]string{"KEYDECK_KEY_MAX_AGE=1d"}, func(c *config) { c.KeyMaxAge = age(24 * time.Hour) }},
		{[]string{"KEYDECK_KEY_MAX_AGE=0"}, func(c *config) { c.KeyMaxAge = 0 }},
		{[]string{"KEYDECK_LOG_FORMAT=json"}, func(c *config) { c.LogFormat = "json" }},
		{[]string{"KEYDECK_LOG_LEVEL=debug"}, func(c *config) { c.LogLevel = "debug" }},
		{[]string{"KEYDECK_SANDBOX=true"}, func(c *config) { c.Sandbox = true }},
		{[]string{"KEYDECK_SANDBOX=0"}, func(*config) {}},
		{[]string{"KEYDECK_SANDBOX_ADDR=:9999"}, func(c *config) { c.SandboxAddr = ":9999" }},
		{[]string{"KEYDECK_SANDBOX_USERS=10000"}, func(c *config) { c.SandboxUsers = 10000 }},
		{[]string{"KEYDECK_SANDBOX_PROVISIONING=0s"}, func(c *config) { c.SandboxProvisioning = 0 }},
		{[]string{"KEYDECK_SANDBOX_S3_ADDR=:9998"}, func(c *config) { c.SandboxS3Addr = ":9998" }},
		{[]string{"KEYDECK_SANDBOX_PROPAGATION=0s"}, func(c *config) { c.SandboxPropagation = 0 }},
		{[]string{"KEYDECK_SANDBOX_SPECIAL_SECRETS=true"}, func(c *config) { c.SandboxSpecialSecrets = true }},
		{[]string{"KEYDECK_SANDBOX_REAL_ENDPOINTS=true"}, func(c *config) { c.SandboxRealEndpoints = true }},
		{[]string{"KEYDECK_SANDBOX_SUSPENDED_KEYS=true"}, func(c *config) { c.SandboxSuspendedKeys = true }},
		{[]string{"KEYDECK_SANDBOX_SEED=seed.json"}, func(c *config) { c.SandboxSeed = "seed.json" }},
		{[]string{"KEYDECK_SANDBOX_EXPOSE=true"}, func(c *config) { c.SandboxExpose = true }},
		{[]string{"KEYDECK_ALLOW_PRIVATE_ENDPOINTS=true"}, func(c *config) { c.AllowPrivate = true }},
		{[]string{"KEYDECK_NONSENSE=1", "ADDR=x"}, func(*config) {}},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.environ, " "), func(t *testing.T) {
			want := defaults()
			test.want(&want)
			got, err := readConfig(test.environ)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A field that is not handed on would be a variable without effect.
func TestForApp(t *testing.T) {
	environ := []string{"KEYDECK_PUBLIC_URL=https://keys.example.com", "KEYDECK_SANDBOX=true", "KEYDECK_SANDBOX_USERS=10",
		"KEYDECK_SANDBOX_SPECIAL_SECRETS=true", "KEYDECK_TRUSTED_PROXIES=10.0.0.0/8", "KEYDECK_TLS_CERT=c", "KEYDECK_TLS_KEY=k",
		"KEYDECK_AUDIT_LOG=audit.log", "KEYDECK_SANDBOX_REAL_ENDPOINTS=true", "KEYDECK_SANDBOX_SUSPENDED_KEYS=true", "KEYDECK_SANDBOX_SEED=seed.json",
		"KEYDECK_SANDBOX_EXPOSE=true", "KEYDECK_ALLOW_PRIVATE_ENDPOINTS=true"}
	cfg, err := readConfig(environ)
	if err != nil {
		t.Fatal(err)
	}
	wiring := reflect.ValueOf(cfg.forApp())
	mine := map[string]bool{"Version": true, "Logger": true, "Now": true, "AuditOut": true}
	for field, value := range wiring.Fields() {
		if value.IsZero() != mine[field.Name] {
			t.Errorf("%s is %v", field.Name, value)
		}
	}
}

func TestForAppNoDelay(t *testing.T) {
	cfg := defaults()
	cfg.SandboxProvisioning = 0
	if got := cfg.forApp().SandboxProvisioning; got >= 0 {
		t.Errorf("got %v, which the sandbox takes for its default", got)
	}
}
