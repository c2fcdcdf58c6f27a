package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// control is one of the paths below /_sandbox/. An error it gives is the
// client's, and is answered with 400 and its sentence.
type control struct {
	method, pattern string
	handle          func(s *Sandbox, vars []string, body []byte) (any, error)
}

// errNoSuch: what a control names does not exist, which is 404.
var errNoSuch = errors.New("there is no such key, user, group or bucket")

var controls = []control{
	{"GET", "/_sandbox/faults", listFaults},
	{"POST", "/_sandbox/faults", addFault},
	{"DELETE", "/_sandbox/faults", clearFaults},
	{"GET", "/_sandbox/random-faults", readRandomFaults},
	{"POST", "/_sandbox/random-faults", setRandomFaults},
	{"DELETE", "/_sandbox/random-faults", clearRandomFaults},
	{"GET", "/_sandbox/requests", listRequests},
	{"DELETE", "/_sandbox/requests", clearRequests},
	{"POST", "/_sandbox/keys/{}", changeKey},
	{"DELETE", "/_sandbox/keys/{}", dropKey},
	{"GET", "/_sandbox/users/{}/keys", listKeysOf},
	{"POST", "/_sandbox/users/{}", changeUser},
	{"DELETE", "/_sandbox/users/{}", dropUser},
	{"POST", "/_sandbox/groups/{}", changeGroup},
	{"POST", "/_sandbox/buckets/{}", grantBucket},
	{"POST", "/_sandbox/tokens", mintToken},
}

// sameOrigin refuses what a page of another site has a browser send. Clients
// that are no browsers say nothing of an origin.
var sameOrigin = http.NewCrossOriginProtection()

func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request) {
	if err := sameOrigin.Check(r); err != nil {
		writeControl(w, http.StatusForbidden, controlError{err.Error()})
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		writeControl(w, http.StatusBadRequest, controlError{"the body could not be read"})
		return
	}
	status := http.StatusNotFound
	for _, ctl := range controls {
		vars, matches := match(ctl.pattern, r.URL.EscapedPath())
		if !matches {
			continue
		}
		if ctl.method != r.Method {
			status = http.StatusMethodNotAllowed
			continue
		}
		answer, err := ctl.handle(s, vars, body)
		switch {
		case errors.Is(err, errNoSuch):
			writeControl(w, http.StatusNotFound, controlError{err.Error()})
		case err != nil:
			writeControl(w, http.StatusBadRequest, controlError{err.Error()})
		default:
			writeControl(w, http.StatusOK, answer)
		}
		return
	}
	writeControl(w, status, controlError{"there is no such control"})
}

type controlError struct {
	Error string `json:"error"`
}

type done struct {
	Done bool `json:"done"`
}

func writeControl(w http.ResponseWriter, status int, body any) {
	reply{status: status, body: body}.write(w, false)
}

// decode reads a control's body and allows no unknown field, so that a test's
// misspelt one is not silently nothing.
func decode(body []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("the body is not the JSON expected: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("the body holds more than one JSON value")
	}
	return nil
}

func listFaults(s *Sandbox, _ []string, _ []byte) (any, error) {
	return map[string][]fault{"faults": s.faults.list()}, nil
}

func addFault(s *Sandbox, _ []string, body []byte) (any, error) {
	var f fault
	if err := decode(body, &f); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	s.faults.add(&f)
	return done{true}, nil
}

func clearFaults(s *Sandbox, _ []string, _ []byte) (any, error) {
	s.faults.clear()
	return done{true}, nil
}

func listRequests(s *Sandbox, _ []string, _ []byte) (any, error) {
	return map[string][]loggedRequest{"requests": s.log.list()}, nil
}

func clearRequests(s *Sandbox, _ []string, _ []byte) (any, error) {
	s.log.clear()
	return done{true}, nil
}

func mintToken(s *Sandbox, _ []string, body []byte) (any, error) {
	in := struct {
		Email string `json:"email"`
		TTL   int    `json:"ttl"`
	}{TTL: 3600}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	token := s.Token(in.Email, time.Duration(in.TTL)*time.Second)
	if token == "" {
		return nil, errNoSuch
	}
	return generatedBody{token}, nil
}
