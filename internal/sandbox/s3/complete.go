package s3

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"

	"keydeck/internal/sandbox/objects"
)

type completeRequest struct {
	XMLName xml.Name `xml:"CompleteMultipartUpload"`
	Parts   []struct {
		PartNumber int
		ETag       string
		checksumElements
	} `xml:"Part"`
}

type completeResult struct {
	XMLName xml.Name `xml:"CompleteMultipartUploadResult"`
	namespace
	Location string
	Bucket   string
	Key      string
	ETag     string
	checksumElements
}

// completeUpload makes the object from the parts that the body names.
func completeUpload(r *request) error {
	b, u, err := r.upload()
	if err != nil {
		return err
	}
	c, err := r.completion(u)
	if err != nil {
		return err
	}
	o, err := r.store.Complete(b.Name, r.key, u.ID, c)
	if err != nil {
		return err
	}
	r.showVersion(b, o)
	return r.reply(http.StatusOK, completeResult{
		namespace: inNamespace, Location: "http://" + r.Host + r.URL.EscapedPath(), Bucket: b.Name, Key: r.key,
		ETag: etagHeader(o.ETag), checksumElements: elementsOf(o.Checksum),
	})
}

func (r *request) completion(u objects.Upload) (objects.Completion, error) {
	c := objects.Completion{Size: -1, MaxObject: r.Limits.Object}
	var in completeRequest
	if err := r.readXML(&in); err != nil {
		return c, err
	}
	if len(in.Parts) == 0 || len(in.Parts) > maxParts {
		return c, malformedXML()
	}
	for _, p := range in.Parts {
		if p.PartNumber < 1 || p.PartNumber > maxParts {
			return c, invalidArgument("PartNumber must be an integer between 1 and 10000, inclusive")
		}
		c.Parts = append(c.Parts, objects.CompletedPart{Number: p.PartNumber, ETag: trimETag(p.ETag), Checksum: p.checksum()})
	}
	if text := r.Header.Get("X-Amz-Mp-Object-Size"); text != "" {
		size, err := strconv.ParseInt(text, 10, 64)
		if err != nil || size < 0 {
			return c, invalidRequest("Value for x-amz-mp-object-size header is invalid.")
		}
		c.Size = size
	}
	if kind := r.Header.Get("X-Amz-Checksum-Type"); kind != "" && kind != u.ChecksumType {
		return c, invalidRequest("The upload was created using the " + u.ChecksumType + " checksum mode. The complete request must use the same checksum mode.")
	}
	var err error
	if c.Checksum, err = r.givenChecksum(); err != nil {
		return c, err
	}
	if c.Checksum.Algorithm != "" && u.ChecksumType == objects.Composite && !strings.Contains(c.Checksum.Value, "-") {
		c.Checksum.Value += "-" + strconv.Itoa(len(c.Parts))
	}
	c.When, err = r.writeCondition()
	return c, err
}
