package pages

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode"
)

const (
	handoverIntro = "No secret is in this text: its owner signs in at the address and finds the rest there."
	noMail        = "The user has no e-mail address that a message could be sent to: copy the text."

	// handoverHint stands beside the download of another person's pair.
	handoverHint = "Better than to send the pair: tell its owner, who signs in and copies it. No secret leaves this console then."
)

// plain is a text that holds no secret.
type plain string

// Reveal returns the text.
func (t plain) Reveal() string { return string(t) }

// note says what stands in the way of the text being of use now.
func (v Handover) note() string {
	switch {
	case v.State == StateDeleting || v.State == StateDeleted:
		return "This key is being deleted"
	case v.Leaked && v.State != StateInactive && v.State != StateDeactivating:
		return "This key is not known to be deactivated: whoever has it may be able to use it"
	case !v.Leaked && v.State == StateInactive:
		return "This key is deactivated: tools cannot use it"
	default:
		return ""
	}
}

// text is the message to the owner.
func (v Handover) text() string {
	short := shortened(v.Key.AccessKey)
	greeting := "Hello " + oneLine(v.Owner.Name) + ",\n\n"
	const only = "\n\nOnly you can open that page. No secret is in this message."
	if !v.Leaked {
		return greeting + "an access key for IONOS Object Storage is ready for you: " + short + "." + v.stateSentence() +
			"\n\nSign in here to copy the key and its secret:\n" + v.Address + only
	}
	found := "your access key " + short + " for IONOS Object Storage turned up where it should not be." + v.stateSentence()
	if v.Successor != "" {
		return greeting + found + "\n\nA new key is ready for you: " + shortened(v.Successor) +
			". Sign in here to copy it and its secret, and change your tools over:\n" + v.Address + only
	}
	return greeting + found + "\n\nSign in here to use another key or to generate a new one, and change your tools over:\n" + v.Address + only
}

// stateSentence says in the message how it stands with the key, where that matters.
func (v Handover) stateSentence() string {
	switch v.State { //nolint:exhaustive // nothing is to be said of the others
	case StateInactive:
		return " It is deactivated: tools that use it fail."
	case StateDeactivating:
		return " It is being deactivated: tools that use it fail in a moment."
	case StateDeleting, StateDeleted:
		return " It is being deleted."
	case StateActive, StateActivating:
		if v.Leaked {
			return " It is still active: deactivate it as soon as you can."
		}
	}
	return ""
}

// mail is the address that opens the message in a mail program; empty where the
// owner's e-mail address is none.
func (v Handover) mail() string {
	to, err := mail.ParseAddress(v.Owner.Email)
	if err != nil || to.Address != v.Owner.Email {
		return ""
	}
	at := strings.LastIndexByte(to.Address, '@')
	subject := "Your access key for IONOS Object Storage"
	return "mailto:" + mailEscape(to.Address[:at]) + "@" + mailEscape(to.Address[at+1:]) +
		"?subject=" + mailEscape(subject) + "&body=" + mailEscape(strings.ReplaceAll(v.text(), "\n", "\r\n"))
}

// mailEscape escapes a part of a mailto address, in which a plus is a plus
// (RFC 6068).
func mailEscape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// oneLine is a name without what would break the line or turn its direction.
func oneLine(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return -1
		}
		return r
	}, name)
}
