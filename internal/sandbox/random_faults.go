package sandbox

import (
	"cmp"
	"encoding/binary"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// probabilities configure random faults. The fault of a request is a function
// of the seed, the caller, the operation and the number of earlier calls of
// that operation by that caller, so a seed reproduces a run.
type probabilities struct {
	Seed uint64 `json:"seed"`
	Path string `json:"path"` // what the paths begin with

	// How likely each is, from 0 to 1. Of those that are no delay, a request
	// has one at most.
	Delay      float64 `json:"delay,omitempty"`
	Throttle   float64 `json:"throttle,omitempty"`
	Fail       float64 `json:"fail,omitempty"`
	FailAfter  float64 `json:"failAfter,omitempty"` // fails although the work was done
	DropBefore float64 `json:"dropBefore,omitempty"`
	DropAfter  float64 `json:"dropAfter,omitempty"`
	Hang       float64 `json:"hang,omitempty"` // no answer for HangFor

	MaxDelay string `json:"maxDelay,omitempty"` // a fifth of a second if left out
	HangFor  string `json:"hangFor,omitempty"`  // 15 seconds if left out

	maxDelay, hangFor time.Duration
}

// check reports in a sentence what is wrong with p, and completes it.
func (p *probabilities) check() error {
	var err, hangErr error
	p.maxDelay, err = time.ParseDuration(cmp.Or(p.MaxDelay, "200ms"))
	p.hangFor, hangErr = time.ParseDuration(cmp.Or(p.HangFor, "15s"))
	sum := 0.0
	for _, likely := range []float64{p.Delay, p.Throttle, p.Fail, p.FailAfter, p.DropBefore, p.DropAfter, p.Hang} {
		if likely < 0 || likely > 1 {
			return errors.New("a probability is from 0 to 1")
		}
		sum += likely
	}
	switch {
	case !strings.HasPrefix(p.Path, "/"):
		return errors.New(`path must begin with "/"`)
	case err != nil || hangErr != nil || p.maxDelay <= 0 || p.hangFor <= 0:
		return errors.New(`maxDelay and hangFor must be durations such as "200ms"`)
	case sum == 0:
		return errors.New("random faults need a probability above 0")
	case sum-p.Delay > 1:
		return errors.New("the probabilities other than delay must not add up to more than 1")
	}
	return nil
}

// draw decides the fault of a request: its name, for the counts, and the
// fault. The name is empty for none.
func (p *probabilities) draw(what, delay, detail float64) (string, fault) {
	var f fault
	name := ""
	if delay < p.Delay {
		name, f.delay = "delay", time.Duration(detail*float64(p.maxDelay))
	}
	for _, kind := range []struct {
		name   string
		likely float64
		fault  fault
	}{
		{"throttle", p.Throttle, fault{Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "1"}}},
		{"fail", p.Fail, fault{Status: failure(detail)}},
		{"failAfter", p.FailAfter, fault{Status: failure(detail), Work: true}},
		{"dropBefore", p.DropBefore, fault{Drop: "before"}},
		{"dropAfter", p.DropAfter, fault{Drop: "after"}},
		{"hang", p.Hang, fault{delay: p.hangFor}},
	} {
		if what < kind.likely {
			kind.fault.delay += f.delay
			return kind.name, kind.fault
		}
		what -= kind.likely
	}
	return name, f
}

func failure(detail float64) int {
	kinds := []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
	return kinds[int(detail*float64(len(kinds)))]
}

// randomFaults holds the probabilities in force, if any.
type randomFaults struct {
	mu      sync.Mutex
	current *probabilities
	calls   map[string]uint64 // by caller and operation
	counts  map[string]int    // of requests, by fault
}

func (f *randomFaults) set(p *probabilities) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.current = p
	if p != nil {
		f.calls, f.counts = map[string]uint64{}, map[string]int{}
	}
}

// randomFault returns the fault of a request: the zero fault for none.
func (s *Sandbox) randomFault(r *http.Request) fault {
	all := &s.randomFaults
	all.mu.Lock()
	p := all.current
	all.mu.Unlock()
	if p == nil || !strings.HasPrefix(r.URL.EscapedPath(), p.Path) {
		return fault{}
	}
	caller := s.callerOf(r)
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.current != p {
		return fault{}
	}
	n := all.calls[caller]
	all.calls[caller] = n + 1
	all.counts["requests"]++
	name, f := p.draw(chances(p.Seed, caller, n))
	if name != "" {
		all.counts[name]++
	}
	return f
}

// callerOf names the caller and the operation of a request by what is the same
// in another run: neither tokens nor keys.
func (s *Sandbox) callerOf(r *http.Request) string {
	who := "anonymous"
	if cred, err := s.presented(r, byTokenOrPassword); err == nil {
		who = cmp.Or(cred.claims.Identity.UUID, strings.ToLower(cred.email))
	}
	rt, err := s.route(&call{Sandbox: s, r: r, path: r.URL.EscapedPath()})
	if err != nil {
		return who
	}
	return who + " " + rt.method + " " + rt.pattern
}

// chances gives three numbers from 0 to below 1.
func chances(seed uint64, caller string, n uint64) (a, b, c float64) {
	var count [16]byte
	binary.BigEndian.PutUint64(count[:], seed)
	binary.BigEndian.PutUint64(count[8:], n)
	drawn := seededBytes(24, "random faults", caller, string(count[:]))
	part := func(i int) float64 { return float64(binary.BigEndian.Uint64(drawn[8*i:])>>11) / (1 << 53) }
	return part(0), part(1), part(2)
}
