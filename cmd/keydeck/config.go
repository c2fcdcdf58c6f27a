package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"time"

	"github.com/caarlos0/env/v11"

	"keydeck/internal/app"
	"keydeck/internal/proxyheaders"
)

// config is the configuration in the environment. --help is generated from its
// tags.
type config struct {
	Addr                  string        `env:"KEYDECK_ADDR" envDefault:"127.0.0.1:8080" help:"Where the console listens, host:port."`
	AdminAddr             string        `env:"KEYDECK_ADMIN_ADDR" envDefault:"127.0.0.1:8081" help:"Where /healthz, /readyz and /metrics listen, host:port. Never reachable through the console's address."`
	PublicURL             string        `env:"KEYDECK_PUBLIC_URL" help:"The address that browsers use, where it is not KEYDECK_ADDR itself, such as https://keys.example.com. It may have a path, such as https://tools.example.com/keys/."`
	TrustedProxies        string        `env:"KEYDECK_TRUSTED_PROXIES" help:"Addresses and networks of the proxies in front, such as 10.0.0.0/8,192.0.2.7. X-Forwarded-For, -Proto and -Host are believed from these alone."`
	TLSCert               string        `env:"KEYDECK_TLS_CERT" help:"A file with the certificate, and those that lead to it, for the console to speak TLS by itself. It is read again when it changes."`
	TLSKey                string        `env:"KEYDECK_TLS_KEY" help:"The file with the certificate's key."`
	CloudURL              string        `env:"KEYDECK_CLOUD_API_URL" envDefault:"https://api.ionos.com/cloudapi/v6" help:"The Cloud API."`
	AuthURL               string        `env:"KEYDECK_AUTH_API_URL" envDefault:"https://api.ionos.com/auth/v1" help:"The Auth API."`
	ManagementURL         string        `env:"KEYDECK_MANAGEMENT_API_URL" envDefault:"https://s3.ionos.com" help:"The Object Storage Management API."`
	SessionStore          string        `env:"KEYDECK_SESSION_STORE" envDefault:"bolt:keydeck-sessions.db" help:"Where sessions are kept: bolt:PATH, a file; or redis://[USER:PASSWORD@]HOST:PORT/0, rediss:// for TLS, where several consoles share them; redis+sentinel://, redis+cluster:// and unix:// as the README has them."`
	AuditLog              string        `env:"KEYDECK_AUDIT_LOG" envDefault:"stderr" help:"Where it is written down who did what to which key, as JSON lines: stdout, stderr or a file. A file is opened anew on SIGHUP."`
	SessionIdle           time.Duration `env:"KEYDECK_SESSION_IDLE" envDefault:"30m" help:"How long a session lasts without being used."`
	SessionMax            time.Duration `env:"KEYDECK_SESSION_MAX" envDefault:"12h" help:"How long a session lasts at all, and the API token made for it: 60s to 8760h, and no less than KEYDECK_SESSION_IDLE."`
	Patience              time.Duration `env:"KEYDECK_PATIENCE" envDefault:"100ms" help:"How long a page waits for the APIs before it is begun with what is known; 0 to send whole pages alone, with the status of what happened."`
	KeyMaxAge             age           `env:"KEYDECK_KEY_MAX_AGE" envDefault:"90d" help:"From which age on a key is marked as old, in days; 0 to mark none."`
	LogFormat             string        `env:"KEYDECK_LOG_FORMAT" envDefault:"text" help:"text or json."`
	LogLevel              string        `env:"KEYDECK_LOG_LEVEL" envDefault:"info" help:"debug, info, warn or error."`
	AllowPrivate          bool          `env:"KEYDECK_ALLOW_PRIVATE_ENDPOINTS" envDefault:"false" help:"Test keys at endpoints with private, link-local and loopback addresses, too. With the sandbox they always are."`
	Sandbox               bool          `env:"KEYDECK_SANDBOX" envDefault:"false" help:"Run the APIs in this process, with accounts to try the console with, and use them in place of the three above."`
	SandboxAddr           string        `env:"KEYDECK_SANDBOX_ADDR" envDefault:"127.0.0.1:9000" help:"Where the sandbox's APIs listen, host:port."`
	SandboxUsers          int           `env:"KEYDECK_SANDBOX_USERS" envDefault:"0" help:"How many users the sandbox's contract has; fewer than its own dozen are a dozen. The same at every start."`
	SandboxProvisioning   time.Duration `env:"KEYDECK_SANDBOX_PROVISIONING" envDefault:"3s" help:"How long the sandbox takes to carry out a change; 0s for at once."`
	SandboxS3Addr         string        `env:"KEYDECK_SANDBOX_S3_ADDR" envDefault:"127.0.0.1:9001" help:"Where the sandbox's S3 endpoint listens, host:port. Its credentials are the sandbox's keys."`
	SandboxPropagation    time.Duration `env:"KEYDECK_SANDBOX_PROPAGATION" envDefault:"1s" help:"How long after that the S3 endpoint takes a key; 0s for at once."`
	SandboxSpecialSecrets bool          `env:"KEYDECK_SANDBOX_SPECIAL_SECRETS" envDefault:"false" help:"Have the sandbox make secrets with quotes, spaces and other characters that formats and shells stumble over."`
	SandboxRealEndpoints  bool          `env:"KEYDECK_SANDBOX_REAL_ENDPOINTS" envDefault:"false" help:"Have the sandbox's regions name the service's own endpoints in place of the sandbox's, for programs that compare them or resolve them to the sandbox."`
	SandboxSuspendedKeys  bool          `env:"KEYDECK_SANDBOX_SUSPENDED_KEYS" envDefault:"false" help:"Have the sandbox's S3 endpoint take the keys of users who are deactivated or have lost the privilege."`
	SandboxSeed           string        `env:"KEYDECK_SANDBOX_SEED" help:"A JSON file with users, groups and keys for the sandbox to start with. docs/emulator.md describes it."`
	SandboxExpose         bool          `env:"KEYDECK_SANDBOX_EXPOSE" envDefault:"false" help:"Let the sandbox listen on other than loopback addresses. Its accounts are known to all, and its controls ask for no password."`
}

// invalidError is the error of an invalid variable. Its text is one line.
type invalidError struct {
	variable string
	wrong    string // what is wrong, as in "12 is not a duration"
	right    string // what would be right, as in "write it as 30m or 12h"
}

func (e *invalidError) Error() string {
	return fmt.Sprintf("%s: %s; %s", e.variable, e.wrong, e.right)
}

// readConfig parses and validates the environment. It returns an *invalidError
// for the first invalid variable. An empty value counts as not set, as compose
// files and charts write it for an unset value.
func readConfig(environ []string) (config, error) {
	variables := env.ToMap(environ)
	cfg, err := env.ParseAsWithOptions[config](env.Options{Environment: variables})
	if err != nil {
		return config{}, explain(err, variables)
	}
	if err := cfg.validate(); err != nil {
		return config{}, err
	}
	return cfg, nil
}

// explain converts the parser's error, which names fields and Go types, to one
// that names the variable and a valid value.
func explain(err error, variables map[string]string) error {
	parse, ok := errors.AsType[env.ParseError](err)
	if !ok {
		return err
	}
	field, ok := reflect.TypeFor[config]().FieldByName(parse.Name)
	if !ok {
		return err
	}
	name := field.Tag.Get("env")
	invalid := &invalidError{variable: name, wrong: fmt.Sprintf("%q is not a %s", variables[name], field.Type.Name())}
	switch parse.Type {
	case reflect.TypeFor[bool]():
		invalid.wrong = fmt.Sprintf("%q is neither true nor false", variables[name])
		invalid.right = "write true or false"
	case reflect.TypeFor[int]():
		invalid.wrong = fmt.Sprintf("%q is not a number", variables[name])
		invalid.right = "write digits, such as 100"
	case reflect.TypeFor[time.Duration]():
		invalid.wrong = fmt.Sprintf("%q is not a duration", variables[name])
		invalid.right = "write a number and its unit, such as 90s, 30m or 12h"
	case reflect.TypeFor[age]():
		invalid.wrong = fmt.Sprintf("%q is not an age", variables[name])
		invalid.right = "write days, such as 90d, up to 3650d, or 0 for none"
	}
	return invalid
}

// forApp returns the configuration of the app.
func (c config) forApp() app.Config {
	return app.Config{
		Addr: c.Addr, AdminAddr: c.AdminAddr, PublicURL: c.PublicURL,
		Proxies: c.proxies(), TLSCert: c.TLSCert, TLSKey: c.TLSKey,
		CloudURL: c.CloudURL, AuthURL: c.AuthURL, ManagementURL: c.ManagementURL,
		AuditPath: c.auditPath(), SessionStore: c.SessionStore, SessionIdle: c.SessionIdle, SessionMax: c.SessionMax,
		KeyMaxAge: time.Duration(c.KeyMaxAge), Patience: c.Patience,
		Sandbox: c.Sandbox, SandboxAddr: c.SandboxAddr, SandboxUsers: c.SandboxUsers, SandboxProvisioning: sandboxDelay(c.SandboxProvisioning),
		SandboxStorageAddr: c.SandboxS3Addr, SandboxPropagation: sandboxDelay(c.SandboxPropagation), SandboxSpecialSecrets: c.SandboxSpecialSecrets,
		SandboxRealEndpoints: c.SandboxRealEndpoints, SandboxSuspendedKeys: c.SandboxSuspendedKeys, SandboxSeed: c.SandboxSeed,
		SandboxExpose: c.SandboxExpose, AllowPrivateEndpoints: c.AllowPrivate,
	}
}

// sandboxDelay returns a delay in the sandbox's form, where 0 is the default and
// a negative value means none.
func sandboxDelay(d time.Duration) time.Duration { return cmp.Or(d, -1) }

// proxies returns the trusted proxies of a validated configuration.
func (c config) proxies() []netip.Prefix {
	trusted, err := proxyheaders.ParseTrusted(c.TrustedProxies)
	if err != nil {
		return nil // trust no proxy
	}
	return trusted
}

// auditPath returns the file of the audit log, or "" for a stream.
func (c config) auditPath() string {
	if c.AuditLog == "stdout" || c.AuditLog == "stderr" {
		return ""
	}
	return c.AuditLog
}
