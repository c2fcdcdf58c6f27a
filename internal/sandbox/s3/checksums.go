package s3

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"

	"keydeck/internal/sandbox/objects"
)

const checksumPrefix = "x-amz-checksum-"

func checksumHeader(a objects.Algorithm) string { return checksumPrefix + strings.ToLower(string(a)) }

// verifyBody holds the body against the digests that came with it.
func (r *request) verifyBody(op operation) error {
	if given := r.Header.Get("Content-Md5"); given != "" || len(r.Header.Values("Content-Md5")) > 0 {
		want, err := base64.StdEncoding.DecodeString(given)
		if err != nil || len(want) != md5.Size {
			return NewError(http.StatusBadRequest, "InvalidDigest", "The Content-MD5 you specified is not valid.")
		}
		if got := md5.Sum(r.body); subtle.ConstantTimeCompare(got[:], want) != 1 {
			return badDigest("Content-MD5")
		}
	}
	if err := r.checkTrailer(); err != nil {
		return err
	}
	if op.ownChecksum {
		return nil
	}
	sum, err := r.givenChecksum()
	if err != nil || sum.Algorithm == "" {
		return err
	}
	if !sum.Algorithm.Valid(sum.Value) {
		return invalidRequest("Value for " + checksumHeader(sum.Algorithm) + " header is invalid.")
	}
	if sum.Algorithm.Sum(r.body) != sum.Value {
		return badDigest(string(sum.Algorithm))
	}
	return nil
}

// checkTrailer wants the trailer that was announced, and no other.
func (r *request) checkTrailer() error {
	announced := map[string]bool{}
	for name := range strings.SplitSeq(strings.Join(r.Header.Values("X-Amz-Trailer"), ","), ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			announced[name] = true
		}
	}
	for name := range announced {
		if _, sent := r.trailer[name]; !sent {
			return NewError(http.StatusBadRequest, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")
		}
	}
	for name := range r.trailer {
		if !announced[name] || !strings.HasPrefix(name, checksumPrefix) {
			return NewError(http.StatusBadRequest, "MalformedTrailerError", "The request contained a trailer that was not announced: "+name)
		}
	}
	return nil
}

// givenChecksum is the one checksum in headers or trailer; a zero one for none.
func (r *request) givenChecksum() (objects.Checksum, error) {
	var found objects.Checksum
	for _, a := range objects.Algorithms {
		name := checksumHeader(a)
		value, sent := r.trailer[name]
		if values := r.Header.Values(name); len(values) > 0 {
			value, sent = values[0], true
		}
		switch {
		case !sent:
		case found.Algorithm != "":
			return found, invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
		default:
			found = objects.Checksum{Algorithm: a, Value: value, Type: objects.FullObject}
		}
	}
	return found, nil
}

// namedAlgorithm reads a header that names an algorithm; empty for none.
func (r *request) namedAlgorithm(header string) (objects.Algorithm, error) {
	a := objects.Algorithm(strings.ToUpper(r.Header.Get(header)))
	if a != "" && a.New() == nil {
		return "", invalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
	}
	return a, nil
}

// storedChecksum is what an object or part keeps: the checksum that was sent,
// or that of the algorithm that was named.
func (r *request) storedChecksum() (objects.Checksum, error) {
	sum, err := r.givenChecksum()
	if err != nil || sum.Algorithm != "" {
		return sum, err
	}
	a, err := r.namedAlgorithm("X-Amz-Sdk-Checksum-Algorithm")
	if err != nil {
		return objects.Checksum{}, err
	}
	return a.Checksum(r.body), nil
}

// showChecksum puts a checksum into the headers of the answer.
func (r *request) showChecksum(sum objects.Checksum) {
	if sum.Algorithm != "" {
		r.setHeader(checksumHeader(sum.Algorithm), sum.Value)
		r.setHeader(checksumPrefix+"type", sum.Type)
	}
}

// checksumElements are those of an XML answer.
type checksumElements struct {
	ChecksumCRC32     string `xml:",omitempty"`
	ChecksumCRC32C    string `xml:",omitempty"`
	ChecksumCRC64NVME string `xml:",omitempty"`
	ChecksumSHA1      string `xml:",omitempty"`
	ChecksumSHA256    string `xml:",omitempty"`
	ChecksumType      string `xml:",omitempty"`
}

func (e *checksumElements) value(a objects.Algorithm) *string {
	return map[objects.Algorithm]*string{
		objects.CRC32: &e.ChecksumCRC32, objects.CRC32C: &e.ChecksumCRC32C, objects.CRC64NVME: &e.ChecksumCRC64NVME,
		objects.SHA1: &e.ChecksumSHA1, objects.SHA256: &e.ChecksumSHA256,
	}[a]
}

func elementsOf(sum objects.Checksum) checksumElements {
	e := checksumElements{}
	if sum.Algorithm != "" {
		*e.value(sum.Algorithm), e.ChecksumType = sum.Value, sum.Type
	}
	return e
}

// checksum is the one that a body names; a zero one for none.
func (e *checksumElements) checksum() objects.Checksum {
	for _, a := range objects.Algorithms {
		if value := *e.value(a); value != "" {
			return objects.Checksum{Algorithm: a, Value: value}
		}
	}
	return objects.Checksum{}
}
