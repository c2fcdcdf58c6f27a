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

// Client is a client of the three APIs for all users: one client of each SDK
// and one set of connections. It is safe for concurrent use.
type Client struct {
	management *management.APIClient
	cloud      *cloud.APIClient
	auth       *auth.APIClient
	limiter    *limiter
	timeout    time.Duration
}

var (
	_ keys.Authenticator = (*Client)(nil)
	_ keys.Remote        = session{}
)

// New returns a client. It returns an error that names an invalid address or
// environment variable. It makes no request.
func New(cfg Config) (*Client, error) {
	if err := CheckEnvironment(os.Environ()); err != nil {
		return nil, err
	}
	disableSDKLogging()
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
	limiter := newLimiter(cfg.MaxInFlight)
	client := newHTTPClient(cfg, limiter)
	return &Client{
		management: newManagementClient(managementURL, cfg.UserAgent, client),
		cloud:      newCloudClient(cloudURL, cfg.UserAgent, client),
		auth:       newAuthClient(authURL, cfg.UserAgent, client),
		limiter:    limiter,
		timeout:    cfg.Timeout,
	}, nil
}

// As returns the APIs as the bearer of a token sees them. It allocates next to
// nothing: the token travels in each call's context.
func (c *Client) As(access keys.Access) keys.Remote { return bounded{session{c, access}} }

// session is the APIs with one user's token.
type session struct {
	client *Client
	access keys.Access
}

// authorize puts the token where the SDKs expect it.
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

// newHTTPClient returns a client that follows no redirect: the token would go
// along.
func newHTTPClient(cfg Config, limiter *limiter) *http.Client {
	return &http.Client{
		Transport: &transport{
			base: cfg.Transport, limiter: limiter, observe: cfg.Observe,
			now: cfg.Now, random: cfg.Random, wait: cfg.Wait,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// The configurations below are written out, since the SDKs' constructors read
// the environment. MaxRetries counts attempts; if unset there is one.

func newManagementClient(address, userAgent string, client *http.Client) *management.APIClient {
	c := management.NewAPIClient(&shared.Configuration{
		UserAgent: userAgent,
		Servers:   shared.ServerConfigurations{{URL: address}},
	})
	// Set afterwards: NewAPIClient copies the configuration through JSON, which
	// loses an http.Client and prints an error.
	c.GetConfig().HTTPClient = client
	return c
}

func newCloudClient(address, userAgent string, client *http.Client) *cloud.APIClient {
	return cloud.NewAPIClient(&cloud.Configuration{
		UserAgent:  userAgent,
		Servers:    cloud.ServerConfigurations{{URL: address}},
		HTTPClient: client,
		// Depth 0, the SDK's default, returns references without properties.
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
