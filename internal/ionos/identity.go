package ionos

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"keydeck/internal/keys"
)

// maxToken bounds what is taken for a token. Real ones have 0.8 to 1.7 KB.
const maxToken = 8 << 10

// lastSecond is the end of the year 9999, after which times have no text.
const lastSecond = 253402300799

// Identify implements keys.Authenticator. Anybody can write such a token: what
// it says counts only as long as the APIs go on accepting it.
func (c *Client) Identify(token keys.Secret) (keys.Identity, error) { return identify(token) }

func identify(token keys.Secret) (keys.Identity, error) {
	header, payload, ok := openToken(token.Reveal())
	if !ok {
		return keys.Identity{}, notAToken("it is no JWT")
	}
	var head struct {
		KeyID string `json:"kid"`
	}
	var claims struct {
		Expires  json.Number `json:"exp"`
		Identity struct {
			UUID           string          `json:"uuid"`
			ContractNumber json.RawMessage `json:"contractNumber"`
			Role           string          `json:"role"`
		} `json:"identity"`
	}
	if json.Unmarshal(header, &head) != nil || json.Unmarshal(payload, &claims) != nil {
		return keys.Identity{}, notAToken("its parts are no claims")
	}
	expires, inTime := tokenEnd(claims.Expires)
	number, numbered := contractNumber(claims.Identity.ContractNumber)
	if !keys.ValidUserID(claims.Identity.UUID) || !inTime || !numbered {
		return keys.Identity{}, notAToken("no user is in it")
	}
	identity := keys.Identity{
		UserID:   claims.Identity.UUID,
		Contract: number,
		Owner:    claims.Identity.Role == string(keys.RoleOwner),
		Expires:  expires,
	}
	if keys.ValidAccessKey(head.KeyID) { // else nothing that could be revoked
		identity.TokenID = head.KeyID
	}
	return identity, nil
}

// openToken takes a JWT apart without looking at its signature.
func openToken(token string) (header, payload []byte, ok bool) {
	parts := strings.Split(token, ".")
	if len(token) > maxToken || len(parts) != 3 {
		return nil, nil, false
	}
	var decoded [3][]byte
	for i, part := range parts {
		// The decoder skips line breaks, which no header may hold.
		if part == "" || strings.ContainsAny(part, "\r\n") {
			return nil, nil, false
		}
		var err error
		if decoded[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return nil, nil, false
		}
	}
	return decoded[0], decoded[1], true
}

// tokenEnd reads when a token expires: zero when it does not say.
func tokenEnd(number json.Number) (time.Time, bool) {
	if number == "" {
		return time.Time{}, true
	}
	seconds, err := number.Float64()
	if err != nil || seconds < 0 || seconds > lastSecond {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0), true
}

// contractNumber reads a contract number, which is a number or a string of
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
