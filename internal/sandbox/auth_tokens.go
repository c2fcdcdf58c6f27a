package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The bounds of a token's life, in seconds. A year is also the default.
const (
	minTTL = 60
	maxTTL = 31_536_000
)

func (u *user) unexpiredTokens(now time.Time) int {
	n := 0
	for _, t := range u.tokens {
		if t.expires.After(now) {
			n++
		}
	}
	return n
}

type tokenBody struct {
	ID             string `json:"id"`
	Href           string `json:"href"`
	CreatedDate    string `json:"createdDate"`
	ExpirationDate string `json:"expirationDate"`
}

type generatedBody struct {
	Token string `json:"token"`
}

type tokensBody struct {
	Tokens []tokenBody `json:"tokens"`
}

type deletedBody struct {
	Success bool `json:"success"`
}

func generateToken(c *call) (reply, error) {
	ttl := maxTTL
	if given := c.r.URL.Query().Get("ttl"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < minTTL || n > maxTTL {
			return reply{}, refuse(http.StatusBadRequest, "ttl must be a number of seconds from 60 to 31536000")
		}
		ttl = n
	}
	if c.maxTokens > 0 && c.caller.user.unexpiredTokens(c.now) >= c.maxTokens {
		return reply{}, refuse(http.StatusUnprocessableEntity,
			fmt.Sprintf("The maximum number of %d tokens per user has been reached", c.maxTokens))
	}
	token, err := c.issue(c.caller.user, c.caller.contract, time.Duration(ttl)*time.Second)
	if err != nil {
		return reply{}, err
	}
	c.caller.user.lastLogin = c.now
	return ok(generatedBody{token})
}

func listTokens(c *call) (reply, error) {
	list := []tokenBody{}
	for _, t := range c.caller.user.tokens {
		list = append(list, c.tokenBody(t))
	}
	return ok(tokensBody{list})
}

func getToken(c *call) (reply, error) {
	t, err := c.ownToken(c.vars[0])
	if err != nil {
		return reply{}, err
	}
	return ok(c.tokenBody(t))
}

func deleteToken(c *call) (reply, error) {
	t, err := c.ownToken(c.vars[0])
	if err != nil {
		return reply{}, err
	}
	c.state.revoke(c.caller.user, t.id)
	return ok(deletedBody{true})
}

// deleteTokens deletes by criteria. CURRENT means the token that was
// presented, so there is none with Basic.
func deleteTokens(c *call) (reply, error) {
	u := c.caller.user
	switch c.r.URL.Query().Get("criteria") {
	case "CURRENT":
		if c.caller.tokenID == "" {
			return reply{}, refuse(http.StatusBadRequest, "There is no current token with Basic authentication")
		}
		c.state.revoke(u, c.caller.tokenID)
	case "EXPIRED":
		u.tokens = slices.DeleteFunc(u.tokens, func(t issuedToken) bool { return !t.expires.After(c.now) })
	case "ALL":
		for len(u.tokens) > 0 {
			c.state.revoke(u, u.tokens[0].id)
		}
		if c.caller.tokenID != "" { // it may be from before a restart
			c.state.revoke(u, c.caller.tokenID)
		}
	default:
		return reply{}, refuse(http.StatusBadRequest, "criteria must be one of ALL, CURRENT, EXPIRED")
	}
	return ok(deletedBody{true})
}

// ownToken finds one of the caller's tokens; the one presented is theirs even
// if it was issued before a restart.
func (c *call) ownToken(id string) (issuedToken, error) {
	for _, t := range c.caller.user.tokens {
		if t.id == id {
			return t, nil
		}
	}
	if id == c.caller.tokenID {
		return issuedToken{id: id}, nil
	}
	return issuedToken{}, notFound()
}

func (c *call) tokenBody(t issuedToken) tokenBody {
	return tokenBody{
		ID: t.id, Href: c.url(authBase + "/tokens/" + t.id),
		CreatedDate:    t.created.UTC().Format(time.RFC3339),
		ExpirationDate: t.expires.UTC().Format(time.RFC3339),
	}
}
