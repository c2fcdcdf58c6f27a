package s3

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// level is what the path names.
type level int

const (
	ofService level = iota
	ofBucket
	ofObject
)

// operation is one of the protocol's. Its subresource is the parameter of the
// query that makes it this one, params are others that it takes.
type operation struct {
	method      string
	level       level
	subresource string
	params      []string
	handle      func(*request) error
	// ownChecksum: a checksum in the headers is that of the object, and not of
	// the body.
	ownChecksum bool
}

var (
	listParams    = []string{"prefix", "delimiter", "max-keys", "encoding-type"}
	readParams    = []string{"versionId", "partNumber"}
	uploadsParams = []string{"prefix", "delimiter", "key-marker", "upload-id-marker", "max-uploads", "encoding-type"}
)

var operations = []operation{
	{method: "GET", level: ofService, params: []string{"prefix", "max-buckets", "continuation-token", "bucket-region"}, handle: listBuckets},

	{method: "PUT", level: ofBucket, handle: createBucket},
	{method: "HEAD", level: ofBucket, handle: headBucket},
	{method: "DELETE", level: ofBucket, handle: deleteBucket},
	{method: "GET", level: ofBucket, params: append([]string{"marker", "list-type", "continuation-token", "start-after", "fetch-owner"}, listParams...), handle: listObjects},
	{method: "GET", level: ofBucket, subresource: "versions", params: append([]string{"key-marker", "version-id-marker"}, listParams...), handle: listVersions},
	{method: "GET", level: ofBucket, subresource: "location", handle: getLocation},
	{method: "GET", level: ofBucket, subresource: "versioning", handle: getVersioning},
	{method: "PUT", level: ofBucket, subresource: "versioning", handle: putVersioning},
	{method: "GET", level: ofBucket, subresource: "object-lock", handle: getObjectLock},
	{method: "GET", level: ofBucket, subresource: "tagging", handle: getBucketTagging},
	{method: "GET", level: ofBucket, subresource: "uploads", params: uploadsParams, handle: listUploads},
	{method: "POST", level: ofBucket, subresource: "delete", handle: deleteObjects},

	{method: "GET", level: ofObject, params: readParams, handle: getObject},
	{method: "HEAD", level: ofObject, params: readParams, handle: getObject},
	{method: "PUT", level: ofObject, handle: putObject},
	{method: "DELETE", level: ofObject, params: []string{"versionId"}, handle: deleteObject},
	{method: "GET", level: ofObject, subresource: "tagging", params: []string{"versionId"}, handle: getObjectTagging},
	{method: "POST", level: ofObject, subresource: "uploads", handle: createUpload, ownChecksum: true},
	{method: "PUT", level: ofObject, subresource: "uploadId", params: []string{"partNumber"}, handle: putPart},
	{method: "GET", level: ofObject, subresource: "uploadId", params: []string{"max-parts", "part-number-marker", "encoding-type"}, handle: listParts},
	{method: "POST", level: ofObject, subresource: "uploadId", handle: completeUpload, ownChecksum: true},
	{method: "DELETE", level: ofObject, subresource: "uploadId", handle: abortUpload},
}

// readOnly are subresources that can be read, as of a storage on which nothing
// was set, and not written.
var readOnly = []string{"tagging", "object-lock"}

// operation finds the operation of a request. A parameter of the query
// that no operation has, or not this one, is not implemented: the plain call
// would do something else.
func (r *request) operation() (operation, error) {
	at := r.level()
	var found *operation
	resource := false // the path takes another method
	for i, op := range operations {
		if op.level != at || op.subresource != "" && !r.query.Has(op.subresource) {
			continue
		}
		resource = true
		if op.method == r.Method && (found == nil || op.subresource != "") {
			found = &operations[i]
		}
	}
	for name := range r.query {
		if signingParam(name) || name == "x-id" || found != nil && found.takes(name) {
			continue
		}
		if found == nil && resource && !slices.Contains(readOnly, name) && knownParam(at, name) {
			continue
		}
		return operation{}, notImplemented("?" + name + " here")
	}
	if found == nil {
		return operation{}, methodNotAllowed()
	}
	return *found, nil
}

func (r *request) level() level {
	switch {
	case r.bucket == "":
		return ofService
	case r.key == "":
		return ofBucket
	}
	return ofObject
}

func (op operation) takes(name string) bool {
	return name == op.subresource || slices.Contains(op.params, name) ||
		op.method == http.MethodGet && op.level == ofObject && slices.Contains(responseParams, name)
}

func knownParam(at level, name string) bool {
	return slices.ContainsFunc(operations, func(op operation) bool { return op.level == at && op.takes(name) })
}

// responseParams override headers of the answer to a GET.
var responseParams = []string{
	"response-cache-control", "response-content-disposition", "response-content-encoding",
	"response-content-language", "response-content-type", "response-expires",
}

// signingParams are those of a presigned address.
var signingParams = []string{
	"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders",
	"x-amz-signature", "x-amz-content-sha256", "x-amz-user-agent",
}

func signingParam(name string) bool { return slices.Contains(signingParams, strings.ToLower(name)) }

// takeQueryHeaders moves headers that a presigned address carries in its query
// to the headers, where they count as well.
func (r *request) takeQueryHeaders() {
	moved := url.Values{}
	for name, values := range r.query {
		if !strings.HasPrefix(strings.ToLower(name), "x-amz-") || signingParam(name) {
			moved[name] = values
			continue
		}
		r.Header.Set(name, strings.Join(values, ","))
	}
	r.query = moved
}
