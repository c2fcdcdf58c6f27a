package app

import (
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"time"
)

// Config is what the console is made from. Addresses may have port 0, for a
// free one.
type Config struct {
	Addr      string // the console's own
	AdminAddr string // health, readiness and metrics
	PublicURL string // what browsers use, where it differs from Addr; may be empty

	Proxies         []netip.Prefix // whose X-Forwarded-* are believed
	TLSCert, TLSKey string         // files; without them the console speaks plain http

	// Where the remote APIs are; not looked at with Sandbox.
	CloudURL, AuthURL, ManagementURL string

	// Where it is written down what was done: a file, or else a stream; nowhere
	// without both.
	AuditPath string
	AuditOut  io.Writer

	SessionStore            string // as session.Open takes it
	SessionIdle, SessionMax time.Duration

	Sandbox             bool          // run the APIs in this process and use them
	SandboxAddr         string        // where they listen
	SandboxUsers        int           // in the contract; fewer than its own dozen are a dozen
	SandboxProvisioning time.Duration // as in sandbox.Config: zero is its default, below zero is at once
	SandboxPropagation  time.Duration // the same
	SandboxStorageAddr  string        // where its S3 endpoint listens; empty for none

	SandboxAwkwardSecrets bool // as in sandbox.Config

	Version string           // empty is "dev"
	Logger  *slog.Logger     // nil is none
	Now     func() time.Time // nil is time.Now
}

// complete fills in what may be left out.
func (c Config) complete() Config {
	if c.Version == "" {
		c.Version = "dev"
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// validate catches a mistake in wiring. What people write is checked where
// it is read, in words that name the variable.
func (c Config) validate() error {
	switch {
	case c.Addr == "" || c.AdminAddr == "":
		return errors.New("app: the console and the admin server need an address each")
	case c.Sandbox && c.SandboxAddr == "":
		return errors.New("app: the sandbox needs an address")
	case !c.Sandbox && (c.CloudURL == "" || c.AuthURL == "" || c.ManagementURL == ""):
		return errors.New("app: without the sandbox, each of the three APIs needs an address")
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("app: a certificate needs its key, and a key its certificate")
	case c.SessionStore == "":
		return errors.New("app: the sessions need a store")
	case c.SessionIdle <= 0 || c.SessionMax < c.SessionIdle:
		return errors.New("app: the sessions need an idle limit above zero and an absolute limit no shorter than it")
	}
	return nil
}
