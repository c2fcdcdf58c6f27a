package s3

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"

	"keydeck/internal/sandbox/objects"
)

// maxParts is the highest number of a part.
const maxParts = 10_000

type initiateResult struct {
	XMLName xml.Name `xml:"InitiateMultipartUploadResult"`
	namespace
	Bucket   string
	Key      string
	UploadID string `xml:"UploadId"`
}

func createUpload(r *request) error {
	b, err := r.useKey()
	if err != nil {
		return err
	}
	headers, metadata, err := r.description()
	if err != nil {
		return err
	}
	a, err := r.namedAlgorithm("X-Amz-Checksum-Algorithm")
	if err != nil {
		return err
	}
	kind := r.Header.Get("X-Amz-Checksum-Type")
	switch {
	case a == "" && kind != "":
		return invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
	case a != "":
		if kind = cmp.Or(kind, a.DefaultType()); !a.Takes(kind) {
			return invalidRequest("The " + kind + " checksum type cannot be used with the " + string(a) + " checksum algorithm.")
		}
		r.setHeader(checksumPrefix+"algorithm", string(a))
		r.setHeader(checksumPrefix+"type", kind)
	}
	u, err := r.store.Begin(b.Name, objects.Upload{
		Key: r.key, Initiator: r.account.CanonicalID, Headers: headers, Metadata: metadata, Algorithm: a, ChecksumType: kind,
	})
	if err != nil {
		return err
	}
	return r.reply(http.StatusOK, initiateResult{namespace: inNamespace, Bucket: b.Name, Key: r.key, UploadID: u.ID})
}

// upload finds the upload of the request.
func (r *request) upload() (objects.Bucket, objects.Upload, error) {
	b, err := r.use()
	if err != nil {
		return b, objects.Upload{}, err
	}
	u, err := r.store.Upload(b.Name, r.key, r.query.Get("uploadId"))
	return b, u, err
}

// putPart stores a part, from the body or from another object.
func putPart(r *request) error {
	b, u, err := r.upload()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.query.Get("partNumber"))
	if err != nil || n < 1 || n > maxParts {
		return invalidArgument("Part number must be an integer between 1 and 10000, inclusive")
	}
	if r.Header.Get("X-Amz-Copy-Source") != "" {
		return copyPart(r, b, u, n)
	}
	if err := r.needLength(); err != nil {
		return err
	}
	sum, err := r.storedChecksum()
	switch {
	case err != nil:
		return err
	case sum.Algorithm != "" && u.Algorithm != "" && sum.Algorithm != u.Algorithm:
		return invalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + string(u.Algorithm) + ", actual checksum Type: " + string(sum.Algorithm))
	case sum.Algorithm == "":
		sum = u.Algorithm.Checksum(r.body)
	}
	p, err := r.store.PutPart(b.Name, r.key, u.ID, objects.Part{Number: n, ETag: objects.ETag(r.body), Data: r.body, Checksum: sum})
	if err != nil {
		return err
	}
	r.setHeader("ETag", etagHeader(p.ETag))
	if sum.Algorithm != "" {
		r.setHeader(checksumHeader(sum.Algorithm), sum.Value)
	}
	return r.reply(http.StatusOK, nil)
}

// copyPart takes the part from an object, or from a range of it.
func copyPart(r *request, b objects.Bucket, u objects.Upload, n int) error {
	from, source, _, err := r.source()
	if err != nil {
		return err
	}
	data := source.Data
	if wanted := r.Header.Get("X-Amz-Copy-Source-Range"); wanted != "" {
		part, err := rangeOf(wanted, "", "", len(data))
		switch {
		case err != nil:
			return err
		case part.partial && !strings.HasSuffix(wanted, "-"+strconv.Itoa(part.to-1)):
			return invalidRange() // it ends after the object
		case !part.partial:
			return invalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")
		}
		data = data[part.from:part.to]
	}
	if int64(len(data)) > r.maxPut() {
		return entityTooLarge()
	}
	p, err := r.store.PutPart(b.Name, r.key, u.ID, objects.Part{Number: n, ETag: objects.ETag(data), Data: data, Checksum: u.Algorithm.Checksum(data)})
	if err != nil {
		return err
	}
	r.showSource(from, source)
	elements := elementsOf(p.Checksum)
	elements.ChecksumType = ""
	return r.reply(http.StatusOK, copyResult{
		XMLName: xml.Name{Local: "CopyPartResult"}, namespace: inNamespace,
		ETag: etagHeader(p.ETag), LastModified: iso(p.Modified), checksumElements: elements,
	})
}

func abortUpload(r *request) error {
	b, u, err := r.upload()
	if err != nil {
		return err
	}
	if err := r.store.Abort(b.Name, r.key, u.ID); err != nil {
		return err
	}
	return r.reply(http.StatusNoContent, nil)
}
