package ionos_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
)

// TestBackoffAttempts: a repeatable operation is sent three times, another once,
// whatever happens.
func TestBackoffAttempts(t *testing.T) {
	t.Parallel()
	faults := []struct {
		name    string
		step    step
		kind    error
		passing bool // may be over soon
		unclear bool // for a change
	}{
		{"429", says(429, "slow down"), keys.ErrThrottled, true, false},
		{"500", says(500, "oh"), keys.ErrUnavailable, false, true},
		{"502", answer(502, "<html>", "Content-Type", "text/html"), keys.ErrUnavailable, true, true},
		{"503", says(503, "oh"), keys.ErrUnavailable, true, true},
		{"504", says(504, "oh"), keys.ErrTimeout, true, true},
		{"broken connection", breaks, keys.ErrUnavailable, true, true},
		{"refused connection", refuses, keys.ErrUnavailable, true, false},
		{"400", says(400, "no"), keys.ErrRejected, false, false},
		{"409", says(409, "no"), keys.ErrConflict, false, false},
		{"redirect", answer(307, "", "Location", "http://elsewhere.test/"), keys.ErrUnavailable, false, true},
	}
	for _, fault := range faults {
		for _, c := range calls {
			t.Run(fault.name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				p := play(t, fault.step)
				err := c.run(t.Context(), p)
				if !errors.Is(err, fault.kind) {
					t.Errorf("got error %v, want kind %q", err, fault.kind)
				}
				want := 1
				if fault.passing && c.repeatable {
					want = 3
				}
				if len(p.sent) != want {
					t.Errorf("sent %d times, want %d", len(p.sent), want)
				}
				if got := keys.Indeterminate(err); got != (fault.unclear && c.change) {
					t.Errorf("unclear %v", got)
				}
			})
		}
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	p := play(t, says(503, "oh"), breaks, answer(200, `{"items":[]}`))
	if _, err := p.OwnKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{50 * time.Millisecond, 100 * time.Millisecond}; !slices.Equal(p.waits, want) {
		t.Errorf("waited %v, want %v", p.waits, want)
	}
}

// TestBackoffJitter: those who are told to come back at the same time do not.
func TestBackoffJitter(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{"": 75 * time.Millisecond, "2": 2125 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			base := &script{steps: []step{says(503, "no", "Retry-After", header), answer(200, `{"items":[]}`)}}
			client := newClient(t, ionos.Config{Transport: base, Random: func() float64 { return 0.5 }})
			start := time.Now()
			_, err := client.As(keys.Access{Token: token()}).OwnKeys(t.Context())
			if waited := time.Since(start); waited != want || err != nil {
				t.Errorf("%q: waited %v, want %v; error %v", header, waited, want, err)
			}
		})
	}
}

// TestRetryAfter runs on the clock of a bubble, where waiting takes no time.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	bubble := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // when its clock begins
	tests := []struct {
		name, header string
		wait         time.Duration // 0: the 429 is given back at once
		shown        time.Duration
	}{
		{name: "seconds", header: "2", wait: 2 * time.Second},
		{name: "a date", header: bubble.Add(3 * time.Second).Format(http.TimeFormat), wait: 3 * time.Second},
		{name: "a date that is over", header: bubble.Add(-3 * time.Second).Format(http.TimeFormat), wait: 50 * time.Millisecond},
		{name: "zero", header: "0", wait: 50 * time.Millisecond},
		{name: "words", header: "soon", wait: 50 * time.Millisecond},
		{name: "negative", header: "-4", wait: 50 * time.Millisecond},
		{name: "beyond all bounds", header: "99999999999999999999", wait: 50 * time.Millisecond},
		{name: "none", wait: 50 * time.Millisecond},
		{name: "longer than there is time", header: "10", shown: 10 * time.Second},
		{name: "years", header: "4294967295", shown: time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				base := &script{steps: []step{says(429, "slow down", "Retry-After", test.header), answer(200, `{"items":[]}`)}}
				client := newClient(t, ionos.Config{Transport: base, Timeout: 9 * time.Second, Random: func() float64 { return 0 }})
				_, err := client.As(keys.Access{Token: token()}).OwnKeys(t.Context())
				if waited := time.Since(bubble); waited != test.wait {
					t.Errorf("waited %v, want %v", waited, test.wait)
				}
				if test.wait > 0 && err != nil || test.wait == 0 && !errors.Is(err, keys.ErrThrottled) {
					t.Errorf("got error %v", err)
				}
				if got := keys.RetryAfter(err); got != test.shown {
					t.Errorf("to be tried again after %v, want %v", got, test.shown)
				}
			})
		})
	}
}

// TestDoTimeout: an API that hangs takes as long as the budget, and no longer,
// retries included; who goes away before that is not held up.
func TestDoTimeout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		steps   []step
		timeout time.Duration // of the client
		context time.Duration // of the caller; 0: none
		cancel  bool          // the caller goes away instead
		took    time.Duration
		kind    error
		is      error
	}{
		{name: "client's", steps: []step{hangs}, timeout: 4 * time.Second, took: 4 * time.Second, kind: keys.ErrTimeout, is: context.DeadlineExceeded},
		{name: "caller's", steps: []step{hangs}, timeout: 4 * time.Second, context: time.Second, took: time.Second, kind: keys.ErrTimeout, is: context.DeadlineExceeded},
		{name: "default", steps: []step{hangs}, took: 10 * time.Second, kind: keys.ErrTimeout, is: context.DeadlineExceeded},
		{name: "retries included", steps: []step{says(503, "", "Retry-After", "3"), hangs}, timeout: 4 * time.Second, took: 4 * time.Second, kind: keys.ErrTimeout},
		{name: "no wait past the end", steps: []step{says(503, "", "Retry-After", "3")}, timeout: 4 * time.Second, took: 3 * time.Second, kind: keys.ErrUnavailable},
		{name: "gone while it hangs", steps: []step{hangs}, context: time.Second, cancel: true, took: time.Second, kind: keys.ErrUnavailable, is: context.Canceled},
		{name: "gone between tries", steps: []step{says(503, "", "Retry-After", "3")}, context: time.Second, cancel: true, took: time.Second, kind: keys.ErrUnavailable, is: context.Canceled},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.cancel {
					time.AfterFunc(test.context, cancel)
				} else if test.context > 0 {
					ctx, cancel = context.WithTimeout(ctx, test.context)
					defer cancel()
				}
				client := newClient(t, ionos.Config{Transport: &script{steps: test.steps}, Timeout: test.timeout, Random: func() float64 { return 0 }})
				start := time.Now()
				_, err := client.As(keys.Access{Token: token()}).OwnKeys(ctx)
				if took := time.Since(start); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				if !errors.Is(err, test.kind) || test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("got error %v, want %v and %v", err, test.kind, test.is)
				}
			})
		})
	}
}

// TestDoTimeoutOfChange: what was sent and not answered in time is unclear.
func TestDoTimeoutOfChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, ionos.Config{Transport: &script{steps: []step{hangs}}})
		_, err := client.As(keys.Access{Token: token()}).CreateOwnKey(t.Context(), "")
		if !errors.Is(err, keys.ErrTimeout) || !keys.Indeterminate(err) {
			t.Errorf("got error %v, unclear %v", err, keys.Indeterminate(err))
		}
	})
}
