package ionos

import (
	"bytes"
	"regexp"
	"time"
)

// timeField finds the fields of the APIs' answers that the SDKs take for
// times. Within a JSON string their quotes would be escaped, so that nothing
// is found in somebody's description.
var timeField = regexp.MustCompile(`"(?:createdDate|lastModifiedDate|lastLogin)"\s*:\s*("[^"\\]*")`)

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
	found := timeField.FindAllSubmatchIndex(body, -1)
	if found == nil {
		return body
	}
	var out bytes.Buffer
	out.Grow(len(body) + 8*len(found))
	done := 0
	for _, at := range found {
		out.Write(body[done:at[2]])
		out.WriteString(normalTime(string(body[at[2]+1 : at[3]-1])))
		done = at[3]
	}
	out.Write(body[done:])
	return out.Bytes()
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
