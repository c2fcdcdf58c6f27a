package ionos_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/ionos"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// crowd counts who is with the API at once, which takes a second for each.
type crowd struct{ now, most, all atomic.Int64 }

func (c *crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	now := c.now.Add(1)
	defer c.now.Add(-1)
	for most := c.most.Load(); now > most && !c.most.CompareAndSwap(most, now); most = c.most.Load() {
	}
	c.all.Add(1)
	select {
	case <-time.After(time.Second):
		return answer(200, `{"items":[]}`)(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// TestLimiterAcquire: one token's requests are let through some at a time,
// and another's do not wait for them.
func TestLimiterAcquire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &crowd{}
		client := newClient(t, ionos.Config{Transport: api, MaxInFlight: 4, Timeout: time.Minute})
		greedy := client.As(keys.Access{Token: token()})
		other := client.As(keys.Access{Token: secret.New(token().Reveal() + "x")})
		began := time.Now()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := greedy.OwnKeys(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if most := api.most.Load(); most != 4 {
			t.Errorf("%d at once, want 4", most)
		}
		if _, err := other.OwnKeys(t.Context()); err != nil || time.Since(began) != time.Second {
			t.Errorf("the other one waited %v: %v", time.Since(began), err)
		}
		all.Wait()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("20 calls, 4 at once, a second each, took %v", took)
		}
		if left := ionos.LimitedTokens(client); left != 0 {
			t.Errorf("%d tokens are kept", left)
		}
	})
}

// TestLimiterAcquireTimeout with the time for the call. What waited there was
// surely not sent.
func TestLimiterAcquireTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, ionos.Config{Transport: &script{steps: []step{hangs}}, MaxInFlight: 1, Timeout: 10 * time.Second})
		mine := client.As(keys.Access{Token: token()})
		var first sync.WaitGroup
		first.Go(func() { _, _ = mine.OwnKeys(t.Context()) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := mine.CreateOwnKey(ctx, "")
		if !errors.Is(err, keys.ErrTimeout) || keys.Indeterminate(err) || time.Since(began) != time.Second {
			t.Errorf("after %v: %v, unclear %v", time.Since(began), err, keys.Indeterminate(err))
		}
		first.Wait()
		if left := ionos.LimitedTokens(client); left != 0 {
			t.Errorf("%d tokens are kept", left)
		}
	})
}
