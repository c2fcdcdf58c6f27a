package s3

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"keydeck/internal/sandbox/objects"
)

// find finds an object; the error says more where a delete marker is in its
// place.
func (r *request) find(bucket, key, version string) (*objects.Object, error) {
	o, err := r.store.Get(bucket, key, version)
	if err == nil {
		return o, nil
	}
	e := asError(err)
	e.Key, e.BucketName = key, bucket
	if o != nil && (errors.Is(err, objects.ErrNoKey) || errors.Is(err, objects.ErrDeleteMarker)) {
		e.header = map[string]string{"x-amz-delete-marker": "true", "x-amz-version-id": o.Version}
	}
	return nil, &e
}

// span is the part of an object that is sent.
type span struct {
	from, to int // to is exclusive
	partial  bool
}

// getObject answers GET and HEAD.
func getObject(r *request) error {
	b, err := r.useKey()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	o, err := r.find(b.Name, r.key, version)
	if err != nil {
		return err
	}
	r.showVersion(b, o)
	r.setHeader("ETag", etagHeader(o.ETag))
	r.setHeader("Last-Modified", o.Modified.UTC().Format(http.TimeFormat))
	if err := r.readConditions().check(o); err != nil {
		return err
	}
	part, err := r.span(o)
	if err != nil {
		if asError(err).status == http.StatusRequestedRangeNotSatisfiable {
			r.setHeader("Content-Range", fmt.Sprintf("bytes */%d", len(o.Data)))
		}
		return err
	}
	r.describe(o, part)
	return r.send(o, part)
}

// describe sets the headers of an object. A checksum is that of the whole, so a
// part goes without.
func (r *request) describe(o *objects.Object, part span) {
	for name, value := range o.Headers {
		r.setHeader(http.CanonicalHeaderKey(name), value)
	}
	for name, value := range o.Metadata {
		r.w.Header()[metadataPrefix+name] = []string{value}
	}
	for _, param := range responseParams {
		if value := r.query.Get(param); value != "" {
			r.setHeader(http.CanonicalHeaderKey(param[len("response-"):]), value)
		}
	}
	r.setHeader("Accept-Ranges", "bytes")
	r.setHeader("Content-Length", strconv.Itoa(part.to-part.from))
	if part.partial {
		r.setHeader("Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.from, part.to-1, len(o.Data)))
	} else if r.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" {
		r.showChecksum(o.Checksum)
	}
}

func (r *request) send(o *objects.Object, part span) error {
	status := http.StatusOK
	if part.partial {
		status = http.StatusPartialContent
	}
	r.w.WriteHeader(status)
	if r.Method != http.MethodHead {
		// A client that has gone away is no concern here.
		_, _ = r.w.Write(o.Data[part.from:part.to])
	}
	return nil
}

// span reads partNumber or Range.
func (r *request) span(o *objects.Object) (span, error) {
	size, wanted := len(o.Data), r.Header.Get("Range")
	if !r.query.Has("partNumber") {
		return rangeOf(wanted, r.Header.Get("If-Range"), o.ETag, size)
	}
	n, err := strconv.Atoi(r.query.Get("partNumber"))
	switch {
	case err != nil || n < 1 || n > maxParts:
		return span{}, invalidArgument("Part number must be an integer between 1 and 10000, inclusive")
	case wanted != "":
		return span{}, invalidRequest("Cannot specify both Range header and partNumber query parameter")
	case n > max(len(o.Parts), 1):
		return span{}, invalidRange()
	case len(o.Parts) == 0:
		return span{0, size, size > 0}, nil
	}
	r.setHeader("x-amz-mp-parts-count", strconv.Itoa(len(o.Parts)))
	from := 0
	for _, length := range o.Parts[:n-1] {
		from += length
	}
	length := o.Parts[n-1]
	return span{from, from + length, length > 0}, nil
}
