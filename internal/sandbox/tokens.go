package sandbox

import (
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// issuer is what every token says of its maker.
const issuer = "ionoscloud"

// claims is a token's payload.
type claims struct {
	jwt.RegisteredClaims
	Client   string   `json:"client"`
	Identity identity `json:"identity"`
}

type identity struct {
	UUID           string   `json:"uuid"`
	ContractNumber int64    `json:"contractNumber"`
	ResellerID     int      `json:"resellerId"`
	Role           role     `json:"role"`
	RegDomain      string   `json:"regDomain"`
	Privileges     []string `json:"privileges"`
	IsParent       bool     `json:"isParent"`
}

// issuedToken is what is remembered of a token. Only lists and revocation
// need it: a token that this process never issued counts as well, so that
// sessions outlive a restart.
type issuedToken struct {
	id               string
	created, expires time.Time
}

// Token issues a token for the user with this e-mail address, as the vendor's
// token manager would: also for two-factor users, and already expired when ttl
// is negative. It is empty for an unknown user.
func (s *Sandbox) Token(email string, ttl time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.state.userNamed(email)
	if u == nil {
		return ""
	}
	token, err := s.issue(u, u.contracts[0], ttl)
	if err != nil {
		return ""
	}
	return token
}

func (s *Sandbox) issue(u *user, in *contract, ttl time.Duration) (string, error) {
	now := s.now()
	it := issuedToken{id: s.newUUID(), created: now, expires: now.Add(ttl)}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, IssuedAt: jwt.NewNumericDate(now.Add(min(ttl, 0))), ExpiresAt: jwt.NewNumericDate(it.expires),
		},
		Client: "USER",
		Identity: identity{
			UUID: u.id, ContractNumber: in.number, ResellerID: 1, Role: u.role,
			RegDomain: registrationDomain, Privileges: u.privileges(),
		},
	})
	token.Header["kid"] = it.id
	signer, err := s.signingKey()
	if err != nil {
		return "", err
	}
	signed, err := token.SignedString(signer)
	if err != nil {
		return "", fmt.Errorf("sandbox: signing a token: %w", err)
	}
	u.tokens = append(u.tokens, it)
	return signed, nil
}

// maxSigned is how many tokens with a good signature are remembered.
const maxSigned = 10_000

// signed is what a token with a good signature says.
type signed struct {
	claims claims
	id     string
}

// verify checks signature, issuer and expiry, and gives the token's id. A token
// comes with every call, and its signature does not change.
func (s *Sandbox) verify(raw string) (claims, string, error) {
	token, ok := s.signed.Get(raw)
	if !ok {
		var err error
		if token, err = s.verifySignature(raw); err != nil {
			return claims{}, "", err
		}
		s.signed.Add(raw, token)
	}
	valid := jwt.NewValidator(jwt.WithTimeFunc(s.now), jwt.WithExpirationRequired(), jwt.WithIssuer(issuer))
	if err := valid.Validate(token.claims); err != nil {
		return claims{}, "", err
	}
	return token.claims, token.id, nil
}

func (s *Sandbox) verifySignature(raw string) (signed, error) {
	var c claims
	token, err := jwt.ParseWithClaims(raw, &c, func(*jwt.Token) (any, error) {
		signer, err := s.signingKey()
		if err != nil {
			return nil, err
		}
		return &signer.PublicKey, nil
	}, jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithoutClaimsValidation())
	if err != nil {
		return signed{}, err
	}
	id, _ := token.Header["kid"].(string)
	return signed{c, id}, nil
}

// revoke ends a token, whether or not it is in the user's list.
func (s *state) revoke(u *user, id string) {
	s.revoked[id] = true
	u.tokens = slices.DeleteFunc(u.tokens, func(t issuedToken) bool { return t.id == id })
}
