package chaos

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestChaosReplicas is the same with two consoles on one Redis, behind a proxy
// that asks them in turn. Redis is killed as well: it keeps its data on the
// disk, so no session may be lost.
func TestChaosReplicas(t *testing.T) {
	c := newChaos(t)
	// What a killed replica has begun the other takes for cut off after a
	// minute.
	c.atLast = 100 * time.Second
	c.shared = newRedis(t)
	for range 2 {
		console := newConsole(t, c.apis, "KEYDECK_SESSION_STORE=redis://"+c.shared.address)
		if err := console.up(t.Context()); err != nil {
			t.Fatalf("%v\n%s", err, console.said())
		}
		c.consoles = append(c.consoles, console)
	}
	c.url = inTurn(t, c.consoles)
	c.run(t)
}

// redis is a server that keeps what it is told, and can be killed.
type redis struct {
	t       testing.TB
	address string
	folder  string

	mu      sync.Mutex
	process *exec.Cmd
}

func newRedis(t testing.TB) *redis {
	t.Helper()
	r := &redis{t: t, address: freeAddress(t), folder: t.TempDir()}
	r.start()
	t.Cleanup(r.kill)
	return r
}

// start starts it and waits until it takes connections.
func (r *redis) start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		if program, err = exec.LookPath("valkey-server"); err != nil {
			r.t.Error("neither redis-server nor valkey-server is installed: run make setup")
			return
		}
	}
	_, port, _ := net.SplitHostPort(r.address)
	r.process = exec.Command(program, "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "yes",
		"--dir", r.folder, "--loglevel", "warning")
	if err := r.process.Start(); err != nil {
		r.t.Error(err)
		return
	}
	for began := time.Now(); time.Since(began) < startTime; {
		if conn, err := net.DialTimeout("tcp", r.address, time.Second); err == nil {
			_ = conn.Close()
			return
		}
		wait(r.t.Context(), 10*time.Millisecond)
	}
	r.t.Error("Redis does not start")
}

func (r *redis) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.process.Process.Kill()
	_ = r.process.Wait()
}

// inTurn is a proxy in front of several consoles. One that does not listen is
// passed over; whatever else goes wrong may have been carried out, and is not
// sent again.
func inTurn(t *testing.T, consoles []*console) string {
	t.Helper()
	balanced := &balancer{base: newTransport()}
	for _, c := range consoles {
		target, err := url.Parse(c.url)
		if err != nil {
			t.Fatal(err)
		}
		balanced.hosts = append(balanced.hosts, target.Host)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.Out.URL.Scheme = "http" },
		Transport:    balanced,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

type balancer struct {
	base  http.RoundTripper
	hosts []string
	next  atomic.Int64
}

// RoundTrip implements http.RoundTripper.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	first := int(b.next.Add(1))
	for i := range b.hosts {
		out := r.Clone(r.Context())
		out.URL.Host = b.hosts[(first+i)%len(b.hosts)]
		if r.Body != nil {
			out.Body = io.NopCloser(bytes.NewReader(body))
		}
		response, err := b.base.RoundTrip(out)
		if dialling, ok := errors.AsType[*net.OpError](err); ok && dialling.Op == "dial" {
			continue
		}
		return response, err
	}
	return nil, errors.New("no console listens")
}
