package keys

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Query is what a person knows of an access key: all of it, or a part.
type Query struct {
	whole          string // the access key, where it can be a whole one
	prefix, suffix string // the beginning and the end, of the short form
	part           string // any part
}

// minPart is the least number of characters that a part of a key needs to be
// distinguished from others.
const minPart = 6

// wholeKey is an access key as the APIs issue it: 20 hexadecimal digits before
// April 2024, 92 characters of URL-safe base64 since then.
var wholeKey = regexp.MustCompile(`^([0-9a-f]{20}|[A-Za-z0-9_-]{92})$`)

// legacyForm reports whether an access key has the form of before April 2024.
func legacyForm(accessKey string) bool {
	return len(accessKey) == 20 && strings.Trim(accessKey, "0123456789abcdef") == ""
}

// assignment matches the name of an access key in a configuration file, an
// environment, a JSON object or an Authorization header, up to the value.
var assignment = regexp.MustCompile(`(?i)(access[_ -]?key([_ -]?id)?|credential)["']?\s*[=:]\s*`)

// ErrAmbiguous is the cause of an ErrInvalid: a text holds several access keys.
var ErrAmbiguous = errors.New("more than one access key")

// ParseQuery reads an access key, or a part of one, as it is pasted: with
// white space, quotes and invisible characters, as a line of a configuration
// file, as the credential of a signed request
// ("KEY/20261125/eu-central-3/s3/aws4_request"), or in the short form that
// lists show ("K6ZyigNR…H4XAPC"). It returns an [*Error] of kind ErrInvalid
// when the text holds no access key, with the cause ErrAmbiguous when it holds
// several.
func ParseQuery(text string) (Query, error) {
	text = visible(text)
	candidates := strings.Fields(text)
	if named := assignment.FindAllStringIndex(text, -1); named != nil {
		candidates = nil
		for _, at := range named {
			candidates = append(candidates, text[at[1]:])
		}
	}
	var whole, parts []Query
	for _, candidate := range candidates {
		q, ok := parseCandidate(candidate)
		switch {
		case ok && q.Whole() && !slices.Contains(whole, q):
			whole = append(whole, q)
		case ok && !q.Whole() && !slices.Contains(parts, q):
			parts = append(parts, q)
		}
	}
	switch found := cmp.Or(len(whole), len(parts)); {
	case found == 0:
		return Query{}, &Error{Kind: ErrInvalid, Op: "read access key"}
	case found > 1:
		return Query{}, &Error{Kind: ErrInvalid, Op: "read access key", Err: ErrAmbiguous}
	case len(whole) == 1:
		return whole[0], nil
	default:
		return parts[0], nil
	}
}

// parseCandidate reads one value up to what cannot belong to it.
func parseCandidate(text string) (Query, bool) {
	text = strings.TrimLeft(text, `"'`+"`<([{ ")
	if end := strings.IndexAny(text, "/%,;\"'`<>)]} "); end >= 0 {
		text = text[:end]
	}
	prefix, suffix, short := strings.Cut(strings.ReplaceAll(text, "...", "…"), "…")
	switch {
	case short:
		return parseShort(prefix, suffix)
	case !ValidAccessKey(text) || len(text) < minPart:
		return Query{}, false
	case wholeKey.MatchString(text):
		return Query{whole: text}, true
	default:
		return Query{part: text}, true
	}
}

func parseShort(prefix, suffix string) (Query, bool) {
	valid := func(s string) bool { return s == "" || ValidAccessKey(s) }
	if !valid(prefix) || !valid(suffix) || max(len(prefix), len(suffix)) < minPart {
		return Query{}, false
	}
	return Query{prefix: prefix, suffix: suffix}, true
}

// visible drops characters that cannot be seen and puts a space in place of
// each other white space.
func visible(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r):
			return -1
		default:
			return r
		}
	}, strings.ToValidUTF8(text, ""))
	return strings.TrimSpace(text)
}

// IsZero reports whether the query is empty; an empty one matches no key.
func (q Query) IsZero() bool { return q == Query{} }

// Whole reports whether the query is a whole access key, which at most one key
// matches.
func (q Query) Whole() bool { return q.whole != "" }

// String returns the query as it can be parsed again.
func (q Query) String() string {
	if q.prefix+q.suffix != "" {
		return q.prefix + "…" + q.suffix
	}
	return q.whole + q.part
}

// Matches reports whether a key is one that the query means.
func (q Query) Matches(accessKey string) bool {
	switch {
	case q.IsZero():
		return false
	case q.whole != "":
		return accessKey == q.whole
	case q.part != "":
		return strings.Contains(accessKey, q.part)
	default:
		return len(accessKey) >= len(q.prefix)+len(q.suffix) &&
			strings.HasPrefix(accessKey, q.prefix) && strings.HasSuffix(accessKey, q.suffix)
	}
}
