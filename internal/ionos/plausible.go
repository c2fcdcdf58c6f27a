package ionos

import "errors"

// The bounds on the JSON of a response, which hold before it is decoded: a decoded
// value takes some hundred times the memory of its shortest form, such as {}.
const (
	// maxValues is far above the values of the longest expected response, which
	// are some 30,000 for a thousand keys.
	maxValues = 1 << 17
	// maxString is far above the longest expected string in bytes, a token of
	// some 1,700.
	maxString = 16 << 10
)

var (
	errManyValues = errors.New("response with too many values")
	errLongString = errors.New("response with too long a string")
)

// checkBounds counts the values of a body and measures its strings, without
// decoding them. It reads anything, JSON or not.
func checkBounds(body []byte) error {
	values, length, inString, escaped := 0, 0, false, false
	for _, b := range body {
		if inString {
			length++
			switch {
			case length > maxString:
				return errLongString
			case escaped:
				escaped = false
			case b == '\\':
				escaped = true
			case b == '"':
				inString = false
			}
			continue
		}
		switch b {
		case '"':
			inString, length = true, 0
		case '{', '[', ',':
			if values++; values > maxValues {
				return errManyValues
			}
		}
	}
	return nil
}
