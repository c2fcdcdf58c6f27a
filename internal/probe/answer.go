package probe

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"keydeck/internal/keys"
)

// bucketList is S3's answer, as far as it is of interest.
type bucketList struct {
	XMLName xml.Name   `xml:"ListAllMyBucketsResult"`
	Buckets []struct{} `xml:"Buckets>Bucket"`
}

// refusal is S3's error.
type refusal struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
}

// codeForm is what S3's words for errors look like. What does not is not
// repeated to anybody.
var codeForm = regexp.MustCompile(`^[A-Za-z0-9.]{1,64}$`)

var errNotS3 = errors.New("probe: no answer of S3")

// read says what an answer holds. Proxies and web pages answer as well, with
// any status.
func read(response *http.Response, body []byte) keys.Probe {
	var list bucketList
	var no refusal
	switch {
	case response.StatusCode == http.StatusOK && xml.Unmarshal(body, &list) == nil:
		return keys.Probe{Buckets: len(list.Buckets)}
	case response.StatusCode/100 == 3:
		return keys.Probe{Trouble: keys.Redirected, Err: statusError(response)}
	case response.StatusCode >= http.StatusInternalServerError || response.StatusCode == http.StatusTooManyRequests:
		return keys.Probe{Trouble: keys.Failing, Err: statusError(response)}
	case response.StatusCode >= http.StatusBadRequest && xml.Unmarshal(body, &no) == nil && codeForm.MatchString(no.Code):
		return keys.Probe{Code: no.Code}
	default:
		return keys.Probe{Trouble: keys.NotStorage, Err: errors.Join(errNotS3, statusError(response))}
	}
}

func statusError(response *http.Response) error {
	return fmt.Errorf("probe: answered with status %d", response.StatusCode)
}
