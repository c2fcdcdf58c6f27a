package keys_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keys"
)

func TestThrottle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		report func(*keys.Throttle)
		want   time.Duration
	}{
		"no limit reported": {func(*keys.Throttle) {}, 0},
		"calls left":        {func(th *keys.Throttle) { th.Observe(249) }, 0},
		"reserve reached":   {func(th *keys.Throttle) { th.Observe(3) }, time.Second},
		"backoff":           {func(th *keys.Throttle) { th.Backoff(7 * time.Second) }, 7 * time.Second},
		"shorter backoff":   {func(th *keys.Throttle) { th.Backoff(7 * time.Second); th.Backoff(2 * time.Second) }, 7 * time.Second},
		"longer backoff":    {func(th *keys.Throttle) { th.Observe(0); th.Backoff(2 * time.Second) }, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				throttle, start := keys.NewThrottle(nil), time.Now()
				tt.report(throttle)
				if got := throttle.Remaining(); got != tt.want {
					t.Errorf("remaining: %v, want %v", got, tt.want)
				}
				if err := throttle.Wait(t.Context()); err != nil || time.Since(start) != tt.want {
					t.Errorf("waited %v, want %v: %v", time.Since(start), tt.want, err)
				}
			})
		})
	}
	t.Run("context ends", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			throttle := keys.NewThrottle(nil)
			throttle.Backoff(time.Hour)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := throttle.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the context has ended: %v", err)
			}
		})
	})
}

func TestThrottleFrom(t *testing.T) {
	t.Parallel()
	throttle := keys.NewThrottle(nil)
	if keys.ThrottleFrom(keys.WithThrottle(t.Context(), throttle)) != throttle {
		t.Error("the context does not carry the throttle")
	}
	if keys.ThrottleFrom(t.Context()) != nil {
		t.Error("a context without a throttle carries one")
	}
}
