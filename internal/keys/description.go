package keys

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDescription bounds a description, in characters.
const maxDescription = 255

// CleanDescription returns a description as the API takes it: trimmed, one line of
// at most 255 characters. For one that cannot be, ErrInvalid with its reason:
// ErrUnreadable, ErrManyLines, ErrUnseen or ErrTooLong. One of which nothing can be
// seen is empty.
func CleanDescription(text string) (string, error) {
	text = trimmed(text)
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

// trimmed returns a text without the space around it, and nothing of one that holds
// blank characters alone.
func trimmed(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return !blank(r) }) < 0 {
		return ""
	}
	return strings.TrimSpace(text)
}

// blank reports whether a character shows nothing: spaces, those that only affect
// others, fillers, and the Braille pattern without dots.
func blank(r rune) bool {
	const brailleBlank = '\u2800'
	return r == brailleBlank || unicode.IsSpace(r) ||
		unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) && !unicode.Is(unicode.Bidi_Control, r)
}

// NormalizeDescription turns a description that another client has set into one
// that [CleanDescription] accepts.
func NormalizeDescription(description string) string {
	cleaned := strings.Map(func(r rune) rune {
		if unseen(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(description, " "))
	runes := []rune(strings.TrimSpace(cleaned))
	return trimmed(string(runes[:min(len(runes), maxDescription)]))
}
