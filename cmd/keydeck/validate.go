package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/proxyheaders"
)

// The Auth API's limits for the lifetime of a token. The token made at sign-in
// lives as long as the session.
const (
	minTokenTTL = 60 * time.Second
	maxTokenTTL = 365 * 24 * time.Hour
)

// validate returns an *invalidError for the first value that parses but is not
// valid.
func (c config) validate() error {
	checks := []error{
		checkAddr("KEYDECK_ADDR", c.Addr),
		checkAddr("KEYDECK_ADMIN_ADDR", c.AdminAddr),
		checkApart("KEYDECK_ADMIN_ADDR", c.AdminAddr, "KEYDECK_ADDR", c.Addr),
		checkPublicURL("KEYDECK_PUBLIC_URL", c.PublicURL),
		c.checkProxies(),
		c.checkTLS(),
		checkAPI("KEYDECK_CLOUD_API_URL", c.CloudURL),
		checkAPI("KEYDECK_AUTH_API_URL", c.AuthURL),
		checkAPI("KEYDECK_MANAGEMENT_API_URL", c.ManagementURL),
		checkStore("KEYDECK_SESSION_STORE", c.SessionStore),
		checkAudit("KEYDECK_AUDIT_LOG", c.AuditLog),
		c.checkIdle(),
		c.checkPatience(),
		c.checkMax(),
		checkChoice("KEYDECK_LOG_FORMAT", c.LogFormat, "text", "json"),
		checkChoice("KEYDECK_LOG_LEVEL", c.LogLevel, "debug", "info", "warn", "error"),
		checkAddr("KEYDECK_SANDBOX_ADDR", c.SandboxAddr),
		checkAddr("KEYDECK_SANDBOX_S3_ADDR", c.SandboxS3Addr),
		checkApart("KEYDECK_SANDBOX_S3_ADDR", c.SandboxS3Addr, "KEYDECK_SANDBOX_ADDR", c.SandboxAddr),
		c.checkUsers(),
		checkDelay("KEYDECK_SANDBOX_PROVISIONING", c.SandboxProvisioning),
		checkDelay("KEYDECK_SANDBOX_PROPAGATION", c.SandboxPropagation),
		checkSeed(c.SandboxSeed),
	}
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkAddr accepts host:port, where host is empty, an address or a name. It
// refuses ports by name: they depend on a file of the machine.
func checkAddr(variable, value string) error {
	invalid := func(wrong string) error {
		return &invalidError{variable, fmt.Sprintf("%q %s", value, wrong), "write host:port, such as 127.0.0.1:8080 or 0.0.0.0:8080"}
	}
	host, port, err := net.SplitHostPort(value)
	if err != nil {
		return invalid("is not an address")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return invalid("has no port from 0 to 65535")
	}
	if strings.ContainsAny(host, " /@?#") || strings.ContainsFunc(host, isControl) {
		return invalid("has no usable host")
	}
	return nil
}

// checkApart refuses the same address for two listeners. Port 0 stands for any
// free port, so it is never the same.
func checkApart(variable, value, other, otherValue string) error {
	_, port, _ := net.SplitHostPort(value)
	if value != otherValue || port == "0" {
		return nil
	}
	return &invalidError{variable, fmt.Sprintf("%q is the address of %s too", value, other), "give each its own port"}
}

func checkPublicURL(variable, value string) error {
	if value == "" {
		return nil
	}
	u, err := checkURL(variable, value, "https://keys.example.com")
	if err != nil {
		return err
	}
	if strings.Contains(u.Path, "//") || strings.Contains(u.Path+"/", "/../") || strings.Contains(u.Path+"/", "/./") ||
		u.RawPath != "" || strings.ContainsFunc(u.Path, unfitForPrefix) {
		return &invalidError{
			variable, fmt.Sprintf("%q has a path that cannot stand in front of every address", value),
			"write one of letters, digits, - and _, such as https://tools.example.com/keys/",
		}
	}
	return nil
}

// unfitForPrefix reports whether r would have to be escaped in a URL or in a
// cookie's path.
func unfitForPrefix(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.~/", r)
}

func (c config) checkProxies() error {
	if _, err := proxyheaders.ParseTrusted(c.TrustedProxies); err != nil {
		return &invalidError{"KEYDECK_TRUSTED_PROXIES", err.Error(), "write addresses and networks with commas between, such as 10.0.0.0/8,192.0.2.7"}
	}
	return nil
}

// checkTLS accepts both files or neither. app.New reads them.
func (c config) checkTLS() error {
	switch {
	case c.TLSCert != "" && c.TLSKey == "":
		return &invalidError{"KEYDECK_TLS_CERT", "a certificate is of no use without its key", "name the file with the key in KEYDECK_TLS_KEY"}
	case c.TLSCert == "" && c.TLSKey != "":
		return &invalidError{"KEYDECK_TLS_KEY", "a key is of no use without its certificate", "name the file with the certificate in KEYDECK_TLS_CERT"}
	}
	return nil
}

// checkAPI refuses plain http to other machines, since every request carries a
// token.
func checkAPI(variable, value string) error {
	u, err := checkURL(variable, value, "https://api.ionos.com/cloudapi/v6")
	if err != nil {
		return err
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return &invalidError{variable, fmt.Sprintf("%q would send tokens unencrypted", value), "write https://…; http:// is for this machine alone, such as http://127.0.0.1:9000"}
	}
	return nil
}

// checkURL accepts an absolute http or https URL without query and fragment. The
// error does not repeat a value that may hold a password.
func checkURL(variable, value, example string) (*url.URL, error) {
	shown := strconv.Quote(value)
	invalid := func(wrong string) error {
		return &invalidError{variable, shown + " " + wrong, "write an address such as " + example}
	}
	if strings.Contains(value, "@") {
		shown = "the value"
		return nil, invalid("has a user in it")
	}
	u, err := url.Parse(value)
	switch {
	case err != nil:
		return nil, invalid("is not a URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, invalid("does not begin with https:// or http://")
	case u.Hostname() == "":
		return nil, invalid("names no host")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, invalid("has a query")
	case strings.Contains(value, "#"):
		return nil, invalid("has a fragment")
	case strings.ContainsAny(value, "{}"): // which the SDKs take for variables
		return nil, invalid("has braces")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, invalid("has no port from 1 to 65535")
		}
	}
	return u, nil
}

// checkStore accepts the URL of a session store. The error does not repeat the
// value, which may hold a password.
func checkStore(variable, value string) error {
	const right = "write bolt:PATH, such as bolt:keydeck-sessions.db, or redis://HOST:PORT/0"
	kind, rest, _ := strings.Cut(value, ":")
	switch {
	case kind != "bolt" && !kv.IsRedis(kind):
		return &invalidError{variable, "it does not begin with bolt:, redis://, redis+sentinel://, redis+cluster:// (rediss for TLS) or unix://", right}
	case kind == "bolt" && rest == "":
		return &invalidError{variable, "it names no file", right}
	case kind != "bolt" && !strings.HasPrefix(rest, "//"):
		return &invalidError{variable, "it names no host", right}
	}
	return nil
}

// checkAudit refuses an invalid file name. app.New opens the file.
func checkAudit(variable, value string) error {
	if strings.HasSuffix(value, "/") || strings.ContainsFunc(value, isControl) {
		return &invalidError{variable, fmt.Sprintf("%q is no file", value), "write stdout, stderr or the path of a file, such as /var/log/keydeck/audit.log"}
	}
	return nil
}

func (c config) checkIdle() error {
	if c.SessionIdle > 0 {
		return nil
	}
	return &invalidError{"KEYDECK_SESSION_IDLE", fmt.Sprintf("%v is not above zero", c.SessionIdle), "write a time such as 30m"}
}

func (c config) checkPatience() error {
	if c.Patience >= 0 {
		return nil
	}
	return &invalidError{"KEYDECK_PATIENCE", fmt.Sprintf("%v is below zero", c.Patience), "write a time such as 100ms, or 0"}
}

func (c config) checkMax() error {
	const variable = "KEYDECK_SESSION_MAX"
	switch {
	case c.SessionMax < minTokenTTL || c.SessionMax > maxTokenTTL:
		return &invalidError{variable, fmt.Sprintf("%v is outside what the Auth API gives a token", c.SessionMax), "write a time from 60s to 8760h (365 days)"}
	case c.SessionMax < c.SessionIdle:
		return &invalidError{variable, fmt.Sprintf("%v is below KEYDECK_SESSION_IDLE, which is %v", c.SessionMax, c.SessionIdle), "make it at least as long"}
	}
	return nil
}

// maxSandboxUsers take about a hundred megabytes of memory.
const maxSandboxUsers = 100_000

func (c config) checkUsers() error {
	if c.SandboxUsers >= 0 && c.SandboxUsers <= maxSandboxUsers {
		return nil
	}
	return &invalidError{"KEYDECK_SANDBOX_USERS", fmt.Sprintf("%d is outside what the sandbox can have", c.SandboxUsers), "write a number from 0 to 100000"}
}

func checkDelay(variable string, value time.Duration) error {
	if value >= 0 {
		return nil
	}
	return &invalidError{variable, fmt.Sprintf("%v is below zero", value), "write a time such as 3s, or 0s for at once"}
}

func checkChoice(variable, value string, choices ...string) error {
	if slices.Contains(choices, value) {
		return nil
	}
	last := len(choices) - 1
	right := "write " + strings.Join(choices[:last], ", ") + " or " + choices[last]
	return &invalidError{variable, fmt.Sprintf("%q is not known", value), right}
}

func isLoopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// checkSeed leaves it to the start to read the file.
func checkSeed(path string) error {
	if !strings.HasSuffix(path, "/") {
		return nil
	}
	return &invalidError{"KEYDECK_SANDBOX_SEED", fmt.Sprintf("%q is a folder", path), "write the path of a JSON file"}
}
