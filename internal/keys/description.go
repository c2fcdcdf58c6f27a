package keys

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDescription bounds a description, in characters.
const maxDescription = 255

// CleanDescription returns a description as it is sent: trimmed, one line of
// at most 255 characters. For one that cannot be, ErrInvalid with its reason:
// ErrUnreadable, ErrManyLines, ErrUnseen or ErrTooLong.
func CleanDescription(text string) (string, error) {
	text = strings.TrimSpace(text)
	refuse := func(why error) (string, error) {
		return "", &Error{Kind: ErrInvalid, Op: "read description", Err: why}
	}
	switch {
	case !utf8.ValidString(text):
		return refuse(ErrUnreadable)
	case strings.ContainsAny(text, "\r\n\v\f\u0085\u2028\u2029"):
		return refuse(ErrManyLines)
	case strings.ContainsFunc(text, unseen):
		return refuse(ErrUnseen)
	case utf8.RuneCountInString(text) > maxDescription:
		return refuse(ErrTooLong)
	}
	return text, nil
}

// unseen finds control characters and those that turn the direction of all
// that follows, which would make a row of the list say something else.
func unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}
