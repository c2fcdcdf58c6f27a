package chaos

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	sessions = 1000
	atOnce   = 32 // requests
	loadTime = 30 * time.Second
)

// timings are what requests took.
type timings struct {
	mu     sync.Mutex
	took   []time.Duration
	errors []string
}

func (s *timings) note(took time.Duration, problem string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took = append(s.took, took)
	if problem != "" {
		s.errors = append(s.errors, problem)
	}
}

// tell gives the figures, and fails for each kind of error.
func (s *timings) tell(t *testing.T, what string, within time.Duration) {
	t.Helper()
	if len(s.took) == 0 {
		t.Fatalf("%s: nothing was asked", what)
	}
	slices.Sort(s.took)
	at := func(part float64) time.Duration {
		return s.took[int(part*float64(len(s.took)-1))].Round(100 * time.Microsecond)
	}
	t.Logf("%s: %d in %v, %.0f/s, p50 %v, p99 %v, slowest %v, errors %d", what, len(s.took), within.Round(time.Millisecond),
		float64(len(s.took))/within.Seconds(), at(.5), at(.99), at(1), len(s.errors))
	for i, problem := range s.errors {
		if i == 10 {
			break
		}
		t.Errorf("%s: %s", what, problem)
	}
}

// TestLoad measures what a console carries on this machine, which it shares
// with the sandbox and with those who ask. `make load` runs it.
func TestLoad(t *testing.T) {
	if os.Getenv("KEYDECK_LOAD") == "" {
		t.Skip("make load measures this")
	}
	a := startAPIs(t, sessions*5/4)
	c := startConsole(t, a)
	t.Logf("%d cores for the console, the sandbox and those who ask", runtime.NumCPU())
	t.Logf("memory without sessions: %s", c.memory(t))
	transport := newTransport()
	t.Cleanup(transport.CloseIdleConnections)

	people := signInAll(t, c, transport)
	t.Logf("memory with %d sessions: %s", len(people), c.memory(t))
	usePages(t, people)
	t.Logf("memory after that: %s", c.memory(t))
	manyConnections(t, c, people[0])
	t.Logf("memory after that: %s", c.memory(t))
}

// signInAll signs a thousand people in.
func signInAll(t *testing.T, c *console, transport http.RoundTripper) []*browser {
	t.Helper()
	var emails []string
	for n := 8; len(emails) < sessions; n++ { // after those who have names
		if n%17 != 0 { // not active
			emails = append(emails, fmt.Sprintf("user%05d@keydeck.example", n))
		}
	}
	people := make([]*browser, sessions)
	figures := &timings{}
	next := atomic.Int64{}
	began := time.Now()
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for i := next.Add(1) - 1; i < sessions; i = next.Add(1) - 1 {
				people[i] = newBrowser(c.url, transport)
				started := time.Now()
				p, err := people[i].do(t.Context(), "/sign-in", url.Values{"email": {emails[i]}, "password": {password}})
				figures.note(time.Since(started), trouble(p, err, http.StatusSeeOther))
			}
		})
	}
	all.Wait()
	figures.tell(t, "signing in", time.Since(began))
	return people
}

func trouble(p page, err error, want int) string {
	switch {
	case err != nil:
		return err.Error()
	case p.status != want:
		return fmt.Sprintf("status %d, want %d", p.status, want)
	}
	return ""
}

// usePages has them look at pages, so many at a time and as fast as it goes:
// mostly at their keys, for which the console asks two APIs.
func usePages(t *testing.T, people []*browser) {
	t.Helper()
	first, err := people[0].send(t.Context(), keysPage, nil)
	if err != nil {
		t.Fatal(err)
	}
	pages := []string{keysPage, keysPage, keysPage, keysPage, keysPage + "/new", first.attr("link[rel=stylesheet]", "href")}
	figures := &timings{}
	ctx, stop := context.WithTimeout(t.Context(), loadTime)
	defer stop()
	began := time.Now()
	var all sync.WaitGroup
	for i := range atOnce {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		all.Go(func() {
			for ctx.Err() == nil {
				who, path := people[random.IntN(len(people))], pages[random.IntN(len(pages))]
				started := time.Now()
				p, err := who.send(t.Context(), path, nil)
				figures.note(time.Since(started), trouble(p, err, http.StatusOK))
			}
		})
	}
	all.Wait()
	figures.tell(t, fmt.Sprintf("pages, %d at a time", atOnce), time.Since(began))
}

var resident = regexp.MustCompile(`(?m)^process_resident_memory_bytes (\S+)$`)

// memory is what the console's process has, as it says itself.
func (c *console) memory(t *testing.T) string {
	t.Helper()
	response, err := http.Get(c.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	found := resident.FindSubmatch(text)
	if found == nil {
		return "unknown"
	}
	bytes, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%.0f MB", bytes/(1<<20))
}
