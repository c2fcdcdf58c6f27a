package s3

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"keydeck/internal/sandbox/objects"
)

// isoTime is how S3 writes times in XML.
const isoTime = "2006-01-02T15:04:05.000Z"

func iso(t time.Time) string { return t.UTC().Format(isoTime) }

type ownerElement struct {
	ID          string
	DisplayName string
}

type bucketElement struct {
	Name         string
	CreationDate string
	BucketRegion string
}

type listBucketsResult struct {
	XMLName xml.Name `xml:"ListAllMyBucketsResult"`
	namespace
	Owner             ownerElement
	Buckets           []bucketElement `xml:"Buckets>Bucket"`
	Prefix            string          `xml:",omitempty"`
	ContinuationToken string          `xml:",omitempty"`
}

// listBuckets gives the buckets of the signature's region: the caller's own, or
// all of the contract.
func listBuckets(r *request) error {
	size, err := r.number("max-buckets", 10_000, 1, 10_000)
	if err != nil {
		return err
	}
	after, err := base64.RawURLEncoding.DecodeString(r.query.Get("continuation-token"))
	if err != nil {
		return invalidArgument("The continuation token provided is incorrect")
	}
	result := listBucketsResult{namespace: inNamespace, Owner: ownerElement{ID: r.ownerID()}, Prefix: r.query.Get("prefix")}
	for _, b := range r.store.Buckets(func(b objects.Bucket) bool {
		return b.Region == r.region.ID && b.Owner == r.owner() && b.Name > string(after) && strings.HasPrefix(b.Name, result.Prefix) &&
			(!r.query.Has("bucket-region") || r.query.Get("bucket-region") == b.Region)
	}) {
		if len(result.Buckets) == size {
			result.ContinuationToken = base64.RawURLEncoding.EncodeToString([]byte(result.Buckets[size-1].Name))
			break
		}
		result.Buckets = append(result.Buckets, bucketElement{b.Name, iso(b.Created), b.Region})
	}
	return r.reply(http.StatusOK, result)
}

// bucketConfiguration is the body of a creation. Anything but a location cannot
// be done.
type bucketConfiguration struct {
	XMLName  xml.Name `xml:"CreateBucketConfiguration"`
	Location string   `xml:"LocationConstraint"`
	Others   []struct {
		XMLName xml.Name
	} `xml:",any"`
}

// createBucket makes a bucket in the region of the signature. Any user of a
// contract may.
func createBucket(r *request) error {
	if !validBucketName(r.bucket) {
		return NewError(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.")
	}
	if len(r.body) > 0 {
		var in bucketConfiguration
		if err := r.readXML(&in); err != nil {
			return err
		}
		switch {
		case len(in.Others) > 0:
			return notImplemented("<" + in.Others[0].XMLName.Local + "> of a bucket")
		case in.Location != "" && in.Location != r.region.ID:
			return NewError(http.StatusBadRequest, "InvalidLocationConstraint", "The specified location constraint is not valid for this endpoint.")
		}
	}
	limit := r.Limits.UserBuckets
	if r.region.ContractOwned {
		limit = r.Limits.ContractBuckets
	}
	b := objects.Bucket{Name: r.bucket, Region: r.region.ID, Owner: r.owner(), Creator: r.account.User}
	err := r.store.CreateBucket(b, limit)
	if errors.Is(err, objects.ErrBucketExists) {
		if there, err := r.store.Bucket(r.bucket); err == nil && there.Region == b.Region && there.Owner == b.Owner {
			return NewError(http.StatusConflict, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
		}
	}
	if err != nil {
		return err
	}
	r.setHeader("Location", "/"+r.bucket)
	return r.reply(http.StatusOK, nil)
}

// validBucketName takes 3 to 63 lower-case letters, digits, hyphens, periods
// and underscores, with the vendor's rules for their places.
func validBucketName(name string) bool {
	if len(name) < 3 || len(name) > 63 || !isAlphanumeric(name[0]) || !isAlphanumeric(name[len(name)-1]) {
		return false
	}
	for _, c := range []byte(name) {
		if !isAlphanumeric(c) && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	for _, pair := range []string{"..", ".-", "-."} {
		if strings.Contains(name, pair) {
			return false
		}
	}
	return !looksLikeIPv4(name)
}

func isAlphanumeric(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func looksLikeIPv4(name string) bool {
	parts := strings.Split(name, ".")
	return len(parts) == 4 && !slices.ContainsFunc(parts, func(part string) bool {
		return part == "" || strings.Trim(part, "0123456789") != ""
	})
}

func headBucket(r *request) error {
	b, err := r.use()
	if err != nil {
		return err
	}
	r.setHeader(bucketRegionHeader, b.Region)
	return r.reply(http.StatusOK, nil)
}

func deleteBucket(r *request) error {
	if _, err := r.use(); err != nil {
		return err
	}
	if err := r.store.DeleteBucket(r.bucket); err != nil {
		return err
	}
	return r.reply(http.StatusNoContent, nil)
}
