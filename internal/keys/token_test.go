package keys_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"keydeck/internal/keys"
)

// jwt returns a token as the API issues it: RS256, about 1.2 KB.
func jwt(name string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256","kid":"`+name+`"}`)) + "." +
		encode([]byte(`{"iss":"ionoscloud","identity":{"uuid":"`+name+strings.Repeat("x", 500)+`"}}`)) + "." +
		encode([]byte(strings.Repeat("s", 256)))
}

func wrap(text string, width int, line string) string {
	var wrapped strings.Builder
	for len(text) > width {
		wrapped.WriteString(text[:width] + line)
		text = text[width:]
	}
	return wrapped.String() + text
}

func TestParseToken(t *testing.T) {
	t.Parallel()
	token, other := jwt("one"), jwt("two")
	tests := []struct {
		name, text string
		want       error // nil: the token
	}{
		{"as it is", token, nil},
		{"line break", token + "\r\n", nil},
		{"bearer", "Bearer " + token, nil},
		{"header", "Authorization: Bearer " + token, nil},
		{"header of curl", `-H 'Authorization: Bearer ` + token + `' https://api.ionos.com/`, nil},
		{"quotes", `"` + token + `"`, nil},
		{"typographic quotes", "“" + token + "”", nil},
		{"variable", "export IONOS_TOKEN=" + token, nil},
		{"variable in quotes", `IONOS_TOKEN="` + token + `"; export IONOS_TOKEN`, nil},
		{"JSON", `{"token":"` + token + `"}`, nil},
		{"JSON in lines", "{\n  \"token\": \"" + token + "\"\n}", nil},
		{"YAML", "token: " + token + "\nother: value", nil},
		{"byte order mark", "\ufeff" + token, nil},
		{"zero width space", token + "\u200b", nil},
		{"zero width space inside", token[:40] + "\u200b" + token[40:], nil},
		{"no-break spaces", "\u00a0" + token + "\u00a0", nil},
		{"wrapped", wrap(token, 76, "\n"), nil},
		{"wrapped, spaces", wrap(token, 76, " "), nil},
		{"wrapped and indented", "token: " + wrap(token, 64, "\n    "), nil},
		{"wrapped in JSON", `{"token":"` + wrap(token, 80, "\n") + `"}`, nil},
		{"end of a sentence", "The token is " + token + ".", nil},
		{"in a sentence", "The token " + token + " is for tests", nil},
		{"twice the same", token + "\n" + token, nil},
		{"two", token + "\n" + other, keys.ErrManyTokens},
		{"two in JSON", `{"old":"` + token + `","new":"` + other + `"}`, keys.ErrManyTokens},
		{"very many", strings.Repeat("eyJ ", 2000), keys.ErrManyTokens},
		{"half", token[:len(token)/2], keys.ErrTokenCut},
		{"no signature", token[:strings.LastIndex(token, ".")+1], keys.ErrTokenCut},
		{"nothing", "", keys.ErrNoToken},
		{"words", "not a token", keys.ErrNoToken},
		{"password", "hunter2.hunter3.hunter4", keys.ErrNoToken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := keys.ParseToken(test.text)
			switch {
			case test.want != nil && !errors.Is(err, test.want):
				t.Errorf("error %v, want %v", err, test.want)
			case test.want == nil && (err != nil || got.Reveal() != token):
				t.Errorf("error %v, the token %v", err, got.Reveal() == token)
			}
		})
	}
}

// FuzzParseToken wraps a token in surroundings: the token is found, or the reason
// is a true one.
func FuzzParseToken(f *testing.F) {
	token := jwt("one")
	f.Add("Bearer ", "", 76)
	f.Add(`{"token":"`, `"}`, 0)
	f.Add("export IONOS_TOKEN='", "'\n", 64)
	f.Add("\ufeff", "\u200b\r\n", 1)
	f.Add("eyJ. ", " eyJhbGciOiJub25lIn0.e30.x", 0)
	f.Fuzz(func(t *testing.T, before, after string, width int) {
		text := token
		if width > 0 {
			text = wrap(token, width, "\n")
		}
		got, err := keys.ParseToken(before + " " + text + " " + after)
		switch {
		case err == nil && got.Reveal() == token, errors.Is(err, keys.ErrInvalid) && strings.Contains(before+after, "eyJ"):
		case width > 0 && width < 8: // no word says where it begins
		default:
			t.Errorf("%q, %q, %d: error %v, another token %v", before, after, width, err, err == nil)
		}
	})
}
