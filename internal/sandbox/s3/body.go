package s3

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

// readBody reads what a request carries, as far as the signature covers it, and
// the headers that come after it. The whole body is held in memory, at most
// limit bytes of it.
func (sig *signature) readBody(r *http.Request, secret string, limit int64) ([]byte, map[string]string, error) {
	body, err := readAll(r, limit)
	if err != nil {
		return nil, nil, err
	}
	switch sig.payload {
	case unsignedPayload:
		return body, nil, nil
	case signedChunks, signedTrailer, unsignedChunks:
		c := chunks{sig: sig, secret: secret, previous: sig.given, rest: body, trailer: map[string]string{}}
		content, err := c.read()
		if err == nil && strconv.Itoa(len(content)) != r.Header.Get("X-Amz-Decoded-Content-Length") {
			err = incompleteBody()
		}
		return content, c.trailer, err
	}
	if sha256Hex(body) != sig.payload {
		return nil, nil, NewError(http.StatusBadRequest, "XAmzContentSHA256Mismatch",
			"The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	return body, nil, nil
}

// readAll takes no more memory than a body of known length has, since objects
// are kept as they are read.
func readAll(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, entityTooLarge()
	}
	if r.ContentLength >= 0 {
		body := make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, body); err != nil {
			return nil, incompleteBody()
		}
		return body, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	switch {
	case err != nil:
		return nil, incompleteBody()
	case int64(len(body)) > limit:
		return nil, entityTooLarge()
	}
	return body, nil
}

func incompleteBody() *Error {
	return NewError(http.StatusBadRequest, "IncompleteBody",
		"You did not provide the number of bytes specified by the Content-Length HTTP header.")
}

// chunks takes the aws-chunked encoding apart. Every signature covers the one
// before it, the first of which is the request's.
type chunks struct {
	sig      *signature
	secret   string
	previous string
	rest     []byte
	trailer  map[string]string // by lower-case name
}

func (c *chunks) read() ([]byte, error) {
	var content []byte
	for {
		data, err := c.chunk()
		if err != nil {
			return nil, err
		}
		if len(data) == 0 {
			return content, c.readTrailer()
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

// readTrailer reads headers that come after the data, and checks their
// signature where they have one.
func (c *chunks) readTrailer() error {
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
		c.trailer[name] = strings.TrimSpace(value)
		lines = append(lines, name+":"+c.trailer[name]+"\n")
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
