package keys

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDescription bounds a description, in characters.
const maxDescription = 255

// CleanDescription returns a description as it is sent: trimmed, one line of
// at most 255 characters. ErrInvalid with a sentence for one that cannot be.
func CleanDescription(text string) (string, error) {
	text = strings.TrimSpace(text)
	refuse := func(sentence string) (string, error) {
		return "", &Error{Kind: ErrInvalid, Op: "read description", Message: sentence}
	}
	switch {
	case !utf8.ValidString(text):
		return refuse("The description holds characters that cannot be read. Type it again.")
	case strings.ContainsAny(text, "\r\n\v\f\u0085\u2028\u2029"):
		return refuse("The description has to be one line. Remove the line breaks.")
	case strings.ContainsFunc(text, unseen):
		return refuse("The description holds control characters, which cannot be seen. Type it again without them.")
	case utf8.RuneCountInString(text) > maxDescription:
		return refuse("The description has more than 255 characters. Shorten it.")
	}
	return text, nil
}

// unseen finds control characters and those that turn the direction of all
// that follows, which would make a row of the list say something else.
func unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}
