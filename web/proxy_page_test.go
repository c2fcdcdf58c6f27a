package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"keydeck/internal/keys"
	"keydeck/web"
)

// behindProxy are APIs that a proxy does not connect to.
type behindProxy struct{ keys.Remote }

func (behindProxy) OwnKeys(context.Context) ([]keys.Key, error)          { return nil, errBehindProxy }
func (behindProxy) UserKeys(context.Context, string) ([]keys.Key, error) { return nil, errBehindProxy }

var errBehindProxy = &keys.Error{Kind: keys.ErrUnavailable, Op: "list keys", Err: keys.ErrProxy}

type proxiedAuth struct{ keys.Authenticator }

func (p proxiedAuth) As(access keys.Access) keys.Remote {
	return behindProxy{p.Authenticator.As(access)}
}

// TestProxyPage: a page that lacks its data because of the proxy says so, and does
// not blame IONOS.
func TestProxyPage(t *testing.T) {
	t.Parallel()
	c := newConsole(t, func(cfg *web.Config) { cfg.Auth = proxiedAuth{cfg.Auth} })
	answer := c.signIn("member@keydeck.example").get(keysPage)
	text := answer.doc(t).Text("main")
	if answer.status != http.StatusBadGateway || !strings.Contains(text, "The proxy that this console uses") {
		t.Errorf("%d: %s", answer.status, text)
	}
	if !strings.Contains(c.log.String(), keys.ErrProxy.Error()) {
		t.Errorf("the log does not name the cause: %s", c.log.String())
	}
}
