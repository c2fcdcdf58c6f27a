// Package secret holds strings that must not be seen: secret keys, passwords
// and tokens. Printing or encoding one gives "[redacted]", through every verb of
// package fmt and from an unexported field too. It knows nothing else.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Value is a secret string. Only [Value.Reveal] opens it. The zero Value is no
// secret.
type Value struct {
	_ [0]func() // == would compare addresses: see Equal

	// fmt calls no methods on unexported fields of other types: it prints what
	// is in here, which is this text and an address.
	label string
	text  *string
}

// New wraps a string that must not be seen. The empty string is the zero Value.
func New(text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{label: redacted, text: &text}
}

// Reveal returns the secret itself. Each caller is a place where a secret
// leaves the program.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// IsZero reports whether there is no secret.
func (v Value) IsZero() bool { return v.text == nil }

// Equal reports whether both are the same secret, in constant time; == does not.
func (v Value) Equal(other Value) bool {
	return subtle.ConstantTimeCompare([]byte(v.Reveal()), []byte(other.Reveal())) == 1
}

// Fingerprint returns a digest that tells secrets apart without being one, or
// "" for the zero Value. It is only safe for secrets that cannot be guessed,
// such as secret keys.
func (v Value) Fingerprint() string {
	if v.IsZero() {
		return ""
	}
	sum := sha256.Sum256([]byte(v.Reveal()))
	return hex.EncodeToString(sum[:])
}

// Format implements [fmt.Formatter] for every verb, %#v and %x among them.
func (v Value) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// String implements [fmt.Stringer] for callers that do not go through fmt.
func (v Value) String() string { return redacted }

// LogValue implements [slog.LogValuer].
func (v Value) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements [encoding.TextMarshaler], and so covers JSON, map keys
// and XML.
func (v Value) MarshalText() ([]byte, error) { return []byte(redacted), nil }
