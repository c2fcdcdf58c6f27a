package ionos_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/sandbox"
	"keydeck/internal/secret"
)

func TestClientConformance(t *testing.T) {
	t.Parallel()
	keystest.TestRemote(t, func(t *testing.T) keystest.Fixture {
		apis := newSandbox(t)
		return keystest.Fixture{
			Owner:         apis.person(t, "owner@keydeck.example"),
			Administrator: apis.person(t, "admin@keydeck.example"),
			Member:        apis.person(t, "member@keydeck.example"),
			Full:          apis.person(t, "full@keydeck.example"),
			Guest:         apis.person(t, "guest@keydeck.example"),
			Stranger:      apis.client.As(keys.Access{Token: expired(t, apis)}),
			Settle:        func() { apis.clock.pass(time.Minute) },
		}
	})
}

func TestClientAuthenticatorConformance(t *testing.T) {
	t.Parallel()
	keystest.TestAuthenticator(t, func(t *testing.T) keystest.AuthFixture {
		apis := newSandbox(t)
		return keystest.AuthFixture{
			Authenticator: apis.client,
			Owner:         credentials("owner@keydeck.example"),
			Member:        credentials("member@keydeck.example"),
			TwoFactor:     credentials("twofa@keydeck.example"),
			Now:           apis.clock.now,
		}
	})
}

// apis is the sandbox, with a client of it and a clock that only tests move.
type apis struct {
	sandbox *sandbox.Sandbox
	client  *ionos.Client
	clock   *clock
}

func newSandbox(t *testing.T) apis {
	t.Helper()
	clock := &clock{at: time.Now()}
	box, err := sandbox.New(sandbox.Config{Now: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	return apis{sandbox: box, clock: clock, client: newClient(t, ionos.Config{Transport: memory{box}})}
}

func credentials(email string) keys.Credentials {
	return keys.Credentials{Email: email, Password: secret.New("sandbox")}
}

// person signs a user in.
func (a apis) person(t *testing.T, email string) keystest.Person {
	t.Helper()
	token, err := a.client.SignIn(t.Context(), credentials(email), time.Hour)
	if err != nil {
		t.Fatalf("signing %s in: %v", email, err)
	}
	identity, err := a.client.Identify(token)
	if err != nil {
		t.Fatal(err)
	}
	return keystest.Person{Remote: a.client.As(keys.Access{Token: token}), Identity: identity, Email: email}
}

// expired gives a token whose time is over.
func expired(t *testing.T, a apis) secret.Value {
	t.Helper()
	token := a.sandbox.Token("owner@keydeck.example", -time.Hour)
	if token == "" {
		t.Fatal("the sandbox gives no token")
	}
	return secret.New(token)
}

// clock stands still until it is told to move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// memory carries requests to a handler without a network.
type memory struct{ handler http.Handler }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.RequestURI = r.URL.RequestURI()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	m.handler.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

// newClient fills in what most tests do not care for.
func newClient(t *testing.T, cfg ionos.Config) *ionos.Client {
	t.Helper()
	const host = "http://apis.test"
	if cfg.ManagementURL == "" {
		cfg.ManagementURL = host
	}
	if cfg.CloudURL == "" {
		cfg.CloudURL = host + "/cloudapi/v6"
	}
	if cfg.AuthURL == "" {
		cfg.AuthURL = host + "/auth/v1"
	}
	client, err := ionos.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
