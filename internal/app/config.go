package app

import (
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"time"
)

// Config configures an App. Addresses may have port 0, for any free port.
type Config struct {
	Addr      string // the console's own
	AdminAddr string // health, readiness and metrics
	PublicURL string // the URL that browsers use; empty if that is Addr

	Proxies         []netip.Prefix // trusted to set X-Forwarded-*
	TLSCert, TLSKey string         // files; empty for plain http

	// The remote APIs; ignored with Sandbox.
	CloudURL, AuthURL, ManagementURL string

	// AllowPrivateEndpoints: keys are tested at endpoints with other than public
	// addresses, too. With Sandbox they always are.
	AllowPrivateEndpoints bool

	// The audit log: a file, or else a stream; neither discards it.
	AuditPath string
	AuditOut  io.Writer

	SessionStore            string // a URL for kv.Open
	SessionIdle, SessionMax time.Duration

	KeyMaxAge time.Duration // from which age on a key is marked as old; zero for none

	Patience time.Duration // for APIs, before a page is begun with what is known; zero waits for the whole page

	Sandbox             bool          // run the APIs in this process and use them
	SandboxAddr         string        // where they listen
	SandboxUsers        int           // in the contract, at least a dozen
	SandboxProvisioning time.Duration // as in sandbox.Config: 0 is its default, negative is none
	SandboxPropagation  time.Duration // as in sandbox.Config
	SandboxStorageAddr  string        // where its S3 endpoint listens; empty for none

	SandboxSpecialSecrets bool   // as in sandbox.Config
	SandboxRealEndpoints  bool   // as in sandbox.Config
	SandboxSuspendedKeys  bool   // as in sandbox.Config
	SandboxSeed           string // a file for sandbox.Config.Seed; empty for none
	SandboxExpose         bool   // let it listen on other than loopback addresses

	Version string           // "dev" if empty
	Logger  *slog.Logger     // nil discards
	Now     func() time.Time // time.Now if nil
}

// complete returns c with its defaults set.
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

// validate returns an error for an incomplete configuration. The command
// validates the environment and names the variable.
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
