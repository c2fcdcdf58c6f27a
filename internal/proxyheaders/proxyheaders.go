// Package proxyheaders restores a request as the browser sent it: it takes
// address, scheme and host from the X-Forwarded-* headers of trusted proxies, and
// restores the path prefix that some proxies strip. It knows neither pages nor
// sessions nor Echo.
package proxyheaders

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Config describes the proxies in front of the console.
type Config struct {
	// Public is the URL that browsers use; nil means the console's own address.
	Public *url.URL
	// Trusted are the proxies whose headers count.
	Trusted []netip.Prefix
}

// origin is the browser's side of a request.
type origin struct {
	address netip.Addr
	tls     bool
	local   bool // the browser runs on this machine
}

type originKey struct{}

// Wrap returns a handler that calls next with requests as browsers sent them.
func Wrap(cfg Config, next http.Handler) http.Handler {
	base := cfg.base()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, host := cfg.origin(r)
		if host != "" {
			outer := *r // the caller's request keeps its host
			outer.Host = host
			r = &outer
		}
		found.local = found.local && namesThisMachine(r)
		r = r.WithContext(context.WithValue(r.Context(), originKey{}, found))
		r.Header = withoutForwarded(r.Header)
		if len(r.TransferEncoding) > 0 {
			// The request may have a Content-Length too, which net/http drops. A
			// proxy that uses it would take the rest for another request.
			w.Header().Set("Connection", "close")
		}
		if base != "" {
			r.URL = within(base, r.URL)
		}
		next.ServeHTTP(w, r)
	})
}

// OverTLS reports whether the browser's connection is encrypted.
func OverTLS(r *http.Request) bool {
	if found, ok := r.Context().Value(originKey{}).(origin); ok {
		return found.tls
	}
	return r.TLS != nil
}

// Address returns the browser's IP address, as far as trusted proxies report it.
func Address(r *http.Request) string {
	if found, ok := r.Context().Value(originKey{}).(origin); ok && found.address.IsValid() {
		return found.address.String()
	}
	return peer(r).String()
}

// origin returns the origin of a request, and the host that a trusted proxy
// reports, if any. The scheme of the public URL counts where a trusted proxy says
// nothing of the scheme; a request that comes around the proxy is not encrypted
// for being meant to be.
func (c Config) origin(r *http.Request) (found origin, host string) {
	from := peer(r)
	found = origin{address: from, tls: r.TLS != nil}
	forwarded := isForwarded(r.Header)
	found.local = from.IsLoopback() && !forwarded && r.ProtoAtLeast(1, 1)
	if !c.trusts(from) {
		return found, ""
	}
	h := r.Header
	found.address = c.client(from, h.Values("X-Forwarded-For"))
	if forwarded {
		found.local = from.IsLoopback() && found.address.IsLoopback() && h.Get("X-Forwarded-For") != ""
	}
	proto := strings.ToLower(nearest(h.Values("X-Forwarded-Proto")))
	https := c.Public != nil && c.Public.Scheme == "https"
	found.tls = found.tls || proto == "https" || proto == "" && https
	if name := nearest(h.Values("X-Forwarded-Host")); validHost(name) {
		host = name
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

// client returns the last address that is not a trusted proxy's. The addresses
// before it can be forged.
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

// parseAddress parses an address with or without a port.
func parseAddress(text string) (netip.Addr, bool) {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone(""), true
	}
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return address.Unmap().WithZone(""), err == nil
}

// nearest returns the last value, which the nearest proxy has added.
func nearest(lines []string) string {
	all := strings.Join(lines, ",")
	return strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:])
}

// validHost reports whether host is valid in a URL, with or without a port.
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

// withoutForwarded returns a copy of h without the proxies' headers, so that no
// handler trusts them.
func withoutForwarded(h http.Header) http.Header {
	h = h.Clone()
	for name := range h {
		if ofProxy(name) {
			delete(h, name)
		}
	}
	return h
}

// base returns the path of the public URL, without a trailing slash.
func (c Config) base() string {
	if c.Public == nil {
		return ""
	}
	return strings.TrimSuffix(c.Public.Path, "/")
}

// within returns u with the prefix base, which a proxy may have stripped.
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
