package ionos

import (
	"bytes"
	"slices"
	"time"
)

// timeFields are the fields of the APIs' answers that the SDKs take for times.
// Within a JSON string their quotes would be escaped, so that nothing is found
// in somebody's description.
var timeFields = [][]byte{[]byte(`"createdDate"`), []byte(`"lastModifiedDate"`), []byte(`"lastLogin"`)}

// timeLayouts are the ways in which the APIs write times. One without a zone
// is UTC. Fractions of a second are understood without being named.
var timeLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02 15:04:05",
}

// normalizeTimes writes times so that the SDKs can read them. Their time type
// appends "Z" to what has none, so that "…+00:00" does not parse, and one time
// that does not parse fails a whole list. That happens inside their decoding,
// which leaves no other place to help than the body before it. What nobody can
// read becomes null: a key without a date is better than no keys.
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

// findTimes gives the texts that stand in fields of times, in their order. Each
// name is searched for by itself: a pattern of all would be a sixth of what a
// page costs.
func findTimes(body []byte) []span {
	var found []span
	for _, name := range timeFields {
		for at := 0; ; {
			next := bytes.Index(body[at:], name)
			if next < 0 {
				break
			}
			at += next + len(name)
			if text, ok := textAfter(body, at); ok {
				found = append(found, text)
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	return found
}

// textAfter is the text that follows the name of a field, if one does and it
// has no escapes, as no time has.
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

// normalTime gives a time as JSON, in UTC.
func normalTime(s string) string {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return `"` + t.UTC().Format(time.RFC3339Nano) + `"`
		}
	}
	return "null"
}
