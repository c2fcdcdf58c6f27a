package s3

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/sandbox/objects"
)

// conditions are those of a read, or of the source of a copy.
type conditions struct {
	match, noneMatch     string
	modified, unmodified time.Time // zero for none
	onlyFails            bool      // there is no 304
}

func (r *request) readConditions() conditions { return r.conditions("") }

// copyConditions are about the source: what does not hold is a 412.
func (r *request) copyConditions() conditions {
	c := r.conditions("X-Amz-Copy-Source-")
	c.onlyFails = true
	return c
}

func (r *request) conditions(prefix string) conditions {
	// A date that cannot be read is as good as none, as HTTP has it.
	at := func(name string) time.Time {
		t, _ := http.ParseTime(r.Header.Get(prefix + name))
		return t
	}
	return conditions{
		match: r.Header.Get(prefix + "If-Match"), noneMatch: r.Header.Get(prefix + "If-None-Match"),
		modified: at("If-Modified-Since"), unmodified: at("If-Unmodified-Since"),
	}
}

// check holds an object against the conditions. One about the ETag that is
// there takes precedence over the one about the time.
func (c conditions) check(o *objects.Object) error {
	changed := o.Modified.Truncate(time.Second)
	switch {
	case c.match != "" && !etagMatches(c.match, o.ETag):
		return preconditionFailed()
	case c.match == "" && !c.unmodified.IsZero() && changed.After(c.unmodified):
		return preconditionFailed()
	case c.noneMatch != "" && etagMatches(c.noneMatch, o.ETag):
		return c.notModified()
	case c.noneMatch == "" && !c.modified.IsZero() && !changed.After(c.modified):
		return c.notModified()
	}
	return nil
}

func (c conditions) notModified() error {
	if c.onlyFails {
		return preconditionFailed()
	}
	return NewError(http.StatusNotModified, "NotModified", "Not Modified")
}

// etagMatches takes a list of ETags, or "*".
func etagMatches(list, etag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one = trimETag(one); one == "*" || one == etag {
			return true
		}
	}
	return false
}

// writeCondition is the condition of a write.
func (r *request) writeCondition() (objects.Condition, error) {
	when := objects.Condition{IfMatch: trimETag(r.Header.Get("If-Match")), IfNoneMatch: trimETag(r.Header.Get("If-None-Match"))}
	switch {
	case when.IfMatch != "" && when.IfNoneMatch != "":
		return when, invalidRequest("If-Match and If-None-Match cannot be given together")
	case when.IfNoneMatch != "" && when.IfNoneMatch != "*":
		return when, notImplemented("If-None-Match with an ETag on a write")
	}
	return when, nil
}

// rangeOf reads a Range of bytes. One that is no range of bytes, or several,
// are ignored; one that begins after the end cannot be satisfied.
func rangeOf(wanted, ifRange, etag string, size int) (span, error) {
	all := span{0, size, false}
	text, is := strings.CutPrefix(wanted, "bytes=")
	if !is || strings.Contains(text, ",") || ifRange != "" && trimETag(ifRange) != etag {
		return all, nil
	}
	first, last, found := strings.Cut(text, "-")
	if !found {
		return all, nil
	}
	from, fromErr := strconv.Atoi(first)
	to, toErr := strconv.Atoi(last)
	switch {
	case first == "" && toErr == nil: // the last bytes
		if to == 0 || size == 0 {
			return all, invalidRange()
		}
		return span{max(size-to, 0), size, true}, nil
	case fromErr != nil || from < 0 || last != "" && (toErr != nil || to < from):
		return all, nil
	case from >= size:
		return all, invalidRange()
	case last == "" || to >= size:
		return span{from, size, true}, nil
	}
	return span{from, to + 1, true}, nil
}
