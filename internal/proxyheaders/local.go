package proxyheaders

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Local reports whether a request comes from this machine without a network in
// between. The Host header does not say so: a proxy in front may set it to the
// console's own address. So the peer's address has to be a loopback address, and
// the browser's one too if a trusted proxy reports it; no other proxy may have left
// a header; Host and Origin have to name this machine. A request of HTTP/1.0 is not
// local: no browser sends one, and nginx does by default.
func Local(r *http.Request) bool {
	found, ok := r.Context().Value(originKey{}).(origin)
	return ok && found.local
}

// SecureCookie reports whether a cookie for this request is marked Secure: always,
// except over plain http on this machine, where some clients would not return it.
func SecureCookie(r *http.Request) bool { return OverTLS(r) || !Local(r) }

// namesThisMachine reports whether the names in a request are of this machine.
func namesThisMachine(r *http.Request) bool {
	if !Loopback(r.Host) {
		return false
	}
	from := r.Header.Get("Origin")
	if from == "" {
		return true
	}
	page, err := url.Parse(from)
	return err == nil && Loopback(page.Host)
}

// isForwarded reports whether a proxy has left a header.
func isForwarded(h http.Header) bool {
	for name := range h {
		if ofProxy(name) {
			return true
		}
	}
	return false
}

// ofProxy reports whether proxies set a header of this name.
func ofProxy(name string) bool {
	switch name {
	case "Forwarded", "Via", "X-Real-Ip", "X-Url-Scheme":
		return true
	}
	return strings.HasPrefix(name, "X-Forwarded-")
}

// Loopback reports whether a host, with or without a port, names this machine.
func Loopback(host string) bool {
	if name, port, err := net.SplitHostPort(host); err == nil && strings.Trim(port, "0123456789") == "" {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
