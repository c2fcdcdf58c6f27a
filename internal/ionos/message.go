package ionos

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

// maxMessage bounds what is shown of the APIs' own words, in characters.
const maxMessage = 300

// shortestHidden is the length from which a secret is taken out of a message:
// one of a few letters is in many words, and crossing it out would tell it.
const shortestHidden = 6

// messageCode is what the Cloud API puts before many messages.
var messageCode = regexp.MustCompile(`^\s*\[VDC-[0-9-]+\]\s*`)

// apiMessage gives the API's own words on an error. Bodies that are not of the
// documented form come from gateways, and say nothing to people.
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
	return plain(strings.Join(words, " "), hidden...)
}

// tokenLike finds what looks like a token, be it ours or not.
var tokenLike = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)

// plain makes one bounded line of a text: without control characters and those
// that turn the direction of writing, without tokens and what is to be hidden.
func plain(text string, hidden ...string) string {
	text = tokenLike.ReplaceAllString(text, "[redacted]")
	for _, secret := range hidden {
		if len(secret) >= shortestHidden {
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
