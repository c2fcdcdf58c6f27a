package s3

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"

	"keydeck/internal/sandbox/objects"
)

// Error is an answer of S3 that is not a success.
type Error struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
	Message string

	// What helps to find a mistake in one's own signing.
	AccessKey        string `xml:"AWSAccessKeyId,omitempty"`
	StringToSign     string `xml:",omitempty"`
	CanonicalRequest string `xml:",omitempty"`

	BucketName string `xml:",omitempty"`
	Key        string `xml:",omitempty"`
	Region     string `xml:",omitempty"`
	Resource   string
	RequestID  string `xml:"RequestId"`
	HostID     string `xml:"HostId"`

	status int
	header map[string]string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// NewError returns an answer with a status and a code of S3.
func NewError(status int, code, message string) *Error {
	return &Error{status: status, Code: code, Message: message}
}

func accessDenied(message string) *Error {
	return NewError(http.StatusForbidden, "AccessDenied", message)
}

func noSuchAccessKey() *Error {
	return NewError(http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
}

func malformed(message string) *Error {
	return NewError(http.StatusBadRequest, "AuthorizationHeaderMalformed", "The authorization header is malformed; "+message)
}

func malformedQuery(message string) *Error {
	return NewError(http.StatusBadRequest, "AuthorizationQueryParametersError", message)
}

func invalidRequest(message string) *Error {
	return NewError(http.StatusBadRequest, "InvalidRequest", message)
}

func invalidArgument(message string) *Error {
	return NewError(http.StatusBadRequest, "InvalidArgument", message)
}

func malformedXML() *Error {
	return NewError(http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema.")
}

func notImplemented(what string) *Error {
	return NewError(http.StatusNotImplemented, "NotImplemented", "The sandbox does not implement "+what+".")
}

func methodNotAllowed() *Error {
	return NewError(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
}

func badDigest(what string) *Error {
	return NewError(http.StatusBadRequest, "BadDigest", "The "+what+" you specified did not match what we received.")
}

func entityTooLarge() *Error {
	return NewError(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.")
}

func preconditionFailed() *Error {
	return NewError(http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.")
}

func invalidRange() *Error {
	return NewError(http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable.")
}

// storeErrors are the answers to the errors of the store.
var storeErrors = map[error]*Error{
	objects.ErrNoBucket:      NewError(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist."),
	objects.ErrBucketExists:  NewError(http.StatusConflict, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system."),
	objects.ErrTooMany:       NewError(http.StatusBadRequest, "TooManyBuckets", "You have attempted to create more buckets than allowed."),
	objects.ErrNotEmpty:      NewError(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty."),
	objects.ErrNoKey:         NewError(http.StatusNotFound, "NoSuchKey", "The specified key does not exist."),
	objects.ErrNoVersion:     NewError(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist."),
	objects.ErrDeleteMarker:  methodNotAllowed(),
	objects.ErrNoUpload:      NewError(http.StatusNotFound, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."),
	objects.ErrInvalidPart:   NewError(http.StatusBadRequest, "InvalidPart", "One or more of the specified parts could not be found, or its entity tag or checksum did not match."),
	objects.ErrPartOrder:     NewError(http.StatusBadRequest, "InvalidPartOrder", "The list of parts was not in ascending order. The parts list must be specified in order by part number."),
	objects.ErrPartTooSmall:  NewError(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size."),
	objects.ErrTooLarge:      entityTooLarge(),
	objects.ErrPrecondition:  preconditionFailed(),
	objects.ErrWrongSize:     invalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed."),
	objects.ErrWrongChecksum: badDigest("checksum"),
}

// asError is the answer to any error.
func asError(err error) Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return *e
	}
	for known, e := range storeErrors {
		if errors.Is(err, known) {
			return *e
		}
	}
	return *NewError(http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
}

// WriteError answers with an error, as S3 does. A HEAD gets no body.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	answer := asError(err)
	answer.Resource = r.URL.Path
	answer.RequestID, answer.HostID = w.Header().Get(requestIDHeader), w.Header().Get(hostIDHeader)
	for name, value := range answer.header {
		w.Header().Set(name, value)
	}
	if answer.Region != "" {
		w.Header().Set(bucketRegionHeader, answer.Region)
	}
	if r.Method == http.MethodHead || answer.status == http.StatusNotModified {
		w.WriteHeader(answer.status)
		return
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(answer.status)
	// A client that has gone away is no concern here.
	_, _ = io.WriteString(w, xml.Header)
	_ = xml.NewEncoder(w).Encode(answer)
}
