package s3

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// canonicalRequest writes a request in the one way that both sides sign.
func (sig *signature) canonicalRequest(r *http.Request, query url.Values) string {
	var b strings.Builder
	b.WriteString(r.Method + "\n")
	path := r.URL.Path
	if path == "" {
		path = "/"
	}
	b.WriteString(strings.ReplaceAll(awsEscape(path), "%2F", "/") + "\n")
	b.WriteString(canonicalQuery(query) + "\n")
	for _, name := range sig.signed {
		b.WriteString(name + ":" + canonicalHeader(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(sig.signed, ";") + "\n" + sig.payload)
	return b.String()
}

func canonicalQuery(query url.Values) string {
	var pairs []string
	for name, values := range query {
		if name == "X-Amz-Signature" {
			continue
		}
		for _, value := range values {
			pairs = append(pairs, awsEscape(name)+"="+awsEscape(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// canonicalHeader finds also what net/http keeps elsewhere.
func canonicalHeader(r *http.Request, name string) string {
	values := r.Header.Values(name)
	switch {
	case name == "host":
		return r.Host
	case name == "content-length" && len(values) == 0:
		return strconv.FormatInt(r.ContentLength, 10)
	case name == "transfer-encoding" && len(values) == 0:
		values = r.TransferEncoding
	}
	trimmed := make([]string, len(values))
	for i, value := range values {
		trimmed[i] = strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == ' ' }), " ")
	}
	return strings.Join(trimmed, ",")
}

// awsEscape is RFC 3986's way to escape, which url.QueryEscape is not.
func awsEscape(text string) string {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
	var b strings.Builder
	for _, c := range []byte(text) {
		if strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
	}
	return b.String()
}

func (sig *signature) scope() string { return sig.date + "/" + sig.region + "/s3/aws4_request" }

func (sig *signature) stringToSign() string {
	return signingAlgorithm + "\n" + sig.time + "\n" + sig.scope() + "\n" + sha256Hex([]byte(sig.canonical))
}

// sign signs any text with the key that a secret gives for the scope.
func (sig *signature) sign(secret, text string) string {
	mac := []byte("AWS4" + secret)
	for _, part := range []string{sig.date, sig.region, "s3", "aws4_request", text} {
		h := hmac.New(sha256.New, mac)
		h.Write([]byte(part))
		mac = h.Sum(nil)
	}
	return hex.EncodeToString(mac)
}

// isBy reports whether the request was signed with a secret. With none, none
// is right.
func (sig *signature) isBy(secret string) bool {
	return secret != "" && hmac.Equal([]byte(sig.sign(secret, sig.stringToSign())), []byte(sig.given))
}

func (sig *signature) mismatch() *Error {
	no := NewError(http.StatusForbidden, "SignatureDoesNotMatch",
		"The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	no.AccessKey, no.StringToSign, no.CanonicalRequest = sig.accessKey, sig.stringToSign(), sig.canonical
	return no
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
