package s3check

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"keydeck/internal/keys"
)

// bucketList is S3's response to ListBuckets.
type bucketList struct {
	XMLName xml.Name   `xml:"ListAllMyBucketsResult"`
	Buckets []struct{} `xml:"Buckets>Bucket"`
}

// s3Error is S3's error response.
type s3Error struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
}

// codeForm matches S3's error codes. Other text of a response is not shown.
var codeForm = regexp.MustCompile(`^[A-Za-z0-9.]{1,64}$`)

var errNotS3 = errors.New("s3check: not an S3 response")

// parse returns the result in a response. Proxies and web servers respond too,
// with any status.
func parse(response *http.Response, body []byte) keys.EndpointResult {
	var list bucketList
	var failed s3Error
	switch {
	case response.StatusCode == http.StatusOK && xml.Unmarshal(body, &list) == nil:
		return keys.EndpointResult{Buckets: len(list.Buckets)}
	case response.StatusCode/100 == 3:
		return keys.EndpointResult{Failure: keys.Redirected, Err: statusError(response)}
	case response.StatusCode >= http.StatusInternalServerError || response.StatusCode == http.StatusTooManyRequests:
		return keys.EndpointResult{Failure: keys.ServerError, Err: statusError(response)}
	case response.StatusCode >= http.StatusBadRequest && xml.Unmarshal(body, &failed) == nil && codeForm.MatchString(failed.Code):
		return keys.EndpointResult{Code: failed.Code}
	default:
		return keys.EndpointResult{Failure: keys.NotS3, Err: errors.Join(errNotS3, statusError(response))}
	}
}

func statusError(response *http.Response) error {
	return fmt.Errorf("s3check: status %d", response.StatusCode)
}
