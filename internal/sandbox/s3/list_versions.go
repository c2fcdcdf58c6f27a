package s3

import (
	"encoding/xml"
	"net/http"

	"keydeck/internal/sandbox/objects"
)

// versionElement is a <Version> or a <DeleteMarker>, by its XMLName.
type versionElement struct {
	XMLName      xml.Name
	Key          string
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified string
	ETag         string `xml:",omitempty"`
	Size         *int
	StorageClass string `xml:",omitempty"`
	Owner        ownerElement
}

// versionsResult has the root element that the vendor's clients look for, which
// is not that of the original.
type versionsResult struct {
	XMLName xml.Name `xml:"ListVersionsResult"`
	namespace
	Name                string
	Prefix              string
	KeyMarker           string
	VersionIDMarker     string  `xml:"VersionIdMarker"`
	NextKeyMarker       string  `xml:",omitempty"`
	NextVersionIDMarker string  `xml:"NextVersionIdMarker,omitempty"`
	Delimiter           *string `xml:",omitempty"`
	MaxKeys             int
	EncodingType        string `xml:",omitempty"`
	IsTruncated         bool
	Versions            []versionElement
	CommonPrefixes      []prefixElement
}

func listVersions(r *request) error {
	b, err := r.use()
	if err != nil {
		return err
	}
	q, encode, encoding, err := r.queryOf("max-keys")
	if err != nil {
		return err
	}
	q.After, q.AfterVersion = r.query.Get("key-marker"), r.query.Get("version-id-marker")
	if q.AfterVersion != "" && q.After == "" {
		return invalidArgument("A version-id marker cannot be specified without a key marker.")
	}
	page, err := r.store.ListVersions(b.Name, q)
	if err != nil {
		return err
	}
	result := versionsResult{
		namespace: inNamespace, Name: b.Name, Prefix: encode(q.Prefix), KeyMarker: encode(q.After), VersionIDMarker: q.AfterVersion,
		Delimiter: optional(encode(q.Delimiter)), MaxKeys: q.Max, EncodingType: encoding, IsTruncated: page.More,
	}
	for _, e := range page.Entries {
		if e.Object == nil {
			result.CommonPrefixes = append(result.CommonPrefixes, prefixElement{encode(e.Name)})
			continue
		}
		result.Versions = append(result.Versions, r.versionElement(e, encode))
	}
	if page.More {
		last := page.Entries[len(page.Entries)-1]
		result.NextKeyMarker = encode(last.Name)
		if last.Object != nil {
			result.NextVersionIDMarker = last.Object.Version
		}
	}
	return r.reply(http.StatusOK, result)
}

func (r *request) versionElement(e objects.Entry, encode func(string) string) versionElement {
	item := versionElement{
		XMLName: xml.Name{Local: "DeleteMarker"}, Key: encode(e.Name), VersionID: e.Object.Version, IsLatest: e.Latest,
		LastModified: iso(e.Object.Modified), Owner: ownerElement{ID: r.ownerID()},
	}
	if !e.Object.DeleteMarker {
		size := len(e.Object.Data)
		item.XMLName.Local, item.ETag, item.Size, item.StorageClass = "Version", etagHeader(e.Object.ETag), &size, "STANDARD"
	}
	return item
}
