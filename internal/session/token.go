package session

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Token is the API token of a session. Whatever prints or encodes it by
// accident gets "[redacted]"; only [Token.Reveal] opens it. The zero value is
// no token.
type Token struct {
	// A pointer, because fmt calls no methods on what lies in unexported
	// fields of other types: it prints the address then, not the token.
	value *string
}

// NewToken wraps a token.
func NewToken(value string) Token {
	if value == "" {
		return Token{}
	}
	return Token{&value}
}

// Reveal returns the token itself. Each caller is a place where it leaves the
// program.
func (t Token) Reveal() string {
	if t.value == nil {
		return ""
	}
	return *t.value
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.value == nil }

// Equal reports whether both are the same token; == does not.
func (t Token) Equal(other Token) bool {
	return subtle.ConstantTimeCompare([]byte(t.Reveal()), []byte(other.Reveal())) == 1
}

// Format keeps every verb of package fmt from reaching the value.
func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// String implements fmt.Stringer for callers that do not go through fmt.
func (t Token) String() string { return redacted }

// LogValue implements slog.LogValuer.
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler, and so covers JSON, map keys
// and XML.
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }
