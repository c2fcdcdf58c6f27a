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
	"keydeck/internal/forwarded"
)

// config is what the environment says. The tags are the one source of names,
// defaults and meanings: --help is written from them.
type config struct {
	Addr                string        `env:"KEYDECK_ADDR" envDefault:"127.0.0.1:8080" help:"Where the console listens, host:port."`
	AdminAddr           string        `env:"KEYDECK_ADMIN_ADDR" envDefault:"127.0.0.1:8081" help:"Where /healthz, /readyz and /metrics listen, host:port. Never reachable through the console's address."`
	PublicURL           string        `env:"KEYDECK_PUBLIC_URL" help:"The address that browsers use, where it is not KEYDECK_ADDR itself, such as https://keys.example.com. It may have a path, such as https://tools.example.com/keys/."`
	TrustedProxies      string        `env:"KEYDECK_TRUSTED_PROXIES" help:"Addresses and networks of the proxies in front, such as 10.0.0.0/8,192.0.2.7. X-Forwarded-For, -Proto and -Host are believed from these alone."`
	TLSCert             string        `env:"KEYDECK_TLS_CERT" help:"A file with the certificate, and those that lead to it, for the console to speak TLS by itself. It is read again when it changes."`
	TLSKey              string        `env:"KEYDECK_TLS_KEY" help:"The file with the certificate's key."`
	CloudURL            string        `env:"KEYDECK_CLOUD_API_URL" envDefault:"https://api.ionos.com/cloudapi/v6" help:"The Cloud API."`
	AuthURL             string        `env:"KEYDECK_AUTH_API_URL" envDefault:"https://api.ionos.com/auth/v1" help:"The Auth API."`
	ManagementURL       string        `env:"KEYDECK_MANAGEMENT_API_URL" envDefault:"https://s3.ionos.com" help:"The Object Storage Management API."`
	SessionStore        string        `env:"KEYDECK_SESSION_STORE" envDefault:"bolt:keydeck-sessions.db" help:"Where sessions are kept: bolt:PATH, a file; or redis://[USER:PASSWORD@]HOST:PORT/0, rediss:// for TLS, where several consoles share them."`
	AuditLog            string        `env:"KEYDECK_AUDIT_LOG" envDefault:"stderr" help:"Where it is written down who did what to which key, as JSON lines: stdout, stderr or a file. A file is opened anew on SIGHUP."`
	SessionIdle         time.Duration `env:"KEYDECK_SESSION_IDLE" envDefault:"30m" help:"How long a session lasts without being used."`
	SessionMax          time.Duration `env:"KEYDECK_SESSION_MAX" envDefault:"12h" help:"How long a session lasts at all, and the API token made for it: 60s to 8760h, and no less than KEYDECK_SESSION_IDLE."`
	LogFormat           string        `env:"KEYDECK_LOG_FORMAT" envDefault:"text" help:"text or json."`
	LogLevel            string        `env:"KEYDECK_LOG_LEVEL" envDefault:"info" help:"debug, info, warn or error."`
	Sandbox             bool          `env:"KEYDECK_SANDBOX" envDefault:"false" help:"Run the APIs in this process, with accounts to try the console with, and use them in place of the three above."`
	SandboxAddr         string        `env:"KEYDECK_SANDBOX_ADDR" envDefault:"127.0.0.1:9000" help:"Where the sandbox's APIs listen, host:port."`
	SandboxUsers        int           `env:"KEYDECK_SANDBOX_USERS" envDefault:"0" help:"How many users the sandbox's contract has; fewer than its own dozen are a dozen. The same at every start."`
	SandboxProvisioning time.Duration `env:"KEYDECK_SANDBOX_PROVISIONING" envDefault:"3s" help:"How long the sandbox takes to carry out a change; 0s for at once."`
	SandboxS3Addr       string        `env:"KEYDECK_SANDBOX_S3_ADDR" envDefault:"127.0.0.1:9001" help:"Where the sandbox's S3 endpoint listens, host:port. Its credentials are the sandbox's keys."`
	SandboxPropagation  time.Duration `env:"KEYDECK_SANDBOX_PROPAGATION" envDefault:"1s" help:"How long after that the S3 endpoint takes a key; 0s for at once."`
	SandboxAwkward      bool          `env:"KEYDECK_SANDBOX_AWKWARD_SECRETS" envDefault:"false" help:"Have the sandbox make secrets with quotes, spaces and other characters that formats and shells stumble over."`
}

// invalidError is a variable whose value cannot be used. It is one line.
type invalidError struct {
	variable string
	wrong    string // what is wrong, as in "12 is not a duration"
	right    string // what would be right, as in "write it as 30m or 12h"
}

func (e *invalidError) Error() string {
	return fmt.Sprintf("%s: %s; %s", e.variable, e.wrong, e.right)
}

// readConfig reads and checks the variables of the environment. The error is
// an *invalidError about the first of them that is wrong. An empty value
// counts as not set, since that is what compose files and charts leave
// behind for what nobody filled in.
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

// explain turns what the parser says, which names fields and Go types, into
// what a person who sets variables can use.
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
	}
	return invalid
}

// forApp is the configuration as the wiring takes it.
func (c config) forApp() app.Config {
	return app.Config{
		Addr: c.Addr, AdminAddr: c.AdminAddr, PublicURL: c.PublicURL,
		Proxies: c.proxies(), TLSCert: c.TLSCert, TLSKey: c.TLSKey,
		CloudURL: c.CloudURL, AuthURL: c.AuthURL, ManagementURL: c.ManagementURL,
		AuditPath: c.auditPath(), SessionStore: c.SessionStore, SessionIdle: c.SessionIdle, SessionMax: c.SessionMax,
		Sandbox: c.Sandbox, SandboxAddr: c.SandboxAddr, SandboxUsers: c.SandboxUsers, SandboxProvisioning: orAtOnce(c.SandboxProvisioning),
		SandboxStorageAddr: c.SandboxS3Addr, SandboxPropagation: orAtOnce(c.SandboxPropagation), SandboxAwkwardSecrets: c.SandboxAwkward,
	}
}

// orAtOnce is the sandbox's own way to say it: there, zero is the default and
// anything below it is at once.
func orAtOnce(d time.Duration) time.Duration { return cmp.Or(d, -1) }

// proxies are the trusted ones, of a checked configuration.
func (c config) proxies() []netip.Prefix {
	trusted, err := forwarded.ParseTrusted(c.TrustedProxies)
	if err != nil {
		return nil // nobody
	}
	return trusted
}

// auditPath is the file for the audit log; empty where it is a stream.
func (c config) auditPath() string {
	if c.AuditLog == "stdout" || c.AuditLog == "stderr" {
		return ""
	}
	return c.AuditLog
}
