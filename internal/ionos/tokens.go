package ionos

import (
	"context"
	"strconv"
	"strings"
	"time"

	auth "github.com/ionos-cloud/sdk-go-auth"

	"keydeck/internal/keys"
)

// The shortest and longest life that the Auth API gives a token.
const (
	minTokenLife = time.Minute
	maxTokenLife = 365 * 24 * time.Hour
)

// SignIn implements keys.Authenticator. A ttl outside of what the API knows is
// brought within. The password goes out with this one request and is not kept.
func (c *Client) SignIn(ctx context.Context, credentials keys.Credentials, ttl time.Duration) (keys.Secret, error) {
	if strings.Contains(credentials.Email, ":") {
		// In Basic authentication the colon would move the rest of the address
		// over to the password. No address of an account has one.
		return keys.Secret{}, &keys.Error{Kind: keys.ErrUnauthorized, Op: makeToken.name}
	}
	seconds := min(max(ttl, minTokenLife), maxTokenLife) / time.Second
	op := makeToken
	op.query = "ttl=" + strconv.FormatInt(int64(seconds), 10)
	op.hidden = credentials.Password.Reveal()
	nobody := session{client: c, access: keys.Access{Contract: credentials.Contract}}
	ctx = context.WithValue(ctx, auth.ContextBasicAuth, auth.BasicAuth{
		UserName: credentials.Email, Password: op.hidden,
	})
	made, x, err := ask(ctx, nobody, op, func(ctx context.Context) (auth.Jwt, *auth.APIResponse, error) {
		return c.auth.TokensApi.TokensGenerate(ctx).Execute()
	})
	if err != nil {
		return keys.Secret{}, err
	}
	if value(made.Token) == "" {
		return keys.Secret{}, x.unreadable("has no token")
	}
	return keys.NewSecret(*made.Token), nil
}

// Revoke implements keys.Authenticator.
func (c *Client) Revoke(ctx context.Context, access keys.Access, tokenID string) error {
	if !keys.ValidAccessKey(tokenID) {
		return unknown(revokeToken)
	}
	gone, x, err := ask(ctx, session{c, access}, revokeToken, func(ctx context.Context) (auth.DeleteResponse, *auth.APIResponse, error) {
		return c.auth.TokensApi.TokensDeleteById(ctx, tokenID).Execute()
	})
	if err == nil && gone.Success != nil && !*gone.Success {
		return x.unreadable("says that it did not succeed")
	}
	return err
}
