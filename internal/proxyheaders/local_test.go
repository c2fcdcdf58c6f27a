package proxyheaders_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"keydeck/internal/proxyheaders"
)

const (
	here   = "127.0.0.1:4711"
	far    = "203.0.113.9:4711"
	https  = "https://keys.example.com"
	proxy  = "127.0.0.1, 10.0.0.0/8"
	inside = "10.1.1.1:4711"
)

// origins are requests by their way.
var origins = []struct {
	name, peer, host, public, trusted string
	header                            http.Header
	tls, old                          bool // over TLS of our own; over HTTP/1.0
	local, secure, encrypted          bool
}{
	{name: "this machine", peer: here, host: "127.0.0.1:8080", local: true},
	{name: "this machine by name", peer: here, host: "localhost:8080", local: true},
	{name: "this machine, IPv6", peer: "[::1]:4711", host: "[::1]:8080", local: true},
	{name: "this machine, IPv4 in IPv6", peer: "[::ffff:127.0.0.1]:4711", host: "127.0.0.1", local: true},
	{name: "this machine, form", peer: here, host: "127.0.0.1:8080", header: http.Header{"Origin": {"http://127.0.0.1:8080"}}, local: true},
	{name: "this machine, TLS", peer: here, host: "127.0.0.1:8443", tls: true, local: true, secure: true, encrypted: true},
	{name: "another name", peer: here, host: "keys.example.com", secure: true},
	{name: "another machine's word", peer: far, host: "127.0.0.1:8080", secure: true},
	{name: "another machine", peer: far, host: "keys.example.com", secure: true},
	{name: "another machine, TLS", peer: far, host: "keys.example.com", tls: true, secure: true, encrypted: true},
	{name: "nginx as it comes", peer: here, host: "127.0.0.1:8080", old: true, secure: true},
	{name: "nginx with HTTP/1.1, form", peer: here, host: "127.0.0.1:8080", header: http.Header{"Origin": {"http://keys.example.com"}}, secure: true},
	{name: "opaque form", peer: here, host: "127.0.0.1:8080", header: http.Header{"Origin": {"null"}}, secure: true},
	{name: "untrusted proxy", peer: here, host: "127.0.0.1:8080", header: http.Header{"X-Forwarded-For": {"127.0.0.1"}}, secure: true},
	{name: "untrusted proxy, another header", peer: here, host: "127.0.0.1:8080", header: http.Header{"Via": {"1.1 proxy"}}, secure: true},
	{name: "untrusted proxy, standard header", peer: here, host: "127.0.0.1:8080", header: http.Header{"Forwarded": {"for=127.0.0.1"}}, secure: true},
	{name: "untrusted word on TLS", peer: here, host: "127.0.0.1:8080", header: http.Header{"X-Forwarded-Proto": {"https"}}, secure: true},
	{name: "trusted proxy, plain http", peer: here, host: "127.0.0.1:8080", public: https, trusted: proxy,
		header: http.Header{"X-Forwarded-For": {"203.0.113.5"}, "X-Forwarded-Proto": {"http"}}, secure: true},
	{name: "trusted proxy, plain http, no address", peer: here, host: "127.0.0.1:8080", public: https, trusted: proxy,
		header: http.Header{"X-Forwarded-Proto": {"http"}}, secure: true},
	{name: "trusted proxy, plain http, its Host", peer: here, host: "127.0.0.1:8080", public: https, trusted: proxy,
		header: http.Header{"X-Forwarded-For": {"203.0.113.5"}, "X-Forwarded-Proto": {"http"}, "X-Forwarded-Host": {"localhost"}}, secure: true},
	{name: "trusted proxy, TLS", peer: here, host: "127.0.0.1:8080", public: https, trusted: proxy,
		header: http.Header{"X-Forwarded-For": {"203.0.113.5"}, "X-Forwarded-Proto": {"https"}}, secure: true, encrypted: true},
	{name: "trusted proxy for this machine", peer: here, host: "127.0.0.1:8080", trusted: proxy,
		header: http.Header{"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Proto": {"http"}}, local: true},
	{name: "trusted proxy elsewhere for its own machine", peer: inside, host: "127.0.0.1:8080", trusted: proxy,
		header: http.Header{"X-Forwarded-For": {"127.0.0.1"}}, secure: true},
	{name: "trusted proxy, forged address before", peer: here, host: "127.0.0.1:8080", trusted: proxy,
		header: http.Header{"X-Forwarded-For": {"127.0.0.1, 203.0.113.5"}}, secure: true},
	{name: "trusted proxy, silent, https in public", peer: inside, host: "keys.example.com", public: https, trusted: proxy, secure: true, encrypted: true},
	{name: "around the proxy, https in public", peer: far, host: "10.1.2.3:8080", public: https, trusted: proxy, secure: true},
	{name: "https in public, no proxy trusted", peer: far, host: "10.1.2.3:8080", public: https, secure: true},
	{name: "https in public, no proxy trusted, its name", peer: far, host: "keys.example.com", public: https, secure: true},
	{name: "https in public, this machine", peer: here, host: "127.0.0.1:8080", public: https, local: true},
}

// TestLocal is what a request needs to be taken for one of this machine, and what
// its cookies are like.
func TestLocal(t *testing.T) {
	t.Parallel()
	for _, tt := range origins {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/sign-in", nil)
			r.Host, r.RemoteAddr = tt.host, tt.peer
			for name, values := range tt.header {
				r.Header[name] = values
			}
			if tt.tls {
				r.TLS = &tls.ConnectionState{}
			}
			if tt.old {
				r.Proto, r.ProtoMinor = "HTTP/1.0", 0
			}
			seen := through(t, tt.public, tt.trusted, r)
			if got := proxyheaders.Local(seen); got != tt.local {
				t.Errorf("on this machine: %v", got)
			}
			if got := proxyheaders.SecureCookie(seen); got != tt.secure {
				t.Errorf("Secure: %v", got)
			}
			if got := proxyheaders.OverTLS(seen); got != tt.encrypted {
				t.Errorf("encrypted: %v", got)
			}
		})
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1:8080": true, "127.8.9.1": true, "localhost": true, "LOCALHOST:80": true, "localhost.": true,
		"keys.localhost:1": true, "[::1]:8080": true, "[::1]": true, "::1": true,
		"keys.example.com": false, "127.0.0.1.example.com": false, "localhost.example.com": false, "10.0.0.1": false,
		"0.0.0.0": false, "": false, "[::ffff:10.0.0.1]": false, "notlocalhost": false, "127.0.0.1:80@evil.example": false,
	} {
		if got := proxyheaders.Loopback(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
