package ionos_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// step is what happens to one request.
type step func(r *http.Request) (*http.Response, error)

// script is a base transport that goes through its steps, the last again and
// again, and remembers what was sent.
type script struct {
	mu    sync.Mutex
	steps []step
	sent  []sent
}

type sent struct {
	line, body string // "GET /accesskeys?offset=0"
	header     http.Header
	closing    bool
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		read, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		body = string(read)
	}
	s.mu.Lock()
	next := s.steps[min(len(s.sent), len(s.steps)-1)]
	s.sent = append(s.sent, sent{r.Method + " " + r.URL.RequestURI(), body, r.Header, r.Close})
	s.mu.Unlock()
	return next(r)
}

// answer gives a JSON answer, and headers as pairs of name and value.
func answer(status int, body string, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{
			Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: r,
		}, nil
	}
}

// says gives an error of the APIs' form.
func says(status int, message string, header ...string) step {
	return answer(status, fmt.Sprintf(`{"httpStatus":%d,"messages":[{"errorCode":"1","message":%q}]}`, status, message), header...)
}

// breaks loses the connection after the request went out.
func breaks(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

// refuses is a host that does not listen.
func refuses(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// hangs answers only to the end of the time.
func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// Names that are well formed.
const (
	userID     = "2f1f5b6a-6a1e-4a1c-9f3e-0a8d5b1c7e10"
	resourceID = "7b0a3c52-1d0e-4f62-8a43-51f3c9a4d2b7"
	requestID  = "f3c1c2d4-5555-4444-8888-0123456789ab"
	accessKey  = "00ca413c94eecc56857d"
	canary     = "c4n4ry+s3cr3t/that-must-not-be-seen"
)

// token is one that Identify reads, with a canary for a signature.
func token() secret.Value {
	encode := base64.RawURLEncoding.EncodeToString
	return secret.New(encode([]byte(`{"alg":"RS256","kid":"`+requestID+`"}`)) + "." +
		encode([]byte(`{"exp":1893456000,"identity":{"uuid":"`+userID+`","contractNumber":12345678,"role":"owner"}}`)) + "." +
		encode([]byte(canary)))
}

// scripted is a user's APIs with scripted responses; waits are recorded and not
// waited for.
type scripted struct {
	keys.Remote
	*script
	client *ionos.Client
	waits  []time.Duration
}

func play(t *testing.T, steps ...step) *scripted { return playWith(t, ionos.Config{}, steps...) }

func playWith(t *testing.T, cfg ionos.Config, steps ...step) *scripted {
	t.Helper()
	p := &scripted{script: &script{steps: steps}}
	cfg.Transport = p.script
	cfg.Random = func() float64 { return 0 }
	if cfg.Wait == nil {
		cfg.Wait = func(ctx context.Context, d time.Duration) error {
			p.waits = append(p.waits, d)
			return ctx.Err()
		}
	}
	p.client = newClient(t, cfg)
	p.Remote = p.client.As(keys.Access{Token: token()})
	return p
}

func (s *scripted) lines() []string {
	var lines []string
	for _, sent := range s.sent {
		lines = append(lines, sent.line)
	}
	return lines
}
