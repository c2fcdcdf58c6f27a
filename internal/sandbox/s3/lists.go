package s3

import (
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"strings"

	"keydeck/internal/sandbox/objects"
)

// maxEntries is how many entries a page of a list has at most.
const maxEntries = 1000

type objectElement struct {
	Key               string
	LastModified      string
	ETag              string
	ChecksumAlgorithm string `xml:",omitempty"`
	ChecksumType      string `xml:",omitempty"`
	Size              int
	StorageClass      string
	Owner             *ownerElement
}

type prefixElement struct{ Prefix string }

type listResult struct {
	XMLName xml.Name `xml:"ListBucketResult"`
	namespace
	Name                  string
	Prefix                string
	Marker                *string
	NextMarker            string  `xml:",omitempty"`
	StartAfter            string  `xml:",omitempty"`
	ContinuationToken     string  `xml:",omitempty"`
	NextContinuationToken string  `xml:",omitempty"`
	KeyCount              *int    `xml:",omitempty"`
	Delimiter             *string `xml:",omitempty"`
	MaxKeys               int
	EncodingType          string `xml:",omitempty"`
	IsTruncated           bool
	Contents              []objectElement
	CommonPrefixes        []prefixElement
}

// encoding returns how names are written, and the word for it.
func (r *request) encoding() (func(string) string, string, error) {
	switch r.query.Get("encoding-type") {
	case "":
		return func(name string) string { return name }, "", nil
	case "url":
		return urlEncode, "url", nil
	}
	return nil, "", invalidArgument("Invalid Encoding Method specified in Request")
}

// urlEncode escapes all but the unreserved characters and slashes, so that
// clients that decode a plus sign as a space find none.
func urlEncode(name string) string { return strings.ReplaceAll(awsEscape(name), "%2F", "/") }

// queryOf reads what lists of objects and versions share.
func (r *request) queryOf(maxParam string) (objects.Query, func(string) string, string, error) {
	encode, encoding, err := r.encoding()
	if err != nil {
		return objects.Query{}, nil, "", err
	}
	size, err := r.number(maxParam, maxEntries, 0, maxEntries)
	return objects.Query{Prefix: r.query.Get("prefix"), Delimiter: r.query.Get("delimiter"), Max: size}, encode, encoding, err
}

// optional returns nil for an empty text, so that its element is left out.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// listObjects is both versions of the list of objects.
func listObjects(r *request) error {
	b, err := r.use()
	if err != nil {
		return err
	}
	q, encode, encoding, err := r.queryOf("max-keys")
	if err != nil {
		return err
	}
	second := r.query.Get("list-type") == "2"
	if kind := r.query.Get("list-type"); kind != "" && !second {
		return invalidArgument("Invalid List Type specified in Request")
	}
	result := listResult{
		namespace: inNamespace, Name: b.Name, Prefix: encode(q.Prefix), Delimiter: optional(encode(q.Delimiter)),
		MaxKeys: q.Max, EncodingType: encoding,
	}
	if second {
		q.After, err = r.startAfter(&result, encode)
	} else {
		q.After = r.query.Get("marker")
		marker := encode(q.After)
		result.Marker = &marker
	}
	if err != nil {
		return err
	}
	page, err := r.store.List(b.Name, q)
	if err != nil {
		return err
	}
	r.fill(&result, page, encode, !second || r.query.Get("fetch-owner") == "true")
	if last := len(page.Entries); second {
		result.KeyCount = &last
	}
	result.IsTruncated = page.More
	if page.More {
		last := page.Entries[len(page.Entries)-1].Name
		if second {
			result.NextContinuationToken = base64.RawURLEncoding.EncodeToString([]byte(last))
		} else {
			result.NextMarker = encode(last)
		}
	}
	return r.reply(http.StatusOK, result)
}

// startAfter reads where a list of the second version begins.
func (r *request) startAfter(result *listResult, encode func(string) string) (string, error) {
	after := r.query.Get("start-after")
	result.StartAfter = encode(after)
	if token := r.query.Get("continuation-token"); token != "" {
		last, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return "", invalidArgument("The continuation token provided is incorrect")
		}
		result.ContinuationToken, after = token, string(last)
	}
	return after, nil
}

func (r *request) fill(result *listResult, page objects.Page, encode func(string) string, withOwner bool) {
	for _, e := range page.Entries {
		if e.Object == nil {
			result.CommonPrefixes = append(result.CommonPrefixes, prefixElement{encode(e.Name)})
			continue
		}
		item := objectElement{
			Key: encode(e.Name), LastModified: iso(e.Object.Modified), ETag: etagHeader(e.Object.ETag), Size: len(e.Object.Data),
			StorageClass: "STANDARD", ChecksumAlgorithm: string(e.Object.Checksum.Algorithm), ChecksumType: e.Object.Checksum.Type,
		}
		if withOwner {
			item.Owner = &ownerElement{ID: r.ownerID()}
		}
		result.Contents = append(result.Contents, item)
	}
}
