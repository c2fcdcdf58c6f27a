package ionos

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

// maxMessage bounds the APIs' messages as shown, in characters.
const maxMessage = 300

// minHidden is the length in bytes from which a secret is removed from a
// message: a shorter one is part of many words, and its removal would reveal it.
const minHidden = 6

// messageCode matches the code that the Cloud API puts before many messages.
var messageCode = regexp.MustCompile(`^\s*\[VDC-[0-9-]+\]\s*`)

// apiMessage returns the API's message about an error. It is empty for a body
// that is not of the documented form: that one comes from a gateway.
func apiMessage(body []byte, hidden ...string) string {
	var answer struct {
		Messages []struct {
			Message string `json:"message"`
		} `json:"messages"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	var words []string
	for _, m := range answer.Messages {
		if text := messageCode.ReplaceAllString(m.Message, ""); text != "" {
			words = append(words, text)
		}
	}
	return sanitize(strings.Join(words, " "), hidden...)
}

// tokenLike matches what looks like a token.
var tokenLike = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)

// sanitize returns a text as one bounded line without tokens, the hidden
// values, control characters and characters that change the writing direction.
func sanitize(text string, hidden ...string) string {
	text = tokenLike.ReplaceAllString(text, "[redacted]")
	for _, secret := range hidden {
		if len(secret) >= minHidden {
			text = strings.ReplaceAll(text, secret, "[redacted]")
		}
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxMessage {
		text = strings.TrimSpace(string(runes[:maxMessage-1])) + "…"
	}
	return text
}
