package ionos

import (
	"context"
	"net"
	"net/http"
	"net/url"

	"keydeck/internal/keys"
)

// proxyError is why the proxy in front of the APIs did not connect. Its text holds
// nothing of the proxy's response but the status, and no credentials.
type proxyError struct{ text string }

func (e *proxyError) Error() string { return e.text }

// Is makes it a [keys.ErrProxy].
func (e *proxyError) Is(target error) bool { return target == keys.ErrProxy }

// refusedConnect returns the error of a proxy's response to CONNECT. By itself
// net/http returns the reason phrase without its origin.
func refusedConnect(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	text := http.StatusText(response.StatusCode)
	if text == "" {
		text = "unknown status"
	}
	return &proxyError{"proxyconnect: " + text}
}

// unreachableProxy returns the error of a connection to the proxy itself, or nil for
// another one.
func unreachableProxy(err *net.OpError) error {
	if err.Op != "proxyconnect" && err.Op != "socks connect" {
		return nil
	}
	return &proxyError{sanitize(err.Error())}
}
