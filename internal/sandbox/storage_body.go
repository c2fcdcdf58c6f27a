package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// What stands in the place of a payload's hash where the payload comes in
// chunks, each with a signature of its own, or with a trailer.
const (
	signedChunks   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	signedTrailer  = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	unsignedChunks = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// maxObject bounds the body of one request, which is held in memory.
const maxObject = 256 << 20

// readBody reads what a request carries, as far as the signature covers it.
func (sig *signature) readBody(r *http.Request, secret string) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxObject+1))
	switch {
	case err != nil:
		return nil, incompleteBody()
	case len(body) > maxObject:
		return nil, storageRefuse(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.")
	}
	switch sig.payload {
	case unsignedPayload:
		return body, nil
	case signedChunks, signedTrailer, unsignedChunks:
		c := chunks{sig: sig, secret: secret, previous: sig.given, rest: body}
		content, err := c.read()
		if err == nil && strconv.Itoa(len(content)) != r.Header.Get("X-Amz-Decoded-Content-Length") {
			err = incompleteBody()
		}
		return content, err
	}
	if sha256Hex(body) != sig.payload {
		return nil, storageRefuse(http.StatusBadRequest, "XAmzContentSHA256Mismatch",
			"The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	return body, nil
}

func incompleteBody() *storageRefusal {
	return storageRefuse(http.StatusBadRequest, "IncompleteBody",
		"You did not provide the number of bytes specified by the Content-Length HTTP header.")
}

// chunks takes the aws-chunked encoding apart. Every signature covers the one
// before it, the first of which is the request's.
type chunks struct {
	sig      *signature
	secret   string
	previous string
	rest     []byte
}

func (c *chunks) read() ([]byte, error) {
	var content []byte
	for {
		data, err := c.chunk()
		if err != nil {
			return nil, err
		}
		if len(data) == 0 {
			return content, c.trailer()
		}
		content = append(content, data...)
	}
}

// chunk reads <size in hexadecimal>;chunk-signature=<signature>, and the data.
func (c *chunks) chunk() ([]byte, error) {
	line, err := c.line()
	if err != nil {
		return nil, err
	}
	length, extension, _ := strings.Cut(line, ";")
	size, err := strconv.ParseUint(length, 16, 32)
	if err != nil || size > uint64(len(c.rest)) {
		return nil, incompleteBody()
	}
	data := c.rest[:size]
	c.rest = c.rest[size:]
	if size > 0 {
		if end, err := c.line(); err != nil || end != "" {
			return nil, incompleteBody()
		}
	}
	if c.sig.payload == unsignedChunks {
		return data, nil
	}
	given, found := strings.CutPrefix(extension, "chunk-signature=")
	if !found || !c.follows(given, "AWS4-HMAC-SHA256-PAYLOAD", sha256Hex(nil)+"\n"+sha256Hex(data)) {
		return nil, c.sig.mismatch()
	}
	return data, nil
}

// follows checks a signature against the one before it.
func (c *chunks) follows(given, algorithm, what string) bool {
	text := algorithm + "\n" + c.sig.time + "\n" + c.sig.scope() + "\n" + c.previous + "\n" + what
	c.previous = given
	return c.sig.sign(c.secret, text) == given
}

// trailer reads headers that come after the data. Checksums are the only ones,
// and their signature is what is checked.
func (c *chunks) trailer() error {
	var lines []string
	given := ""
	for {
		line, err := c.line()
		if line == "" {
			break // with an empty line, or with the body
		}
		if err != nil {
			return err
		}
		name, value, _ := strings.Cut(line, ":")
		if name = strings.ToLower(name); name == "x-amz-trailer-signature" {
			given = strings.TrimSpace(value)
			continue
		}
		lines = append(lines, name+":"+strings.TrimSpace(value)+"\n")
	}
	if c.sig.payload != signedTrailer {
		return nil
	}
	slices.Sort(lines)
	if !c.follows(given, "AWS4-HMAC-SHA256-TRAILER", sha256Hex([]byte(strings.Join(lines, "")))) {
		return c.sig.mismatch()
	}
	return nil
}

var errNoLine = errors.New("no line")

// line takes one line, without its end, which some clients write as a bare
// line feed after a trailer.
func (c *chunks) line() (string, error) {
	line, rest, found := bytes.Cut(c.rest, []byte("\n"))
	if !found {
		return "", errors.Join(errNoLine, incompleteBody())
	}
	c.rest = rest
	return strings.TrimSuffix(string(line), "\r"), nil
}

// withBody gives the request with its body as it was meant.
func withBody(r *http.Request, body []byte) *http.Request {
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	r.Header.Del("X-Amz-Content-Sha256")
	r.Header.Del("X-Amz-Decoded-Content-Length")
	return r
}
