package ionos_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// jwt puts a token together.
func jwt(header, payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(payload)) + "." + encode([]byte("signature"))
}

func payload(identity string) string { return jwt(`{}`, `{"identity":{`+identity+`}}`) }

func TestIdentify(t *testing.T) {
	t.Parallel()
	user := `"uuid":"` + userID + `"`
	tests := []struct {
		name, token string
		want        keys.Identity
	}{
		{"complete", jwt(`{"alg":"RS256","kid":"`+requestID+`"}`, `{"iss":"ionoscloud","exp":1893456000,"identity":{`+user+`,"contractNumber":12345678,"role":"owner"}}`),
			keys.Identity{UserID: userID, Contract: "12345678", Owner: true, TokenID: requestID, Expires: time.Unix(1893456000, 0)}},
		{"no owner", payload(user + `,"role":"user"`), keys.Identity{UserID: userID}},
		{"contract number in quotes", payload(user + `,"contractNumber":"12345678"`), keys.Identity{UserID: userID, Contract: "12345678"}},
		{"contract number null", payload(user + `,"contractNumber":null`), keys.Identity{UserID: userID}},
		{"a fraction of a second", jwt(`{}`, `{"exp":1893456000.5,"identity":{`+user+`}}`), keys.Identity{UserID: userID, Expires: time.Unix(1893456000, 0)}},
		{"a token id that can name none", jwt(`{"kid":"../x"}`, `{"identity":{`+user+`}}`), keys.Identity{UserID: userID}},
	}
	client := newClient(t, ionos.Config{})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := client.Identify(secret.New(test.token))
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("error %v (-want +got)\n%s", err, diff)
			}
		})
	}
}

func TestIdentifyInvalid(t *testing.T) {
	t.Parallel()
	user := `"uuid":"` + userID + `"`
	good := payload(user)
	client := newClient(t, ionos.Config{})
	for name, token := range map[string]string{
		"nothing":                 "",
		"words":                   "this is no token",
		"two parts":               good[:strings.LastIndex(good, ".")],
		"four parts":              good + ".x",
		"an empty signature":      good[:strings.LastIndex(good, ".")+1],
		"padding":                 good + "=",
		"the other alphabet":      "+/" + good,
		"a line break":            good[:10] + "\n" + good[10:],
		"a space at the end":      good + " ",
		"Bearer":                  "Bearer " + good,
		"too long":                payload(user + `,"x":"` + strings.Repeat("x", 9000) + `"`),
		"no JSON":                 jwt(`{`, `{`),
		"a list":                  jwt(`{}`, `[]`),
		"null":                    jwt(`null`, `null`),
		"no identity":             jwt(`{}`, `{}`),
		"no user":                 payload(`"role":"owner"`),
		"a user that can be none": payload(`"uuid":"../../x"`),
		"a user of a wrong type":  payload(`"uuid":7`),
		"a contract of words":     payload(user + `,"contractNumber":"12 34"`),
		"a contract of a list":    payload(user + `,"contractNumber":[1]`),
		"a contract below zero":   payload(user + `,"contractNumber":-1`),
		"an end before all time":  jwt(`{}`, `{"exp":-1,"identity":{`+user+`}}`),
		"an end beyond all time":  jwt(`{}`, `{"exp":1e300,"identity":{`+user+`}}`),
		"an end of words":         jwt(`{}`, `{"exp":"soon","identity":{`+user+`}}`),
	} {
		got, err := client.Identify(secret.New(token))
		if !errors.Is(err, keys.ErrInvalid) || !errors.Is(err, keys.ErrNoToken) || got != (keys.Identity{}) {
			t.Errorf("%s: got %+v, error %v", name, got, err)
		}
	}
}

// FuzzIdentify: whatever is pasted into the token's field, what comes out can
// be put into addresses and headers.
func FuzzIdentify(f *testing.F) {
	client, err := ionos.New(ionos.Config{ManagementURL: "http://a", CloudURL: "http://a", AuthURL: "http://a"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token().Reveal())
	f.Add(payload(`"uuid":"` + userID + `","contractNumber":"1"`))
	f.Fuzz(func(t *testing.T, text string) {
		identity, err := client.Identify(secret.New(text))
		if err != nil {
			if !errors.Is(err, keys.ErrInvalid) || identity != (keys.Identity{}) {
				t.Errorf("got %+v, error %v", identity, err)
			}
			return
		}
		if !keys.ValidUserID(identity.UserID) || strings.Trim(identity.Contract, "0123456789") != "" {
			t.Errorf("user %q of contract %q", identity.UserID, identity.Contract)
		}
		if identity.TokenID != "" && !keys.ValidAccessKey(identity.TokenID) {
			t.Errorf("token id %q", identity.TokenID)
		}
		if strings.ContainsAny(text, "\r\n\x00 ") || len(text) > 8<<10 {
			t.Errorf("%q is taken for a token", text)
		}
		if _, err := identity.Expires.MarshalText(); err != nil {
			t.Error(err)
		}
	})
}
