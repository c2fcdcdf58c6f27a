package keys

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a string that must not be seen: a secret key, a password or a
// token. Whatever prints or encodes it by accident gets "[redacted]"; only
// [Secret.Reveal] opens it. The zero value is no secret.
type Secret struct{ value string }

// NewSecret wraps a string that must not be seen.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the secret itself. Each caller is a place where a secret
// leaves the program.
func (s Secret) Reveal() string { return s.value }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == "" }

// Format keeps every verb of package fmt, %#v and %x among them, from
// reaching the value.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// String implements fmt.Stringer for callers that do not go through fmt.
func (s Secret) String() string { return redacted }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler, and so covers JSON, map keys
// and XML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
