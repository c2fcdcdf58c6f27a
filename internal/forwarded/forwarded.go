// Package forwarded undoes what proxies do to a request on its way: it finds
// the browser's address, scheme and host in the X-Forwarded-* headers, which
// are believed from trusted proxies alone, and puts back the path prefix that
// some of them strip. It knows nothing of pages, sessions or Echo.
package forwarded

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Config says what stands between browsers and the console.
type Config struct {
	// Public is the address that browsers use; nil where it is the console's
	// own.
	Public *url.URL
	// Trusted are the proxies whose word counts.
	Trusted []netip.Prefix
}

// way is how a request came.
type way struct {
	address netip.Addr
	tls     bool
}

type wayKey struct{}

// Wrap has next see requests as browsers sent them.
func Wrap(cfg Config, next http.Handler) http.Handler {
	base := cfg.base()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, host := cfg.way(r)
		r = r.WithContext(context.WithValue(r.Context(), wayKey{}, found))
		r.Header = withoutWord(r.Header)
		if host != "" {
			r.Host = host
		}
		if len(r.TransferEncoding) > 0 {
			// It may have told a length as well, which net/http drops: a proxy
			// that goes by that would take what follows for another's request.
			w.Header().Set("Connection", "close")
		}
		if base != "" {
			r.URL = within(base, r.URL)
		}
		next.ServeHTTP(w, r)
	})
}

// OverTLS reports whether the browser's side of the connection is encrypted.
func OverTLS(r *http.Request) bool {
	if found, ok := r.Context().Value(wayKey{}).(way); ok {
		return found.tls
	}
	return r.TLS != nil
}

// Address is the browser's, as far as trusted proxies tell it.
func Address(r *http.Request) string {
	if found, ok := r.Context().Value(wayKey{}).(way); ok && found.address.IsValid() {
		return found.address.String()
	}
	return peer(r).String()
}

// way reads how a request came, and by which name where a proxy tells another.
func (c Config) way(r *http.Request) (found way, host string) {
	found = way{address: peer(r), tls: r.TLS != nil}
	https := c.Public != nil && c.Public.Scheme == "https"
	switch {
	case len(c.Trusted) == 0:
		// Whoever set the public address has said that all comes through it.
		found.tls = found.tls || https
	case c.trusts(found.address):
		found.address = c.client(found.address, r.Header.Values("X-Forwarded-For"))
		proto := strings.ToLower(nearest(r.Header.Values("X-Forwarded-Proto")))
		found.tls = found.tls || proto == "https" || proto == "" && https
		if name := nearest(r.Header.Values("X-Forwarded-Host")); validHost(name) {
			host = name
		}
	}
	return found, host
}

func (c Config) trusts(address netip.Addr) bool {
	for _, prefix := range c.Trusted {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// client goes back along the addresses that proxies have added, as far as the
// proxies are trusted: what stands before that anybody could have written.
func (c Config) client(from netip.Addr, lines []string) netip.Addr {
	list := strings.Split(strings.Join(lines, ","), ",")
	for i := len(list) - 1; i >= 0; i-- {
		address, ok := parseAddress(strings.TrimSpace(list[i]))
		if !ok {
			return from
		}
		if from = address; !c.trusts(address) {
			return from
		}
	}
	return from
}

// parseAddress reads an address, with a port or without.
func parseAddress(text string) (netip.Addr, bool) {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone(""), true
	}
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return address.Unmap().WithZone(""), err == nil
}

// nearest is the last of the values: that of the proxy which asked us.
func nearest(lines []string) string {
	all := strings.Join(lines, ",")
	return strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:])
}

// validHost takes a host as it can stand in an address, with a port or without.
func validHost(host string) bool {
	return host != "" && len(host) <= 255 && !strings.ContainsFunc(host, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(".-_:[]", r)
	})
}

func peer(r *http.Request) netip.Addr {
	with, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return with.Addr().Unmap().WithZone("")
}

// withoutWord is a header that says nothing of the way any more, so that nobody
// further in believes it.
func withoutWord(h http.Header) http.Header {
	h = h.Clone()
	for name := range h {
		if strings.HasPrefix(name, "X-Forwarded-") {
			delete(h, name)
		}
	}
	for _, name := range []string{"Forwarded", "X-Real-Ip", "X-Url-Scheme"} {
		delete(h, name)
	}
	return h
}

// base is the path of the public address, without a slash at its end.
func (c Config) base() string {
	if c.Public == nil {
		return ""
	}
	return strings.TrimSuffix(c.Public.Path, "/")
}

// within is an address under the prefix, whether a proxy has stripped that or
// not.
func within(base string, u *url.URL) *url.URL {
	if !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, base+"/") {
		return u
	}
	moved := *u
	if u.Path == base {
		moved.Path, moved.RawPath = base+"/", ""
		return &moved
	}
	moved.Path = base + u.Path
	if u.RawPath != "" {
		moved.RawPath = base + u.RawPath
	}
	return &moved
}

// Loopback reports whether a host, with a port or without, is this machine.
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

// SecureCookie reports whether a cookie of this request is to be marked Secure:
// always, but for plain http that does not leave the machine, where some
// clients would not send it back. A client that lies in its Host header makes
// nothing but its own cookie weaker.
func SecureCookie(r *http.Request) bool { return OverTLS(r) || !Loopback(r.Host) }
