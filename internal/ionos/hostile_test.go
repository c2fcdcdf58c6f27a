package ionos_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
)

// endless is a body that does not end.
type endless struct{ read, closed atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read.Add(int64(len(p)))
	return len(p), nil
}

func (e *endless) Close() error { e.closed.Add(1); return nil }

// TestDecodeError: an answer that says that all is well and then cannot
// be read is a failure of the API; after a change, it is unclear.
func TestDecodeError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		step       step
		silentFail bool // also where no body is needed
	}{
		{"HTML", answer(200, "<h1>"+canary, "Content-Type", "text/html"), false},
		{"empty", answer(200, ""), false},
		{"no JSON", answer(200, "{"+canary), false},
		{"null", answer(200, "null"), false},
		{"an array", answer(200, `["`+canary+`"]`), false},
		{"an empty object", answer(200, `{}`), false},
		{"wrong types", answer(200, `{"id":5,"items":"`+canary+`","properties":"`+canary+`","token":[],"metadata":1,"success":7}`), false},
		{"half an answer", func(r *http.Request) (*http.Response, error) {
			response, err := answer(200, "")(r)
			response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"items":[`), failing{}))
			return response, err
		}, true},
	}
	mayBeSilent := map[string]bool{
		"DeleteOwnKey": true, "SetUserKeyActive": true, "DeleteUserKey": true, "Revoke": true,
		"AddMember": true, "RemoveMember": true, "SetUserActive": true,
	}
	for _, test := range tests {
		for _, c := range calls {
			if mayBeSilent[c.name] && !test.silentFail {
				continue
			}
			t.Run(test.name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				err := c.run(t.Context(), play(t, test.step))
				if !errors.Is(err, keys.ErrUnavailable) || keys.Indeterminate(err) != c.change {
					t.Errorf("got error %v, unclear %v", err, keys.Indeterminate(err))
				}
				if err != nil && strings.Contains(err.Error(), canary) {
					t.Errorf("the error quotes the answer: %v", err)
				}
			})
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReadBodyTooLong(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		body := &endless{}
		p := play(t, func(r *http.Request) (*http.Response, error) {
			response, err := answer(200, "")(r)
			response.Body = body
			return response, err
		})
		err := c.run(t.Context(), p)
		if !errors.Is(err, keys.ErrUnavailable) || keys.Indeterminate(err) != c.change {
			t.Errorf("%s: got error %v, unclear %v", c.name, err, keys.Indeterminate(err))
		}
		if len(p.sent) != 1 || body.closed.Load() != 1 || body.read.Load() > 2*int64(ionos.MaxBody) {
			t.Errorf("%s: sent %d times, closed %d times, read %d bytes", c.name, len(p.sent), body.closed.Load(), body.read.Load())
		}
	}
}

// TestRoundTripRedirect: the token would go along.
func TestRoundTripRedirect(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		here := httptest.NewServer(http.RedirectHandler(other.URL, status))
		remote := clientOf(t, here.URL).As(keys.Access{Token: token()})
		if _, err := remote.OwnKeys(t.Context()); !errors.Is(err, keys.ErrUnavailable) {
			t.Errorf("%d: got error %v", status, err)
		}
		if _, err := remote.CreateOwnKey(t.Context(), ""); !errors.Is(err, keys.ErrUnavailable) {
			t.Errorf("%d: got error %v", status, err)
		}
		here.Close()
	}
	if elsewhere.Load() != 0 {
		t.Errorf("%d requests came elsewhere", elsewhere.Load())
	}
}

// TestNetworkError puts servers that do not speak HTTP behind a real transport.
func TestNetworkError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, answer string
	}{
		{name: "no HTTP", answer: canary + "\r\n\r\n"},
		{name: "a malformed header", answer: "HTTP/1.1 200 OK\r\n" + canary + "\r\n\r\n"},
		{name: "a malformed status", answer: "HTTP/1.1 " + canary + "\r\n\r\n"},
		{name: "half a body", answer: "HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n" + canary},
		{name: "a malformed chunk", answer: "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n" + canary + "\r\n"},
		{name: "no answer"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			remote := clientOf(t, "http://"+raw(t, test.answer)).As(keys.Access{Token: token()})
			_, err := remote.CreateOwnKey(t.Context(), "")
			if !errors.Is(err, keys.ErrUnavailable) || !keys.Indeterminate(err) {
				t.Errorf("got error %v, unclear %v", err, keys.Indeterminate(err))
			}
			if strings.Contains(fmt.Sprintf("%v %+v", err, err), canary) {
				t.Errorf("the error quotes the answer: %v", err)
			}
		})
	}
}

// raw is a server that reads a request and writes text.
func raw(t *testing.T, text string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = io.Copy(io.Discard, r.Body)
				_, _ = io.WriteString(conn, text)
			}
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

// TestNeverSent: nothing is unclear about what never left.
func TestNeverSent(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + listener.Addr().String()
	_ = listener.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	for name, address := range map[string]string{
		"no listener":  closed,
		"no TLS there": strings.Replace(plain.URL, "http://", "https://", 1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := clientOf(t, address).As(keys.Access{Token: token()}).CreateOwnKey(t.Context(), "")
			if !errors.Is(err, keys.ErrUnavailable) || keys.Indeterminate(err) {
				t.Errorf("got error %v, unclear %v", err, keys.Indeterminate(err))
			}
		})
	}
	noHost := func(*http.Request) (*http.Response, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "x.invalid"}
	}
	if _, err := play(t, noHost).CreateOwnKey(t.Context(), ""); !errors.Is(err, keys.ErrUnavailable) || keys.Indeterminate(err) {
		t.Errorf("no such host: got error %v, unclear %v", err, keys.Indeterminate(err))
	}
}
