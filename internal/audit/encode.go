package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
)

// encode returns e as a line of printable characters, without HTML escapes.
func encode(e Event) ([]byte, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return nil, err
	}
	return escape(line.Bytes()), nil
}

// escape escapes, within a line of JSON, the characters that a terminal or a viewer
// would not show as they are: control characters, and those that change the
// direction of text or are invisible.
func escape(line []byte) []byte {
	if !bytes.ContainsFunc(line, hidden) {
		return line
	}
	var escaped bytes.Buffer
	for _, r := range string(line) {
		switch {
		case !hidden(r):
			escaped.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&escaped, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&escaped, `\u%04x`, r)
		}
	}
	return escaped.Bytes()
}

// hidden reports whether a character does not show as itself. The line's own end
// does.
func hidden(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
