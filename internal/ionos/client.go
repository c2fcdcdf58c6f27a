package ionos

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"time"

	auth "github.com/ionos-cloud/sdk-go-auth"
	management "github.com/ionos-cloud/sdk-go-bundle/products/objectstoragemanagement/v2"
	"github.com/ionos-cloud/sdk-go-bundle/shared"
	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// Client is the three APIs for everybody who is signed in: one client of each
// SDK and one set of connections. It is safe for concurrent use.
type Client struct {
	management *management.APIClient
	cloud      *cloud.APIClient
	auth       *auth.APIClient
	gate       *gate
	timeout    time.Duration
}

var (
	_ keys.Authenticator = (*Client)(nil)
	_ keys.Remote        = session{}
)

// New makes a client, or says which address or which variable of the
// environment stands in the way. It calls nobody.
func New(cfg Config) (*Client, error) {
	if err := CheckEnvironment(os.Environ()); err != nil {
		return nil, err
	}
	quiet()
	cfg = cfg.complete()
	managementURL, err := baseURL("Management", cfg.ManagementURL)
	if err != nil {
		return nil, err
	}
	cloudURL, err := baseURL("Cloud", cfg.CloudURL)
	if err != nil {
		return nil, err
	}
	authURL, err := baseURL("Auth", cfg.AuthURL)
	if err != nil {
		return nil, err
	}
	gate := newGate(cfg.AtOnce)
	client := newHTTPClient(cfg, gate)
	return &Client{
		management: newManagementClient(managementURL, cfg.UserAgent, client),
		cloud:      newCloudClient(cloudURL, cfg.UserAgent, client),
		auth:       newAuthClient(authURL, cfg.UserAgent, client),
		gate:       gate,
		timeout:    cfg.Timeout,
	}, nil
}

// As gives the APIs as the bearer of a token sees them. It costs nothing: the
// token travels in each call's context.
func (c *Client) As(access keys.Access) keys.Remote { return session{c, access} }

// session is the APIs with one person's token.
type session struct {
	client *Client
	access keys.Access
}

// authorize puts the token where the SDKs look for it.
func (s session) authorize(ctx context.Context, at api) context.Context {
	token := s.access.Token.Reveal()
	switch at {
	case managementAPI:
		return context.WithValue(ctx, shared.ContextAccessToken, token)
	case cloudAPI:
		return context.WithValue(ctx, cloud.ContextAccessToken, token)
	default:
		return context.WithValue(ctx, auth.ContextAccessToken, token)
	}
}

// newHTTPClient never follows a redirect: the token would go along.
func newHTTPClient(cfg Config, gate *gate) *http.Client {
	return &http.Client{
		Transport: &transport{
			base: cfg.Transport, gate: gate, observe: cfg.Observe,
			now: cfg.Now, random: cfg.Random, wait: cfg.Wait,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// The configurations below are written out, as the SDKs' constructors read the
// environment. MaxRetries counts tries; without it there is one.

func newManagementClient(address, userAgent string, client *http.Client) *management.APIClient {
	c := management.NewAPIClient(&shared.Configuration{
		UserAgent: userAgent,
		Servers:   shared.ServerConfigurations{{URL: address}},
	})
	// Not above: NewAPIClient copies by way of JSON, which an http.Client does
	// not survive, and would print so.
	c.GetConfig().HTTPClient = client
	return c
}

func newCloudClient(address, userAgent string, client *http.Client) *cloud.APIClient {
	return cloud.NewAPIClient(&cloud.Configuration{
		UserAgent:  userAgent,
		Servers:    cloud.ServerConfigurations{{URL: address}},
		HTTPClient: client,
		// Depth 0, the SDK's default, gives references without properties.
		DefaultQueryParams: url.Values{"depth": {"1"}, "pretty": {"false"}},
	})
}

func newAuthClient(address, userAgent string, client *http.Client) *auth.APIClient {
	return auth.NewAPIClient(&auth.Configuration{
		UserAgent:  userAgent,
		Servers:    auth.ServerConfigurations{{URL: address}},
		HTTPClient: client,
	})
}
