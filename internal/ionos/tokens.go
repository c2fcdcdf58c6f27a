package ionos

import (
	"context"
	"strconv"
	"strings"
	"time"

	auth "github.com/ionos-cloud/sdk-go-auth"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// The Auth API's limits for the lifetime of a token.
const (
	minTokenTTL = time.Minute
	maxTokenTTL = 365 * 24 * time.Hour
)

// SignIn implements keys.Authenticator. It limits ttl to what the API accepts.
// The password is sent with this one request and not kept.
func (c *Client) SignIn(ctx context.Context, credentials keys.Credentials, ttl time.Duration) (secret.Value, error) {
	if strings.Contains(credentials.Email, ":") {
		// In Basic authentication the part after the colon would belong to the
		// password. No account's address has a colon.
		return secret.Value{}, &keys.Error{Kind: keys.ErrUnauthorized, Op: makeToken.name}
	}
	op := makeToken
	op.hidden = credentials.Password.Reveal()
	anonymous := session{client: c, access: keys.Access{Contract: credentials.Contract}}
	ctx = context.WithValue(ctx, auth.ContextBasicAuth, auth.BasicAuth{
		UserName: credentials.Email, Password: op.hidden,
	})
	return generate(ctx, anonymous, op, ttl)
}

// Renew implements keys.Authenticator. It limits ttl to what the API accepts.
func (c *Client) Renew(ctx context.Context, access keys.Access, ttl time.Duration) (secret.Value, error) {
	return generate(ctx, session{c, access}, renewToken, ttl)
}

// generate makes a token. It is tried once: the API makes one for every request
// that reaches it, and only the one whose answer arrives can be revoked.
func generate(ctx context.Context, s session, op operation, ttl time.Duration) (secret.Value, error) {
	seconds := min(max(ttl, minTokenTTL), maxTokenTTL) / time.Second
	op.query = "ttl=" + strconv.FormatInt(int64(seconds), 10)
	token, call, err := do(ctx, s, op, func(ctx context.Context) (auth.Jwt, *auth.APIResponse, error) {
		return s.client.auth.TokensApi.TokensGenerate(ctx).Execute()
	})
	if err != nil {
		return secret.Value{}, err
	}
	if value(token.Token) == "" {
		return secret.Value{}, call.decodeError("has no token")
	}
	return secret.New(*token.Token), nil
}

// Revoke implements keys.Authenticator.
func (c *Client) Revoke(ctx context.Context, access keys.Access, tokenID string) error {
	if !keys.ValidAccessKey(tokenID) {
		return unknown(revokeToken)
	}
	deleted, call, err := do(ctx, session{c, access}, revokeToken, func(ctx context.Context) (auth.DeleteResponse, *auth.APIResponse, error) {
		return c.auth.TokensApi.TokensDeleteById(ctx, tokenID).Execute()
	})
	if err == nil && deleted.Success != nil && !*deleted.Success {
		return call.decodeError("reports a failure")
	}
	return err
}
