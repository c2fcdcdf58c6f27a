package keys

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"keydeck/internal/secret"
)

var (
	// ErrTokenCut is the cause of an ErrInvalid: a text holds the beginning of a
	// token and not all of it.
	ErrTokenCut = errors.New("a part of the token is missing")
	// ErrManyTokens is the cause of an ErrInvalid: a text holds several tokens.
	ErrManyTokens = errors.New("more than one token")
)

var (
	// tokenStart matches where a token begins: its header is a JSON object.
	tokenStart = regexp.MustCompile(`(^|[^A-Za-z0-9_.-])eyJ`)
	// tokenText matches what a token consists of.
	tokenText = regexp.MustCompile(`^[A-Za-z0-9_.-]+`)
	// wholeToken is the compact form of a signed JWT.
	wholeToken = regexp.MustCompile(`^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)
)

// maxStarts bounds the beginnings of tokens that are looked at in a text.
const maxStarts = 16

// ParseToken reads the one token of a text as it is pasted: with white space, quotes
// and invisible characters, wrapped at any width, after "Bearer" or the name of a
// variable, or in a JSON object. It returns an [*Error] of kind ErrInvalid, with the
// cause ErrNoToken when the text holds nothing like a token, ErrTokenCut when a part
// is missing, and ErrManyTokens when it holds several.
func ParseToken(text string) (secret.Value, error) {
	var found []string
	cut, starts := false, 0
	words := strings.Fields(visible(text))
	for i := 0; i < len(words); i++ {
		used := 0
		for _, at := range tokenStart.FindAllStringIndex(words[i], -1) {
			if starts++; starts > maxStarts {
				return secret.Value{}, invalidToken(ErrManyTokens)
			}
			token, joined := readToken(words[i][at[1]-len("eyJ"):], words[i+1:])
			if !wholeToken.MatchString(token) || algorithm(token) == "" {
				cut = true
				continue
			}
			used = max(used, joined)
			if !slices.Contains(found, token) {
				found = append(found, token)
			}
		}
		i += used
	}
	switch {
	case len(found) > 1:
		return secret.Value{}, invalidToken(ErrManyTokens)
	case len(found) == 1:
		return secret.New(found[0]), nil
	case cut:
		return secret.Value{}, invalidToken(ErrTokenCut)
	}
	return secret.Value{}, invalidToken(ErrNoToken)
}

func invalidToken(cause error) error { return &Error{Kind: ErrInvalid, Op: "read token", Err: cause} }

// readToken returns the token at the beginning of a word, with the following words
// that belong to it if it is wrapped, and how many they are.
func readToken(word string, next []string) (token string, joined int) {
	token = tokenText.FindString(word)
	for whole := token == word; whole && joined < len(next) && !isComplete(token); joined++ {
		more := next[joined]
		part := tokenText.FindString(more)
		if part == "" || wholeToken.MatchString(part) || strings.Count(token+part, ".") > 2 && wholeToken.MatchString(token) {
			break
		}
		token += part
		whole = part == more
	}
	return strings.TrimRight(token, "."), joined
}

// isComplete reports whether a token has as many characters as its algorithm makes
// the signature long. One of another algorithm may always go on.
func isComplete(token string) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return len(parts) > 3
	}
	return slices.Contains(signatureLengths[algorithm(token)], len(parts[2]))
}

// algorithm returns what the header of a token says it is signed with, or "".
func algorithm(token string) string {
	header, _, _ := strings.Cut(token, ".")
	decoded, err := base64.RawURLEncoding.DecodeString(header)
	var read struct{ Alg string }
	if err != nil || json.Unmarshal(decoded, &read) != nil {
		return ""
	}
	return read.Alg
}

// signatureLengths are the lengths of signatures in base64, for keys of RSA with
// 2048, 3072 and 4096 bits.
var signatureLengths = map[string][]int{
	"RS256": {342, 512, 683}, "RS384": {342, 512, 683}, "RS512": {342, 512, 683},
	"PS256": {342, 512, 683}, "PS384": {342, 512, 683}, "PS512": {342, 512, 683},
	"ES256": {86}, "ES384": {128}, "ES512": {176}, "HS256": {43}, "HS384": {64}, "HS512": {86}, "EdDSA": {86},
}
