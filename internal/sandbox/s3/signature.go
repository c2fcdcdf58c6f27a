package s3

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Signature Version 4, as S3 has it.
const (
	signingAlgorithm = "AWS4-HMAC-SHA256"
	signingTime      = "20060102T150405Z"

	unsignedPayload = "UNSIGNED-PAYLOAD"

	// maxSkew is how far a client's clock may be off.
	maxSkew = 15 * time.Minute
	// maxExpiry is how long an address may be good for.
	maxExpiry = 7 * 24 * time.Hour
)

// signature is what a request says of who signed it, and what was signed.
type signature struct {
	accessKey string
	date      string // of the scope, e.g. 20260301
	region    string
	signed    []string // names of headers
	given     string   // the signature itself, in hexadecimal
	time      string   // as it was signed
	payload   string   // a hash, or the word for what is in its place
	canonical string   // request
}

// readSignature reads the signature of a request and checks what can be
// checked without its key.
func readSignature(r *http.Request, now time.Time) (*signature, error) {
	header, query := r.Header.Get("Authorization"), r.URL.Query()
	var sig *signature
	var err error
	switch {
	case strings.HasPrefix(header, signingAlgorithm):
		sig, err = signatureInHeader(r, header, now)
	case header != "":
		return nil, invalidRequest("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
	case query.Has("X-Amz-Signature"):
		sig, err = signatureInQuery(r, query, now)
	case query.Has("Signature"):
		return nil, invalidRequest("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
	default:
		return nil, accessDenied("Access Denied")
	}
	if err != nil {
		return nil, err
	}
	if r.Header.Get("X-Amz-Security-Token")+query.Get("X-Amz-Security-Token") != "" {
		return nil, NewError(http.StatusBadRequest, "InvalidToken", "The provided token is malformed or otherwise invalid.")
	}
	if err := sig.coversHeaders(r.Header); err != nil {
		return nil, err
	}
	sig.canonical = sig.canonicalRequest(r, query)
	return sig, nil
}

// signatureInHeader reads AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…,
// Signature=….
func signatureInHeader(r *http.Request, header string, now time.Time) (*signature, error) {
	fields := map[string]string{}
	for part := range strings.SplitSeq(strings.TrimPrefix(header, signingAlgorithm), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	sig := &signature{
		given: fields["Signature"], signed: strings.Split(fields["SignedHeaders"], ";"),
		time: r.Header.Get("X-Amz-Date"), payload: r.Header.Get("X-Amz-Content-Sha256"),
	}
	if err := sig.readCredential(fields["Credential"]); err != "" {
		return nil, malformed(err)
	}
	if sig.time == "" {
		date, err := http.ParseTime(r.Header.Get("Date"))
		if err != nil {
			return nil, accessDenied("AWS authentication requires a valid Date or x-amz-date header")
		}
		sig.time = date.UTC().Format(signingTime)
	}
	signed, err := time.Parse(signingTime, sig.time)
	switch {
	case err != nil:
		return nil, accessDenied("AWS authentication requires a valid Date or x-amz-date header")
	case !strings.HasPrefix(sig.time, sig.date):
		return nil, malformed("the date in the credential scope does not match the date of the request")
	case signed.Sub(now).Abs() > maxSkew:
		return nil, NewError(http.StatusForbidden, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	case sig.payload == "":
		return nil, invalidRequest("Missing required header for this request: x-amz-content-sha256")
	}
	return sig, nil
}

// signatureInQuery reads an address that was signed beforehand.
func signatureInQuery(r *http.Request, query url.Values, now time.Time) (*signature, error) {
	sig := &signature{
		given: query.Get("X-Amz-Signature"), signed: strings.Split(query.Get("X-Amz-SignedHeaders"), ";"),
		time: query.Get("X-Amz-Date"),
		payload: cmp.Or(r.Header.Get("X-Amz-Content-Sha256"), query.Get("X-Amz-Content-Sha256"),
			unsignedPayload),
	}
	if query.Get("X-Amz-Algorithm") != signingAlgorithm {
		return nil, malformedQuery(`X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"`)
	}
	if err := sig.readCredential(query.Get("X-Amz-Credential")); err != "" {
		return nil, malformedQuery("Error parsing the X-Amz-Credential parameter; " + err)
	}
	signed, err := time.Parse(signingTime, sig.time)
	if err != nil || !strings.HasPrefix(sig.time, sig.date) {
		return nil, malformedQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
	}
	seconds, err := strconv.Atoi(query.Get("X-Amz-Expires"))
	life := time.Duration(seconds) * time.Second
	switch {
	case err != nil || life < 0 || life > maxExpiry:
		return nil, malformedQuery("X-Amz-Expires must be a number of seconds up to a week")
	case signed.Sub(now) > maxSkew:
		return nil, accessDenied("Request is not yet valid")
	case now.After(signed.Add(life)):
		return nil, accessDenied("Request has expired")
	}
	return sig, nil
}

// readCredential reads <access key>/<date>/<region>/s3/aws4_request, and says
// what is wrong with it.
func (sig *signature) readCredential(credential string) string {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 || slices.Contains(parts, "") {
		return "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
	}
	if parts[3] != "s3" || parts[4] != "aws4_request" {
		return "the credential scope is for " + strconv.Quote(parts[3]) + "; this endpoint belongs to \"s3\"."
	}
	sig.accessKey, sig.date, sig.region = parts[0], parts[1], parts[2]
	return ""
}

// coversHeaders refuses what could have been put into a request on its way.
func (sig *signature) coversHeaders(header http.Header) error {
	if !slices.Contains(sig.signed, "host") {
		return accessDenied("The host header must be signed")
	}
	for name := range header {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, "x-amz-") && !slices.Contains(sig.signed, name) {
			return accessDenied("There were headers present in the request which were not signed: " + name)
		}
	}
	return nil
}
