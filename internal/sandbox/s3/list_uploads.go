package s3

import (
	"encoding/xml"
	"net/http"
)

type uploadElement struct {
	Key               string
	UploadID          string `xml:"UploadId"`
	Initiator         ownerElement
	Owner             ownerElement
	StorageClass      string
	Initiated         string
	ChecksumAlgorithm string `xml:",omitempty"`
	ChecksumType      string `xml:",omitempty"`
}

type uploadsResult struct {
	XMLName xml.Name `xml:"ListMultipartUploadsResult"`
	namespace
	Bucket             string
	KeyMarker          string
	UploadIDMarker     string  `xml:"UploadIdMarker"`
	NextKeyMarker      string  `xml:",omitempty"`
	NextUploadIDMarker string  `xml:"NextUploadIdMarker,omitempty"`
	Prefix             string  `xml:",omitempty"`
	Delimiter          *string `xml:",omitempty"`
	MaxUploads         int
	EncodingType       string `xml:",omitempty"`
	IsTruncated        bool
	Uploads            []uploadElement `xml:"Upload"`
	CommonPrefixes     []prefixElement
}

func listUploads(r *request) error {
	b, err := r.use()
	if err != nil {
		return err
	}
	q, encode, encoding, err := r.queryOf("max-uploads")
	if err != nil {
		return err
	}
	q.After, q.AfterUpload = r.query.Get("key-marker"), r.query.Get("upload-id-marker")
	list, more, err := r.store.Uploads(b.Name, q)
	if err != nil {
		return err
	}
	result := uploadsResult{
		namespace: inNamespace, Bucket: b.Name, KeyMarker: encode(q.After), UploadIDMarker: q.AfterUpload, Prefix: encode(q.Prefix),
		Delimiter: optional(encode(q.Delimiter)), MaxUploads: q.Max, EncodingType: encoding, IsTruncated: more,
	}
	for _, e := range list {
		if e.Upload == nil {
			result.CommonPrefixes = append(result.CommonPrefixes, prefixElement{encode(e.Name)})
			continue
		}
		result.Uploads = append(result.Uploads, uploadElement{
			Key: encode(e.Name), UploadID: e.Upload.ID, Initiator: ownerElement{ID: e.Upload.Initiator}, Owner: ownerElement{ID: r.ownerID()},
			StorageClass: "STANDARD", Initiated: iso(e.Upload.Begun),
			ChecksumAlgorithm: string(e.Upload.Algorithm), ChecksumType: e.Upload.ChecksumType,
		})
	}
	if more {
		last := list[len(list)-1]
		result.NextKeyMarker = encode(last.Name)
		if last.Upload != nil {
			result.NextUploadIDMarker = last.Upload.ID
		}
	}
	return r.reply(http.StatusOK, result)
}

type partElement struct {
	PartNumber   int
	LastModified string
	ETag         string
	Size         int
	checksumElements
}

type partsResult struct {
	XMLName xml.Name `xml:"ListPartsResult"`
	namespace
	Bucket               string
	Key                  string
	UploadID             string `xml:"UploadId"`
	Initiator            ownerElement
	Owner                ownerElement
	StorageClass         string
	PartNumberMarker     int
	NextPartNumberMarker int `xml:",omitempty"`
	MaxParts             int
	EncodingType         string `xml:",omitempty"`
	IsTruncated          bool
	ChecksumAlgorithm    string        `xml:",omitempty"`
	ChecksumType         string        `xml:",omitempty"`
	Parts                []partElement `xml:"Part"`
}

func listParts(r *request) error {
	b, u, err := r.upload()
	if err != nil {
		return err
	}
	q, encode, encoding, err := r.queryOf("max-parts")
	if err != nil {
		return err
	}
	after, err := r.number("part-number-marker", 0, 0, maxParts)
	if err != nil {
		return err
	}
	parts, err := r.store.Parts(b.Name, r.key, u.ID)
	if err != nil {
		return err
	}
	result := partsResult{
		namespace: inNamespace, Bucket: b.Name, Key: encode(r.key), UploadID: u.ID, Initiator: ownerElement{ID: u.Initiator},
		Owner: ownerElement{ID: r.ownerID()}, StorageClass: "STANDARD", PartNumberMarker: after, MaxParts: q.Max, EncodingType: encoding,
		ChecksumAlgorithm: string(u.Algorithm), ChecksumType: u.ChecksumType,
	}
	for _, p := range parts {
		if p.Number <= after {
			continue
		}
		if len(result.Parts) == q.Max {
			result.IsTruncated = q.Max > 0
			break
		}
		elements := elementsOf(p.Checksum)
		elements.ChecksumType = ""
		result.Parts = append(result.Parts, partElement{p.Number, iso(p.Modified), etagHeader(p.ETag), len(p.Data), elements})
	}
	if result.IsTruncated {
		result.NextPartNumberMarker = result.Parts[len(result.Parts)-1].PartNumber
	}
	return r.reply(http.StatusOK, result)
}
