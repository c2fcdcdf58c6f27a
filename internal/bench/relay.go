package main

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"keydeck/internal/retry"
)

// relay stands between the console and the APIs. It makes them as slow as they
// are to be, counts connections, and notes how long each call took, by token:
// a visitor has one page under way at a time, and so the calls of a token are
// those of a page.
type relay struct {
	server      *http.Server
	address     string
	delay       atomic.Int64 // in nanoseconds, before each answer
	connections atomic.Int64
	requests    atomic.Int64

	mu    sync.Mutex
	calls map[string][]*call
}

// call is one request to the APIs; not ended while it is under way.
type call struct{ began, ended time.Time }

func newRelay(to string) (*relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: to})
	forward.Transport = &http.Transport{MaxIdleConnsPerHost: 256}
	r := &relay{address: "http://" + listener.Addr().String(), calls: map[string][]*call{}}
	r.server = &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { r.serve(w, q, forward) }),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				r.connections.Add(1)
			}
		},
	}
	go func() { _ = r.server.Serve(listener) }()
	return r, nil
}

func (r *relay) serve(w http.ResponseWriter, q *http.Request, forward http.Handler) {
	c := r.begin(q.Header.Get("Authorization"))
	defer r.end(c)
	r.requests.Add(1)
	if delay := time.Duration(r.delay.Load()); delay > 0 && retry.Sleep(q.Context(), delay) != nil {
		return
	}
	forward.ServeHTTP(w, q)
}

func (r *relay) begin(token string) *call {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := &call{began: time.Now()}
	r.calls[token] = append(r.calls[token], c)
	return c
}

func (r *relay) end(c *call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.ended = time.Now()
}

// take gives the calls of a token since the last time, once they have ended:
// the console may be done with an answer before the relay is.
func (r *relay) take(ctx context.Context, token string) ([]*call, error) {
	for {
		r.mu.Lock()
		calls := r.calls[token]
		if !slices.ContainsFunc(calls, func(c *call) bool { return c.ended.IsZero() }) {
			delete(r.calls, token)
			r.mu.Unlock()
			return calls, nil
		}
		r.mu.Unlock()
		if err := retry.Sleep(ctx, 50*time.Microsecond); err != nil {
			return nil, err
		}
	}
}

// forget drops all calls, and gives the tokens that they were made with.
func (r *relay) forget() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	tokens := slices.Collect(maps.Keys(r.calls))
	r.calls = map[string][]*call{}
	return tokens
}

// slowest is the longest of some calls, and rounds how many of them had to
// follow one another.
func slowest(calls []*call) (longest time.Duration, rounds int) {
	slices.SortFunc(calls, func(a, b *call) int { return a.ended.Compare(b.ended) })
	var last time.Time
	for _, c := range calls {
		longest = max(longest, c.ended.Sub(c.began))
		if c.began.After(last) {
			rounds++
			last = c.ended
		}
	}
	return longest, rounds
}

func (r *relay) stop(ctx context.Context) { _ = r.server.Shutdown(ctx) }
