package retry_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/retry"
)

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := retry.Sleep(t.Context(), time.Minute); err != nil || time.Since(began) != time.Minute {
			t.Errorf("slept %v: %v", time.Since(began), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		if err := retry.Sleep(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("slept %v with a deadline of a second: %v", time.Since(began), err)
		}
		if err := retry.Sleep(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with an ended context: %v", err)
		}
	})
}

func TestDo(t *testing.T) {
	fault, final := errors.New("fault"), errors.New("final")
	policy := retry.Policy{MinBackoff: time.Second, MaxBackoff: 3 * time.Second, Attempts: 4}
	for name, test := range map[string]struct {
		policy  retry.Policy
		timeout time.Duration
		results []error // of the calls; the last one repeats
		calls   int
		took    time.Duration
		want    []error // each found in the result; none means nil
	}{
		"success at once":       {policy: policy, results: []error{nil}, calls: 1},
		"success after a fault": {policy: policy, results: []error{fault, nil}, calls: 2, took: time.Second},
		"attempts used up":      {policy: policy, results: []error{fault}, calls: 4, took: 6 * time.Second, want: []error{fault}},
		"permanent":             {policy: policy, results: []error{fault, retry.Permanent(final)}, calls: 2, took: time.Second, want: []error{final}},
		"context ends":          {policy: policy, timeout: 2 * time.Second, results: []error{fault}, calls: 2, took: 2 * time.Second, want: []error{fault, context.DeadlineExceeded}},
		"no limit but the context": {policy: retry.Policy{MinBackoff: time.Second, MaxBackoff: time.Second}, timeout: 9500 * time.Millisecond,
			results: []error{fault}, calls: 10, took: 9500 * time.Millisecond, want: []error{fault, context.DeadlineExceeded}},
		"another factor": {policy: retry.Policy{MinBackoff: time.Second, MaxBackoff: time.Minute, Factor: 3, Attempts: 3},
			results: []error{fault}, calls: 3, took: 4 * time.Second, want: []error{fault}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.timeout)
					defer cancel()
				}
				calls, began := 0, time.Now()
				err := test.policy.Do(ctx, func(context.Context) error {
					calls++
					return test.results[min(calls, len(test.results))-1]
				})
				if calls != test.calls || time.Since(began) != test.took || (err == nil) != (len(test.want) == 0) {
					t.Errorf("%d calls in %v: %v", calls, time.Since(began), err)
				}
				for _, want := range test.want {
					if !errors.Is(err, want) {
						t.Errorf("%v is not %v", err, want)
					}
				}
			})
		})
	}
}

func TestPermanent(t *testing.T) {
	fault := errors.New("fault")
	if err := retry.Permanent(fault); !errors.Is(err, fault) || err.Error() != "fault" {
		t.Errorf("marked: %v", err)
	}
	if err := retry.Permanent(nil); err != nil {
		t.Errorf("nil became %v", err)
	}
}
