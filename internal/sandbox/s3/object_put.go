package s3

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keydeck/internal/sandbox/objects"
)

const (
	metadataPrefix = "x-amz-meta-"
	// maxMetadata bounds the names and values of an object's metadata, in bytes.
	maxMetadata = 2 << 10
	// defaultType is the type of what was sent without one.
	defaultType = "binary/octet-stream"
)

// storedHeaders are those of HTTP that are kept and given back, besides the
// metadata. No other header of a request comes back.
var storedHeaders = []string{"cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"}

// description reads the headers and metadata that an object is to keep.
func (r *request) description() (headers, metadata map[string]string, err error) {
	headers, metadata = map[string]string{}, map[string]string{}
	size := 0
	for name, values := range r.Header {
		name, value := strings.ToLower(name), strings.Join(values, ",")
		if meta, is := strings.CutPrefix(name, metadataPrefix); is && meta != "" {
			metadata[meta] = value
			size += len(meta) + len(value)
		}
		if name == "content-encoding" {
			value = withoutChunked(value)
		}
		if slices.Contains(storedHeaders, name) && value != "" {
			headers[name] = value
		}
	}
	if headers["content-type"] == "" {
		headers["content-type"] = defaultType
	}
	if size > maxMetadata {
		return nil, nil, NewError(http.StatusBadRequest, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size.")
	}
	return headers, metadata, nil
}

// withoutChunked takes off the encoding of the upload alone.
func withoutChunked(encodings string) string {
	var left []string
	for one := range strings.SplitSeq(encodings, ",") {
		if one = strings.TrimSpace(one); one != "" && !strings.EqualFold(one, "aws-chunked") {
			left = append(left, one)
		}
	}
	return strings.Join(left, ",")
}

func (r *request) maxPut() int64 {
	if r.region.ContractOwned {
		return r.Limits.ContractPut
	}
	return r.Limits.UserPut
}

// refuseTooLarge refuses an object or part by the length that is declared for it,
// before its content is read.
func (r *request) refuseTooLarge() error {
	declared := r.ContentLength
	if n, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64); err == nil {
		declared = n
	}
	if r.Method == http.MethodPut && r.key != "" && declared > r.maxPut() {
		return entityTooLarge()
	}
	return nil
}

// needLength refuses an upload whose length is not known beforehand.
func (r *request) needLength() error {
	if r.ContentLength < 0 && r.Header.Get("X-Amz-Decoded-Content-Length") == "" {
		return NewError(http.StatusLengthRequired, "MissingContentLength", "You must provide the Content-Length HTTP header.")
	}
	if int64(len(r.body)) > r.maxPut() {
		return entityTooLarge()
	}
	return nil
}

// putObject stores an object, or copies one.
func putObject(r *request) error {
	b, err := r.useKey()
	if err != nil {
		return err
	}
	if r.Header.Get("X-Amz-Copy-Source") != "" {
		return copyObject(r, b)
	}
	if err := r.needLength(); err != nil {
		return err
	}
	headers, metadata, err := r.description()
	if err != nil {
		return err
	}
	sum, err := r.storedChecksum()
	if err != nil {
		return err
	}
	when, err := r.writeCondition()
	if err != nil {
		return err
	}
	o, err := r.store.Put(b.Name, objects.Object{
		Key: r.key, ETag: objects.ETag(r.body), Data: r.body, Headers: headers, Metadata: metadata, Checksum: sum,
	}, when)
	if err != nil {
		return err
	}
	r.showVersion(b, o)
	r.setHeader("ETag", etagHeader(o.ETag))
	r.showChecksum(o.Checksum)
	return r.reply(http.StatusOK, nil)
}
