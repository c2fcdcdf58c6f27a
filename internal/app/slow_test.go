package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// slowClient sends what it is told and then waits for the console to say
// something, or to give up.
type slowClient struct {
	net.Conn
	t *testing.T
}

func dial(t *testing.T, a *App) slowClient {
	t.Helper()
	conn, err := net.Dial("tcp", a.console.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return slowClient{conn, t}
}

func (c slowClient) send(text string) slowClient {
	c.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatal(err)
	}
	return c
}

// status is that of the answer; 0 when the connection was closed without one.
func (c slowClient) status() int {
	c.t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.t.Error("the console waits for ever")
	}
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// startImpatient is a console that waits for half a second at most.
func startImpatient(t *testing.T) *App {
	t.Helper()
	a := newApp(t, testConfig(t))
	a.console.server.ReadHeaderTimeout = 500 * time.Millisecond
	a.console.server.ReadTimeout = 500 * time.Millisecond
	start(t, a)
	return a
}

// TestServeSlowClient is cut off, and does not delay other clients.
func TestServeSlowClient(t *testing.T) {
	a := startImpatient(t)
	const post = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	dawdlers := map[string]string{
		"says nothing":           "",
		"half a request line":    "GET /sign-in HT",
		"half a header":          "GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a",
		"half a body":            post + "Content-Length: 1000\r\n\r\nemail=a",
		"no body":                post + "Content-Length: 1000\r\n\r\n",
		"half a chunk":           post + "Transfer-Encoding: chunked\r\n\r\nff\r\nemail=a",
		"a chunk without an end": post + "Transfer-Encoding: chunked\r\n\r\n7\r\nemail=a\r\n",
	}
	waiting := map[string]slowClient{}
	for name, text := range dawdlers {
		for i := range 20 {
			waiting[fmt.Sprint(name, i)] = dial(t, a).send(text)
		}
	}
	if status, _ := get(t, a.URL()+"/sign-in"); status != http.StatusOK {
		t.Errorf("meanwhile others get %d", status)
	}
	for name, client := range waiting {
		if status := client.status(); status != 0 && (status < 400 || status >= 500) {
			t.Errorf("%s: answered %d", name, status)
		}
	}
}

// TestServeMalformedRequest are refused, whatever they are, and end nothing.
func TestServeMalformedRequest(t *testing.T) {
	a := startImpatient(t)
	long := strings.Repeat("a", 2*maxHeaderBytes)
	for name, request := range map[string]string{
		"garbage":                "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"no version":             "GET /sign-in\r\n\r\n",
		"an over-long path":      "GET /" + long + " HTTP/1.1\r\nHost: a\r\n\r\n",
		"an over-long name":      "GET / HTTP/1.1\r\nHost: a\r\n" + long + ": a\r\n\r\n",
		"many headers":           "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A: b\r\n", 2*maxHeaderBytes/6) + "\r\n",
		"no host":                "GET /sign-in HTTP/1.1\r\n\r\n",
		"two lengths":            "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"a length below zero":    "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
		"a NUL in a header":      "GET /sign-in HTTP/1.1\r\nHost: a\r\nCookie: a\x00b\r\n\r\n",
		"a body of a gigabyte":   "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n",
		"a length and chunks":    "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
		"chunks in other words":  "POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"a blank before a colon": "POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
		"a header of two lines":  "POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked, identity\r\n\r\n0\r\n\r\n",
		"a length with a plus":   "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\nabcd",
		"a length in two ways":   "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 5\r\n\r\nabcd",
		"two hosts":              "GET /sign-in HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"an unknown encoding":    "POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
	} {
		client := dial(t, a)
		_, _ = io.WriteString(client, request) // it may be cut off in the middle
		if status := client.status(); status != 0 && (status < 400 || status > 505 || status == 500) {
			t.Errorf("%s: answered %d", name, status)
		}
	}
	if status, _ := get(t, a.URL()+"/sign-in"); status != http.StatusOK {
		t.Errorf("afterwards others get %d", status)
	}
}

// TestServeRequestSmuggling: whatever a proxy in front may take for the body of one
// request is not the next one here. Of each of these there is one answer, or the
// connection is closed behind it.
func TestServeRequestSmuggling(t *testing.T) {
	a := startImpatient(t)
	const inside = "GET /healthz-smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
	for name, request := range map[string]string{
		"length before chunks": "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG" + inside,
		"chunks before length": "POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + inside,
		"a bad chunk":          "POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n" + inside,
		"a chunk of minus one": "POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + inside,
		"a body for a GET":     "GET /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: " + strconv.Itoa(len(inside)) + "\r\n\r\n" + inside,
	} {
		client := dial(t, a)
		_, _ = io.WriteString(client, request)
		_ = client.Conn.(*net.TCPConn).CloseWrite()
		answers, err := io.ReadAll(io.LimitReader(client, 1<<20))
		if err != nil && len(answers) == 0 {
			continue // it was closed
		}
		first, rest, _ := strings.Cut(string(answers), "HTTP/1.1 ")
		if first != "" || strings.Contains(rest, "HTTP/1.1 404") {
			t.Errorf("%s: what was inside was answered", name)
		}
	}
}
