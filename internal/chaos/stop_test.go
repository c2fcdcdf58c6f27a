package chaos

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keydeck/internal/waittest"
)

const member = "member@keydeck.example"

// signedIn returns a browser with a session.
func signedIn(t *testing.T, c *console, email string) *browser {
	t.Helper()
	transport := newTransport()
	t.Cleanup(transport.CloseIdleConnections)
	b := newBrowser(c.url, transport)
	p, err := b.do(t.Context(), "/sign-in", url.Values{"email": {email}, "password": {password}})
	if err != nil || p.status != http.StatusSeeOther {
		t.Fatalf("signing in: %d %v", p.status, err)
	}
	return b
}

func (b *browser) newKeyForm(t *testing.T) url.Values {
	t.Helper()
	p, err := b.do(t.Context(), keysPage+"/new", nil)
	if err != nil || p.status != http.StatusOK {
		t.Fatalf("the form: %d %v", p.status, err)
	}
	return url.Values{"request_id": {p.attr("input[name=request_id]", "value")}}
}

// TestChaosStop: no new connection is accepted, the key that is being made is made and
// shown, unused connections delay nothing, and after the next start
// everything is there.
func TestChaosStop(t *testing.T) {
	t.Parallel()
	a := startAPIs(t, 0)
	c := startConsole(t, a)
	b := signedIn(t, c, member)
	form := b.newKeyForm(t)
	for range 5 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	slow := map[string]any{"method": "POST", "path": "/accesskeys", "delay": "3s"}
	if err := a.control(http.MethodPost, "faults", slow, nil); err != nil {
		t.Fatal(err)
	}
	var made page
	var lost error
	var clicking sync.WaitGroup
	clicking.Go(func() { made, lost = b.send(t.Context(), keysPage, form) })
	a.await(t, "POST /accesskeys")

	began := time.Now()
	var stopping sync.WaitGroup
	stopping.Go(func() {
		if err := c.stop(); err != nil {
			t.Errorf("it did not end well: %v", err)
		}
	})
	for { // until it refuses connections
		if _, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://")); err != nil {
			break
		}
		wait(t.Context(), 10*time.Millisecond)
	}
	if took := time.Since(began); took > 3*time.Second || !c.running() {
		t.Errorf("after %v it refuses connections, and runs: %v", took, c.running())
	}
	clicking.Wait()
	stopping.Wait()
	if took := time.Since(began); lost != nil || made.status != http.StatusSeeOther || took > 10*time.Second {
		t.Errorf("the click got %d, %v; it took %v to stop", made.status, lost, took)
	}
	if err := c.up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p, err := b.send(t.Context(), made.location, nil); err != nil || !p.has("form[action$='/saved']") || p.text("#secret") == "" {
		t.Errorf("after the start the key's page is %d: %v", p.status, err)
	}
}

// await waits until the APIs have been asked for something.
func (a *apis) await(t *testing.T, line string) {
	t.Helper()
	for range 1000 {
		var log struct {
			Requests []struct{ Method, Path string }
		}
		if err := a.control(http.MethodGet, "requests", nil, &log); err != nil {
			t.Fatal(err)
		}
		for _, r := range log.Requests {
			if r.Method+" "+r.Path == line {
				return
			}
		}
		wait(t.Context(), 10*time.Millisecond)
	}
	t.Fatalf("no request for %s", line)
}

// TestChaosKilledWhileSigningIn: a user who got the response of a sign-in is signed in
// after the next start.
func TestChaosKilledWhileSigningIn(t *testing.T) {
	t.Parallel()
	a := startAPIs(t, 0)
	c := startConsole(t, a)
	transport := newTransport()
	t.Cleanup(transport.CloseIdleConnections)
	for round := range 3 { // fewer sign-ins in all than an account may have tokens
		var mu sync.Mutex
		var in []*browser
		var all sync.WaitGroup
		enough := make(chan struct{})
		for range 6 {
			all.Go(func() {
				for {
					b := newBrowser(c.url, transport)
					p, err := b.do(t.Context(), "/sign-in", url.Values{"email": {member}, "password": {password}})
					if err != nil {
						return // killed
					}
					if p.status == http.StatusTooManyRequests {
						continue // attempts that the kill has cut off count as failed
					}
					if p.status != http.StatusSeeOther {
						t.Errorf("signing in: %d", p.status)
					}
					mu.Lock()
					in = append(in, b)
					if len(in) == 20+5*round {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		waittest.Receive(t, enough, "sign-ins")
		if err := c.kill(); err != nil {
			t.Fatal(err)
		}
		all.Wait()
		if err := c.up(t.Context()); err != nil {
			t.Fatalf("%v\n%s", err, c.said())
		}
		for _, b := range in {
			if p, err := b.send(t.Context(), keysPage+"/new", nil); err != nil || p.status != http.StatusOK {
				t.Fatalf("round %d: one of %d sessions gets %d, %v", round, len(in), p.status, fmt.Sprint(err))
			}
		}
	}
}
