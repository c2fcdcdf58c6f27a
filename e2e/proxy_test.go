package e2e

import (
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/app"
)

// startBehind starts a console that a proxy serves under a path.
func startBehind(t *testing.T, strip bool) *console {
	t.Helper()
	var target *url.URL
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.SetXForwarded()
		if strip {
			r.Out.URL.Path = strings.TrimPrefix(r.Out.URL.Path, at)
			r.Out.URL.RawPath = ""
		}
	}})
	t.Cleanup(proxy.Close)
	c := startConsole(t, func(cfg *app.Config) {
		cfg.PublicURL, cfg.Proxies = proxy.URL+at+"/", []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	var err error
	target, err = url.Parse(c.app.URL())
	check(t, err)
	c.url = proxy.URL + at
	return c
}
