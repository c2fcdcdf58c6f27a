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

// storm is trouble at random: what a request meets follows from the seed, from
// who asks, for what, and how often they have asked for it before. So a seed
// brings the same trouble again, as far as the same is asked.
type storm struct {
	Seed uint64 `json:"seed"`
	Path string `json:"path"` // what the paths begin with

	// How likely each is, from 0 to 1. Of those that are no delay, a request
	// meets one at most.
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

// check reports in a sentence what is wrong with a storm, and completes it.
func (st *storm) check() error {
	var err, hangErr error
	st.maxDelay, err = time.ParseDuration(cmp.Or(st.MaxDelay, "200ms"))
	st.hangFor, hangErr = time.ParseDuration(cmp.Or(st.HangFor, "15s"))
	sum := 0.0
	for _, p := range []float64{st.Delay, st.Throttle, st.Fail, st.FailAfter, st.DropBefore, st.DropAfter, st.Hang} {
		if p < 0 || p > 1 {
			return errors.New("how likely something is goes from 0 to 1")
		}
		sum += p
	}
	switch {
	case !strings.HasPrefix(st.Path, "/"):
		return errors.New(`path must begin with "/"`)
	case err != nil || hangErr != nil || st.maxDelay <= 0 || st.hangFor <= 0:
		return errors.New(`maxDelay and hangFor must be durations such as "200ms"`)
	case sum == 0:
		return errors.New("a storm needs something that is likely to happen")
	case sum-st.Delay > 1:
		return errors.New("together, what is no delay must not be more likely than 1")
	}
	return nil
}

// draw decides what a request meets: a name for it, for the counts, and the
// fault. The name is empty for none.
func (st *storm) draw(what, delay, detail float64) (string, fault) {
	var f fault
	name := ""
	if delay < st.Delay {
		name, f.delay = "delay", time.Duration(detail*float64(st.maxDelay))
	}
	for _, kind := range []struct {
		name   string
		likely float64
		fault  fault
	}{
		{"throttle", st.Throttle, fault{Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "1"}}},
		{"fail", st.Fail, fault{Status: failure(detail)}},
		{"failAfter", st.FailAfter, fault{Status: failure(detail), Work: true}},
		{"dropBefore", st.DropBefore, fault{Drop: "before"}},
		{"dropAfter", st.DropAfter, fault{Drop: "after"}},
		{"hang", st.Hang, fault{delay: st.hangFor}},
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

// weather is the storm that there is, if there is one.
type weather struct {
	mu     sync.Mutex
	storm  *storm
	asked  map[string]uint64 // how often, by who and what
	counts map[string]int    // of requests by what they met
}

func (w *weather) set(st *storm) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.storm = st
	if st != nil {
		w.asked, w.counts = map[string]uint64{}, map[string]int{}
	}
}

// weatherOf gives what a request meets; in fine weather a fault that does nothing.
func (s *Sandbox) weatherOf(r *http.Request) fault {
	w := &s.weather
	w.mu.Lock()
	st := w.storm
	w.mu.Unlock()
	if st == nil || !strings.HasPrefix(r.URL.EscapedPath(), st.Path) {
		return fault{}
	}
	asker := s.askerOf(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.storm != st {
		return fault{}
	}
	n := w.asked[asker]
	w.asked[asker] = n + 1
	w.counts["requests"]++
	name, f := st.draw(chances(st.Seed, asker, n))
	if name != "" {
		w.counts[name]++
	}
	return f
}

// askerOf names who asks and for what, by things that are the same in another
// run: neither tokens nor keys.
func (s *Sandbox) askerOf(r *http.Request) string {
	who := "nobody"
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
func chances(seed uint64, asker string, n uint64) (a, b, c float64) {
	var count [16]byte
	binary.BigEndian.PutUint64(count[:], seed)
	binary.BigEndian.PutUint64(count[8:], n)
	drawn := seededBytes(24, "storm", asker, string(count[:]))
	part := func(i int) float64 { return float64(binary.BigEndian.Uint64(drawn[8*i:])>>11) / (1 << 53) }
	return part(0), part(1), part(2)
}
