package ionos_test

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ttl  time.Duration
		want string
	}{
		{12 * time.Hour, "GET /auth/v1/tokens/generate?ttl=43200"},
		{time.Second, "GET /auth/v1/tokens/generate?ttl=60"},
		{1000 * 24 * time.Hour, "GET /auth/v1/tokens/generate?ttl=31536000"},
	}
	for _, test := range tests {
		for _, contract := range []string{"", "12345678901"} {
			p := play(t, answer(200, `{"token":"`+token().Reveal()+`"}`))
			got, err := p.client.SignIn(t.Context(), keys.Credentials{
				Email: "jürgen@example.com", Password: secret.New("pä:ss\n"), Contract: contract,
			}, test.ttl)
			if err != nil || !got.Equal(token()) {
				t.Fatalf("error %v, the token %v", err, got.Equal(token()))
			}
			want := "Basic " + base64.StdEncoding.EncodeToString([]byte("jürgen@example.com:pä:ss\n"))
			if diff := cmp.Diff([]string{want}, p.sent[0].header.Values("Authorization")); diff != "" {
				t.Errorf("(-want +sent)\n%s", diff)
			}
			if got := p.sent[0].header.Get("X-Contract-Number"); got != contract || p.sent[0].line != test.want {
				t.Errorf("sent %s for contract %q", p.sent[0].line, got)
			}
		}
	}
}

func TestSignInColon(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		credentials keys.Credentials
		kind        error
	}{
		{keys.Credentials{Email: "a:b", Password: secret.New("c")}, keys.ErrUnauthorized},
		{keys.Credentials{Email: "a@example.com", Contract: "12\r\nX: y"}, keys.ErrInvalid},
		{keys.Credentials{Email: "a@example.com", Contract: "123456789012345678901"}, keys.ErrInvalid},
	} {
		p := play(t, answer(200, `{"token":"x"}`))
		if _, err := p.client.SignIn(t.Context(), test.credentials, time.Hour); !errors.Is(err, test.kind) || len(p.sent) != 0 {
			t.Errorf("%+v: got error %v, sent %q", test.credentials, err, p.lines())
		}
	}
}

// TestDoContract where the person named one and the API takes it.
func TestDoContract(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		p := play(t, says(404, "no"))
		p.Remote = p.client.As(keys.Access{Token: token(), Contract: "31415926"})
		if c.name == "SignIn" || c.name == "Renew" || c.name == "Revoke" {
			continue
		}
		_ = c.run(t.Context(), p)
		want := "31415926"
		switch c.name {
		case "OwnKeys", "CreateOwnKey", "RenewOwnKey", "DeleteOwnKey", "Regions":
			want = "" // the Management API takes the token's
		}
		if got := p.sent[0].header.Get("X-Contract-Number"); got != want {
			t.Errorf("%s: named contract %q, want %q", c.name, got, want)
		}
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	access := keys.Access{Token: token(), Contract: "31415926"}
	for _, body := range []string{`{"success":true}`, `{}`, ``} {
		p := play(t, answer(200, body))
		if err := p.client.Revoke(t.Context(), access, requestID); err != nil {
			t.Errorf("%q: %v", body, err)
		}
		sent := p.sent[0]
		if sent.line != "DELETE /auth/v1/tokens/"+requestID || sent.header.Get("X-Contract-Number") != "31415926" {
			t.Errorf("sent %s %v", sent.line, sent.header)
		}
	}
	err := play(t, answer(200, `{"success":false}`)).client.Revoke(t.Context(), access, requestID)
	if !errors.Is(err, keys.ErrUnavailable) {
		t.Errorf("got error %v", err)
	}
}

// TestSignInStaleConnection: on a connection that the API has closed meanwhile,
// net/http repeats a GET by itself. A token is not made that way.
func TestSignInStaleConnection(t *testing.T) {
	t.Parallel()
	var made atomic.Int64
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if made.Add(1) == 1 {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"token":"`+token().Reveal()+`"}`)
			return
		}
		panic(http.ErrAbortHandler) // the answer is lost, on a connection in use before
	}))
	defer api.Close()
	client, err := ionos.New(ionos.Config{ManagementURL: api.URL, CloudURL: api.URL, AuthURL: api.URL})
	if err != nil {
		t.Fatal(err)
	}
	credentials := keys.Credentials{Email: "a@example.com", Password: secret.New("b")}
	if _, err := client.SignIn(t.Context(), credentials, time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := client.SignIn(t.Context(), credentials, time.Hour); !errors.Is(err, keys.ErrUnavailable) {
		t.Errorf("the lost answer: %v", err)
	}
	if got := made.Load(); got != 2 {
		t.Errorf("%d tokens made, want 2", got)
	}
}
