package loginlimit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/loginlimit"
)

// TestModel begins and ends attempts in any order, on a virtual clock, and holds
// each answer against a model: what has to wait depends on finished failures alone.
func TestModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 18))
			limiter := loginlimit.New(loginlimit.Config{
				Store: kv.NewMemory(time.Now), Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			})
			var underWay []*loginlimit.Attempt
			failed, until := 0, time.Time{}
			for step := range 120 {
				switch action := random.IntN(5); {
				case action == 0:
					pause(time.Duration(random.IntN(20)) * time.Second)
				case action <= 2 || len(underWay) == 0:
					attempt, err := limiter.Begin(t.Context(), "a@keydeck.example", "203.0.113.9")
					early, _ := errors.AsType[*loginlimit.WaitError](err)
					wait := max(0, time.Until(until))
					busy := len(underWay) >= 10 || wait == 0 && failed >= 5 && len(underWay) > 0
					switch {
					case busy && (early == nil || !early.Busy), !busy && wait > 0 && (early == nil || early.Wait != wait),
						!busy && wait == 0 && err != nil:
						t.Fatalf("seed %d, step %d: %d failed, wait %v, %d under way: %v", seed, step, failed, wait, len(underWay), err)
					case err == nil:
						underWay = append(underWay, attempt)
					}
				default:
					i := random.IntN(len(underWay))
					attempt := underWay[i]
					underWay = append(underWay[:i], underWay[i+1:]...)
					switch random.IntN(8) {
					case 0:
						if err := attempt.Succeeded(t.Context(), "user"); err != nil {
							t.Fatal(err)
						}
						failed, until = 0, time.Time{}
					case 1:
						attempt.Void()
					default:
						if _, err := attempt.Failed(t.Context()); err != nil {
							t.Fatal(err)
						}
						if failed++; failed > 5 {
							until = time.Now().Add(min(time.Second<<(failed-5), 15*time.Minute))
						}
					}
				}
			}
		})
	}
}

// signIns is a load of failing sign-ins on an API that takes half a second.
type signIns struct {
	passed, refused, most, underWay atomic.Int64
}

func (s *signIns) try(t *testing.T, limiter *loginlimit.Limiter, account, address string) {
	attempt, err := limiter.Begin(context.Background(), account, address)
	if err != nil {
		s.refused.Add(1)
		return
	}
	s.most.Store(max(s.most.Load(), s.underWay.Add(1)))
	pause(500 * time.Millisecond)
	s.underWay.Add(-1)
	s.passed.Add(1)
	if _, err := attempt.Failed(context.Background()); err != nil {
		t.Error(err)
	}
}

func loaded(signs *atomic.Int64) *loginlimit.Limiter {
	return loginlimit.New(loginlimit.Config{Store: kv.NewMemory(time.Now), Wait: sleep, Guessing: func(loginlimit.Sign, string, int) { signs.Add(1) }})
}

func sleep(_ context.Context, d time.Duration) error { pause(d); return nil }

// TestFlood: 3,000 accounts once each from one address by 150 connections, and one
// account from 100 addresses, six times each.
func TestFlood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var signs atomic.Int64
		limiter, load := loaded(&signs), &signIns{}
		accounts := make(chan int, 3000)
		for i := range 3000 {
			accounts <- i
		}
		close(accounts)
		began := time.Now()
		var all sync.WaitGroup
		for range 150 {
			all.Go(func() {
				for i := range accounts {
					load.try(t, limiter, fmt.Sprintf("%d@keydeck.example", i), "203.0.113.9")
				}
			})
		}
		all.Wait()
		took := time.Since(began)
		rate := float64(load.passed.Load()) / took.Seconds()
		t.Logf("one address: %d passed to the API in %v (%.1f a second), %d refused, %d at the same time at most, %d warnings",
			load.passed.Load(), took, rate, load.refused.Load(), load.most.Load(), signs.Load())
		if rate > 25 || load.most.Load() > 20 || signs.Load() == 0 || signs.Load() > 10 {
			t.Error("the flood is not bounded, or not shown")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var signs atomic.Int64
		limiter, load := loaded(&signs), &signIns{}
		began := time.Now()
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				for range 6 {
					load.try(t, limiter, "full@keydeck.example", fmt.Sprintf("203.0.113.%d", i))
				}
			})
		}
		all.Wait()
		t.Logf("one account: %d passed to the API in %v, %d refused, %d at the same time at most, %d warnings",
			load.passed.Load(), time.Since(began), load.refused.Load(), load.most.Load(), signs.Load())
		if load.passed.Load() > 40 || load.most.Load() > 20 || signs.Load() == 0 || signs.Load() > 10 {
			t.Error("the guessing is not bounded, or not shown")
		}
	})
}

// TestFloodSustained: one account from 100 addresses for half an hour, each of which
// tries again when its wait is over.
func TestFloodSustained(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var signs atomic.Int64
		limiter, load := loaded(&signs), &signIns{}
		until := time.Now().Add(30 * time.Minute)
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				for time.Now().Before(until) {
					load.try(t, limiter, "full@keydeck.example", fmt.Sprintf("203.0.113.%d", i))
					pause(busyPause)
				}
			})
		}
		all.Wait()
		t.Logf("%d passed to the API in half an hour, %d refused", load.passed.Load(), load.refused.Load())
		if passed := load.passed.Load(); passed < 300 || passed > 30*60/5+90 {
			t.Error("the guessing is not bounded to one in five seconds")
		}
	})
}

// busyPause is longer than the page asks a refused attempt to wait.
const busyPause = 3 * time.Second

// pause lets the virtual clock go on.
func pause(d time.Duration) { <-time.After(d) }
