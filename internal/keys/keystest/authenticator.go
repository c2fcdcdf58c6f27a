package keystest

import (
	"errors"
	"testing"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// AuthFixture is people who can, or cannot, sign in.
type AuthFixture struct {
	keys.Authenticator
	Owner, Member keys.Credentials
	TwoFactor     keys.Credentials // right, and yet not enough
	// Now is the clock that tokens are made by.
	Now func() time.Time
}

// TestAuthenticator runs the suite for keys.Authenticator. fresh is called for
// every test.
func TestAuthenticator(t *testing.T, fresh func(t *testing.T) AuthFixture) {
	for name, run := range map[string]func(*testing.T, AuthFixture){
		"a token that opens the APIs":        tokenOpens,
		"wrong, unknown and two-factor":      refusedAlike,
		"a token ends when it is revoked":    tokenRevoked,
		"what is no token is not identified": noToken,
		"sign-in ends with its context":      signInCanceled,
	} {
		t.Run(name, func(t *testing.T) { run(t, fresh(t)) })
	}
}

func tokenOpens(t *testing.T, f AuthFixture) {
	const ttl = 90 * time.Minute
	for _, credentials := range []keys.Credentials{f.Owner, f.Member} {
		token := must[secret.Value](t)(f.SignIn(t.Context(), credentials, ttl))
		identity := must[keys.Identity](t)(f.Identify(token))
		if !keys.ValidUserID(identity.UserID) || identity.Contract == "" || identity.TokenID == "" {
			t.Errorf("identity %+v", identity)
		}
		if identity.Owner != (credentials.Email == f.Owner.Email) {
			t.Errorf("%s: owner %v", credentials.Email, identity.Owner)
		}
		if life := identity.Expires.Sub(f.Now()); life < ttl-time.Minute || life > ttl+time.Minute {
			t.Errorf("the token lives for %v, want %v", life, ttl)
		}
		user := must[keys.User](t)(f.As(keys.Access{Token: token}).User(t.Context(), identity.UserID))
		if user.Email != credentials.Email {
			t.Errorf("signed in as %s, want %s", user.Email, credentials.Email)
		}
	}
}

func refusedAlike(t *testing.T, f AuthFixture) {
	wrong, unknown := f.Member, f.Member
	wrong.Password = secret.New("wrong")
	unknown.Email = "unknown@example.com"
	for _, credentials := range []keys.Credentials{wrong, unknown, f.TwoFactor, {}} {
		token, err := f.SignIn(t.Context(), credentials, time.Hour)
		wantKind(t, credentials.Email, err, keys.ErrUnauthorized)
		if !token.IsZero() {
			t.Error("a token all the same")
		}
	}
}

func tokenRevoked(t *testing.T, f AuthFixture) {
	token := must[secret.Value](t)(f.SignIn(t.Context(), f.Member, time.Hour))
	other := must[secret.Value](t)(f.SignIn(t.Context(), f.Member, time.Hour))
	identity := must[keys.Identity](t)(f.Identify(token))
	if err := f.Revoke(t.Context(), keys.Access{Token: token}, identity.TokenID); err != nil {
		t.Fatal(err)
	}
	_, err := f.As(keys.Access{Token: token}).User(t.Context(), identity.UserID)
	wantKind(t, "User", err, keys.ErrUnauthorized)
	wantKind(t, "again", f.Revoke(t.Context(), keys.Access{Token: token}, identity.TokenID), keys.ErrUnauthorized, keys.ErrNotFound)
	wantKind(t, "by another token", f.Revoke(t.Context(), keys.Access{Token: other}, identity.TokenID), keys.ErrNotFound)
	must[keys.User](t)(f.As(keys.Access{Token: other}).User(t.Context(), identity.UserID))
}

func noToken(t *testing.T, f AuthFixture) {
	for _, text := range []string{"", "token", "a.b.c", "e30.e30.e30", "\n"} {
		_, err := f.Identify(secret.New(text))
		if wantKind(t, text, err, keys.ErrInvalid); !errors.Is(err, keys.ErrNoToken) {
			t.Errorf("%q: it is not said to be no token: %v", text, err)
		}
	}
}

func signInCanceled(t *testing.T, f AuthFixture) {
	_, err := f.SignIn(canceled(t), f.Member, time.Hour)
	wantKind(t, "SignIn", err, keys.ErrUnavailable)
	wantKind(t, "Revoke", f.Revoke(canceled(t), keys.Access{}, unknownID), keys.ErrUnavailable)
}
