package sandbox

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
)

// storageRefusal is an error of S3, in S3's own words.
type storageRefusal struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
	Message string

	// For whoever looks for the mistake in their own signing.
	KeyID            string `xml:"AWSAccessKeyId,omitempty"`
	StringToSign     string `xml:",omitempty"`
	CanonicalRequest string `xml:",omitempty"`

	Resource string
	status   int
}

func (e *storageRefusal) Error() string { return e.Code + ": " + e.Message }

func storageRefuse(status int, code, message string) *storageRefusal {
	return &storageRefusal{status: status, Code: code, Message: message}
}

func accessDenied(message string) *storageRefusal {
	return storageRefuse(http.StatusForbidden, "AccessDenied", message)
}

func noSuchAccessKey() *storageRefusal {
	return storageRefuse(http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
}

func malformed(message string) *storageRefusal {
	return storageRefuse(http.StatusBadRequest, "AuthorizationHeaderMalformed", "The authorization header is malformed; "+message)
}

func malformedQuery(message string) *storageRefusal {
	return storageRefuse(http.StatusBadRequest, "AuthorizationQueryParametersError", message)
}

func invalidRequest(message string) *storageRefusal {
	return storageRefuse(http.StatusBadRequest, "InvalidRequest", message)
}

// refuseStorage writes an error as S3 does.
func refuseStorage(w http.ResponseWriter, r *http.Request, err error) {
	var no *storageRefusal
	if !errors.As(err, &no) {
		no = storageRefuse(http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
	}
	answer := *no
	answer.Resource = r.URL.Path
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(answer.status)
	if r.Method == http.MethodHead {
		return
	}
	// A client that has gone away is no concern here.
	_, _ = io.WriteString(w, xml.Header)
	_ = xml.NewEncoder(w).Encode(answer)
}
