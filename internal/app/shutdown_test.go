package app

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"keydeck/internal/waittest"
)

// slow is a console whose one request waits until it is released.
type slow struct {
	*App
	entered  chan struct{} // closed when the request is in its handler
	release  chan struct{} // close it to let the handler answer
	stopping chan struct{} // closed when the console takes no more requests
	answered chan error    // what the client got
	served   chan error    // what Serve said
	stop     context.CancelFunc
}

// startSlow has a request in flight by the time it returns.
func startSlow(t *testing.T) *slow {
	t.Helper()
	s := &slow{
		App:     newApp(t, testConfig(t)),
		entered: make(chan struct{}), release: make(chan struct{}), stopping: make(chan struct{}),
		answered: make(chan error, 1), served: make(chan error, 1),
	}
	s.console.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(s.entered)
		select {
		case <-s.release:
		case <-t.Context().Done():
		}
		_, _ = io.WriteString(w, "done")
	})
	s.console.server.RegisterOnShutdown(func() { close(s.stopping) })
	ctx, stop := context.WithCancel(t.Context())
	s.stop = stop
	go func() { s.served <- s.Serve(ctx) }()
	go func() { s.answered <- ask(s.URL()) }()
	waittest.Receive(t, s.entered, "the request to arrive")
	return s
}

// ask is nil when the slow handler's whole answer came.
func ask(url string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if string(body) != "done" {
		return errors.New("the answer is " + string(body))
	}
	return nil
}

func TestServeShutdown(t *testing.T) {
	s := startSlow(t)
	s.stop()
	waittest.Receive(t, s.stopping, "the console to stop")
	if status, _ := get(t, s.AdminURL()+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz answered %d while a request was in flight", status)
	}
	if status, body := get(t, s.AdminURL()+"/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz answered %d, %q while stopping", status, body)
	}
	if status, _ := get(t, s.SandboxURL()+"/regions"); status != http.StatusUnauthorized {
		t.Errorf("the sandbox answered %d while the console still had a request that may need it", status)
	}
	if err := s.store.Ping(t.Context()); err != nil {
		t.Errorf("the store was closed under a request in flight: %v", err)
	}
	close(s.release)
	if err := waittest.Receive(t, s.answered, "the answer"); err != nil {
		t.Error(err)
	}
	if err := waittest.Receive(t, s.served, "the end of Serve"); err != nil {
		t.Error(err)
	}
	if err := s.store.Ping(t.Context()); err == nil {
		t.Error("the store is still open")
	}
}

func TestServeShutdownTimeout(t *testing.T) {
	s := startSlow(t)
	s.grace = time.Millisecond
	s.stop()
	if err := waittest.Receive(t, s.answered, "the answer"); err == nil {
		t.Error("the request was answered")
	}
	if err := waittest.Receive(t, s.served, "the end of Serve"); err != nil {
		t.Error(err)
	}
	close(s.release)
}

func TestServeListenerError(t *testing.T) {
	a := newApp(t, testConfig(t))
	if err := a.admin.listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.Serve(t.Context()); err == nil {
		t.Error("no error")
	}
	if err := ask(a.URL()); err == nil {
		t.Error("the console still answers")
	}
}

func TestStandaloneServe(t *testing.T) {
	apis, err := NewSandbox(SandboxConfig{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- apis.Serve(ctx) }()
	if status, _ := get(t, apis.APIs().Management+"/accesskeys"); status != http.StatusUnauthorized {
		t.Errorf("it answered %d without a token", status)
	}
	if len(apis.Accounts()) == 0 || apis.URL() != apis.APIs().Management {
		t.Errorf("accounts %v at %s", apis.Accounts(), apis.URL())
	}
	stop()
	if err := waittest.Receive(t, served, "the end of Serve"); err != nil {
		t.Error(err)
	}
	if _, err := NewSandbox(SandboxConfig{}); err == nil {
		t.Error("no error without an address")
	}
}

// TestServeShutdownUnusedConnection: browsers open some ahead of need,
// and keep others open for later.
func TestServeShutdownUnusedConnection(t *testing.T) {
	a := newApp(t, testConfig(t))
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx) }()
	kept := http.Client{Transport: &http.Transport{}}
	response, err := kept.Get(a.URL() + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil { // else it is not kept for the next
		t.Fatal(err)
	}
	_ = response.Body.Close()
	for range 3 {
		conn, err := net.Dial("tcp", a.console.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	// Once a later one is answered, those before have been accepted.
	if status, _ := get(t, a.URL()+"/sign-in"); status != http.StatusOK {
		t.Fatalf("got %d", status)
	}
	began := time.Now()
	stop()
	if err := waittest.Receive(t, served, "the end of Serve"); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 4*time.Second { // net/http by itself takes five
		t.Errorf("it took %v to stop", took)
	}
}
