package keys

import "unicode/utf8"

// Clip returns a text of at most limit bytes, which is 3 or more; one that is cut ends
// with "…".
func Clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
