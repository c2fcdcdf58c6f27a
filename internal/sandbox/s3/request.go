package s3

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"keydeck/internal/sandbox/objects"
)

// request is one that is authenticated, on its way to an operation.
type request struct {
	*Server
	*http.Request
	w           http.ResponseWriter
	account     Account
	region      Region
	bucket, key string
	query       url.Values
	body        []byte
	trailer     map[string]string // headers after the body, by lower-case name
}

// setHeader sets a header of the answer, unless its value is empty. The name is
// written as it is: S3's own are in lower case.
func (r *request) setHeader(name, value string) {
	if value != "" {
		r.w.Header()[name] = []string{value}
	}
}

// reply writes XML. A nil body is none.
func (r *request) reply(status int, body any) error {
	if body == nil {
		r.w.WriteHeader(status)
		return nil
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(body); err != nil {
		return err
	}
	r.w.Header().Set("Content-Type", "application/xml")
	r.w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	r.w.WriteHeader(status)
	// A client that has gone away is no concern here.
	_, _ = r.w.Write(b.Bytes())
	return nil
}

// namespace is the root element of an answer, in S3's namespace.
type namespace struct {
	Space string `xml:"xmlns,attr"`
}

var inNamespace = namespace{"http://s3.amazonaws.com/doc/2006-03-01/"}

// maxXML bounds a body of XML: 10,000 parts with their checksums fit.
const maxXML = 4 << 20

// readXML decodes the body. A document type is refused: S3 has none, and it is
// where entities come from.
func (r *request) readXML(into any) error {
	if len(r.body) > maxXML {
		return malformedXML()
	}
	tokens := xml.NewDecoder(bytes.NewReader(r.body))
	for {
		token, err := tokens.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return malformedXML()
		}
		if _, is := token.(xml.Directive); is {
			return malformedXML()
		}
	}
	if err := xml.Unmarshal(r.body, into); err != nil {
		return malformedXML()
	}
	return nil
}

// number reads a number of the query.
func (r *request) number(name string, otherwise, lowest, highest int) (int, error) {
	if !r.query.Has(name) || r.query.Get(name) == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(r.query.Get(name))
	if err != nil || n < lowest {
		return 0, invalidArgument("Provided " + name + " not an integer or within integer range")
	}
	return min(n, highest), nil
}

// version reads versionId, which must not be empty.
func (r *request) version() (string, error) {
	if r.query.Has("versionId") && r.query.Get("versionId") == "" {
		return "", invalidArgument("Version id cannot be the empty string")
	}
	return r.query.Get("versionId"), nil
}

// maxKey is how long a key may be, in bytes.
const maxKey = 1024

// etagHeader is an ETag as headers and XML have it.
func etagHeader(etag string) string { return `"` + etag + `"` }

func trimETag(etag string) string { return strings.Trim(strings.TrimSpace(etag), `"`) }

// showVersion names a version where the bucket has them.
func (r *request) showVersion(b objects.Bucket, o *objects.Object) {
	if b.Versioning != objects.Unversioned {
		r.setHeader("x-amz-version-id", o.Version)
	}
}
