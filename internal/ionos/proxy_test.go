package ionos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
)

// TestProxyErrors: why a proxy did not connect is in the error, and not its words
// nor its credentials; the API is not blamed, and nothing is unclear.
func TestProxyErrors(t *testing.T) {
	t.Parallel()
	answering := func(status int) string {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, canary, status)
		}))
		t.Cleanup(proxy.Close)
		return proxy.URL
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, tt := range map[string]struct{ proxy, says string }{
		"wants credentials":     {answering(407), "proxyconnect: Proxy Authentication Required"},
		"forbids":               {answering(403), "proxyconnect: Forbidden"},
		"fails":                 {answering(502), "proxyconnect: Bad Gateway"},
		"has a code of its own": {answering(599), "proxyconnect: unknown status"},
		"does not listen":       {closed.URL, "proxyconnect tcp: dial tcp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, err := url.Parse(strings.Replace(tt.proxy, "://", "://user:"+canary[:6]+"@", 1))
			if err != nil {
				t.Fatal(err)
			}
			transport := ionos.NewHTTPTransport()
			transport.Proxy = http.ProxyURL(at)
			t.Cleanup(transport.CloseIdleConnections)
			const api = "https://api.example"
			client := newClient(t, ionos.Config{
				ManagementURL: api, CloudURL: api + "/cloudapi/v6", AuthURL: api + "/auth/v1", Transport: transport,
			})
			_, err = client.As(keys.Access{Token: token()}).CreateOwnKey(t.Context(), "")
			if !errors.Is(err, keys.ErrProxy) || !errors.Is(err, keys.ErrUnavailable) || keys.Indeterminate(err) {
				t.Errorf("got %v, unclear %v", err, keys.Indeterminate(err))
			}
			if text := fmt.Sprint(err); !strings.Contains(text, tt.says) || strings.Contains(text, canary[:6]) {
				t.Errorf("the error is %s, and lacks %q", text, tt.says)
			}
		})
	}
	_, err := play(t, func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }).OwnKeys(t.Context())
	if errors.Is(err, keys.ErrProxy) {
		t.Errorf("another error is a proxy's: %v", err)
	}
}
