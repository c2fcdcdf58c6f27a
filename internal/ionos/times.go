package ionos

import (
	"bytes"
	"slices"
	"time"
)

// timeFields are the fields that the SDKs decode as times. Within a JSON string
// the quotes are escaped, so that nothing matches in a description.
var timeFields = [][]byte{[]byte(`"createdDate"`), []byte(`"lastModifiedDate"`), []byte(`"lastLogin"`)}

// timeLayouts are the formats in which the APIs write times. One without a zone
// is UTC. time.Parse accepts fractions of a second in all of them.
var timeLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02 15:04:05",
}

// normalizeTimes rewrites times so that the SDKs can parse them. The SDKs' time
// type appends "Z" to a time without it, so that "…+00:00" does not parse, and
// one such time fails a whole list. The body is the only place to correct this
// before they decode it. A time of no known layout becomes null: a key without a
// date is better than no keys.
func normalizeTimes(body []byte) []byte {
	found := findTimes(body)
	if found == nil {
		return body
	}
	var out bytes.Buffer
	out.Grow(len(body) + 8*len(found))
	done := 0
	for _, at := range found {
		out.Write(body[done:at.from])
		out.WriteString(normalTime(string(body[at.from+1 : at.to-1])))
		done = at.to
	}
	out.Write(body[done:])
	return out.Bytes()
}

// span is a part of a body, quotes included.
type span struct{ from, to int }

// findTimes returns the values of timeFields that the SDKs cannot parse, in the
// order of the body. It searches for each name by itself: one pattern for all
// takes a sixth of the time of a page.
func findTimes(body []byte) []span {
	var found []span
	for _, name := range timeFields {
		for at := 0; ; {
			next := bytes.Index(body[at:], name)
			if next < 0 {
				break
			}
			at += next + len(name)
			if text, ok := textAfter(body, at); ok && !readable(body[text.from+1:text.to-1]) {
				found = append(found, text)
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	return found
}

// readable reports whether the SDKs can parse a time.
func readable(text []byte) bool {
	if !bytes.HasSuffix(text, []byte("Z")) {
		return false
	}
	_, err := time.Parse(time.RFC3339, string(text))
	return err == nil
}

// textAfter returns the string that follows the name of a field. ok is false if
// there is none or it has escapes, which no time has.
func textAfter(body []byte, at int) (span, bool) {
	rest := bytes.TrimLeft(body[at:], " \t\r\n")
	rest, colon := bytes.CutPrefix(rest, []byte(":"))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	if !colon || len(rest) == 0 || rest[0] != '"' {
		return span{}, false
	}
	end := bytes.IndexAny(rest[1:], `"\`)
	if end < 0 || rest[1+end] != '"' {
		return span{}, false
	}
	from := len(body) - len(rest)
	return span{from, from + end + 2}, true
}

// normalTime returns a time as JSON, in UTC.
func normalTime(s string) string {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return `"` + t.UTC().Format(time.RFC3339Nano) + `"`
		}
	}
	return "null"
}
