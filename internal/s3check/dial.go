package s3check

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// errNotPublic is the error of an endpoint whose address is not a public one.
var errNotPublic = errors.New("s3check: the address is not a public one")

// reserved are networks that netip does not take for private, and that lead to no
// public host, or to a host of another network by way of a gateway.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared address space of providers
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), // IPv4 by NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // IPv4 by 6to4
	netip.MustParsePrefix("fec0::/10"),
}

// public reports whether an address is one of the internet: neither of this machine,
// nor of its network, nor reserved.
func public(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	return address.IsGlobalUnicast() && !address.IsPrivate() &&
		!slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(address) })
}

// checkAddress refuses a connection to an address that is not public. A dialer calls
// it with the address that a name was resolved to, for every attempt, so that a name
// that resolves to another address the next time gains nothing.
func checkAddress(_, address string, _ syscall.RawConn) error {
	with, err := netip.ParseAddrPort(address)
	if err != nil || !public(with.Addr()) {
		return errNotPublic
	}
	return nil
}

// newTransport returns a transport without keep-alive: checks are rare. Through a
// proxy, it is the proxy that resolves names and connects; an endpoint that is an
// address is checked all the same.
func newTransport(private bool) http.RoundTripper {
	direct := net.Dialer{Timeout: dialTimeout}
	if private {
		return transportOf(direct, http.ProxyFromEnvironment)
	}
	checked := direct
	checked.Control = checkAddress
	return &publicOnly{direct: transportOf(checked, nil), proxied: transportOf(direct, http.ProxyFromEnvironment)}
}

const dialTimeout = 5 * time.Second

// publicOnly sends requests to public addresses.
type publicOnly struct{ direct, proxied http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t *publicOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	proxy, err := http.ProxyFromEnvironment(r)
	if err != nil {
		return nil, err
	}
	if proxy == nil {
		return t.direct.RoundTrip(r)
	}
	if address, err := netip.ParseAddr(r.URL.Hostname()); err == nil && !public(address) {
		return nil, errNotPublic
	}
	return t.proxied.RoundTrip(r)
}
