package ionos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// maxToken bounds a token, in bytes. Real ones have 800 to 1,700.
const maxToken = 8 << 10

// maxExpiry is the end of the year 9999, after which times have no text.
const maxExpiry = 253402300799

// tokenForm is the compact form of a signed JWT. The parser itself skips line
// breaks, which no header may hold, and ignores the signature.
var tokenForm = regexp.MustCompile(`^[\w-]+\.[\w-]+\.[\w-]+$`)

// claims are the claims of a token that the console reads.
type claims struct {
	jwt.RegisteredClaims
	Identity struct {
		UUID           string          `json:"uuid"`
		ContractNumber json.RawMessage `json:"contractNumber"`
		Role           string          `json:"role"`
	} `json:"identity"`
}

// Identify implements keys.Authenticator. It does not verify the signature,
// whose key is not published: anyone can write such a token, and its claims
// count only as long as the APIs accept it.
func (c *Client) Identify(token secret.Value) (keys.Identity, error) { return identify(token) }

func identify(token secret.Value) (keys.Identity, error) {
	if len(token.Reveal()) > maxToken || !tokenForm.MatchString(token.Reveal()) {
		return keys.Identity{}, notAToken("it is no JWT")
	}
	var read claims
	parsed, _, err := jwt.NewParser().ParseUnverified(token.Reveal(), &read)
	if err != nil && !errors.Is(err, jwt.ErrTokenUnverifiable) { // an unknown algorithm does not matter
		return keys.Identity{}, notAToken("its parts are no claims") // err may quote the token
	}
	expires, inTime := expiry(read.ExpiresAt)
	number, numbered := contractNumber(read.Identity.ContractNumber)
	if !keys.ValidUserID(read.Identity.UUID) || !inTime || !numbered {
		return keys.Identity{}, notAToken("no user is in it")
	}
	identity := keys.Identity{
		UserID:   read.Identity.UUID,
		Contract: number,
		Owner:    read.Identity.Role == string(keys.RoleOwner),
		Expires:  expires,
	}
	if id, _ := parsed.Header["kid"].(string); keys.ValidAccessKey(id) { // otherwise it cannot be revoked
		identity.TokenID = id
	}
	return identity, nil
}

// expiry returns when a token expires, or the zero time if it has no such claim.
// ok is false for a time out of range.
func expiry(date *jwt.NumericDate) (at time.Time, ok bool) {
	if date == nil {
		return time.Time{}, true
	}
	seconds := date.Unix()
	return time.Unix(seconds, 0), seconds >= 0 && seconds <= maxExpiry
}

// contractNumber parses a contract number, which is a number or a string of
// digits, and may be missing.
func contractNumber(raw json.RawMessage) (string, bool) {
	number := string(bytes.Trim(raw, `"`))
	if number == "null" {
		number = ""
	}
	return number, digits(number)
}

func notAToken(why string) error {
	return &keys.Error{Kind: keys.ErrInvalid, Op: "identify", Err: fmt.Errorf("%w: %s", keys.ErrNoToken, why)}
}
