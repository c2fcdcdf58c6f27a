package sandbox

import (
	"encoding/base64"
	"fmt"
	"io"
)

// randomBytes reads from Config.Random. There is no answer that could be given
// without randomness: the panic closes the connection.
func (s *Sandbox) randomBytes(n int) []byte {
	s.randomMu.Lock()
	defer s.randomMu.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(s.random, b); err != nil {
		panic(fmt.Errorf("sandbox: reading Config.Random: %w", err))
	}
	return b
}

func (s *Sandbox) newUUID() string { return uuidOf(s.randomBytes(16)) }

// newAccessKey gives 92 characters of URL-safe text, like the service's own.
func (s *Sandbox) newAccessKey() string {
	return base64.RawURLEncoding.EncodeToString(s.randomBytes(69))
}

// newSecret gives 40 characters of standard base64, which may hold + and /;
// or special characters, where Config has them.
func (s *Sandbox) newSecret() string {
	if s.specialSecrets {
		return s.specialSecret()
	}
	return base64.StdEncoding.EncodeToString(s.randomBytes(30))
}

// specialSecret puts each of the characters in question somewhere between
// others.
func (s *Sandbox) specialSecret() string {
	secret := base64.StdEncoding.EncodeToString(s.randomBytes(21))
	for _, c := range []string{"+", "/", "=", `"`, "'", `\`, "$", "%", " "} {
		at := 1 + int(s.randomBytes(1)[0])%(len(secret)-1)
		secret = secret[:at] + c + secret[at:]
	}
	return secret
}

// uuidOf makes a version 4 UUID of 16 bytes.
func uuidOf(b []byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// isUUID accepts the canonical form, in either case.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
			if !hex {
				return false
			}
		}
	}
	return true
}
