package regions_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/internal/regions"
)

// answer is what the API answers with, after some time.
type answer struct {
	latency time.Duration
	list    []keys.Region
	err     error
	panics  bool
}

// api counts the calls.
type api struct {
	answer
	calls atomic.Int32
}

func (a *api) Regions(ctx context.Context) ([]keys.Region, error) {
	a.calls.Add(1)
	select {
	case <-time.After(a.latency):
	case <-ctx.Done():
		return nil, &keys.Error{Kind: keys.ErrTimeout, Err: ctx.Err()}
	}
	if a.panics {
		panic("with a secret")
	}
	return a.list, a.err
}

var catalogue = []keys.Region{{ID: "de"}, {ID: "eu-central-3"}}

func TestList(t *testing.T) {
	t.Parallel()
	unavailable := &keys.Error{Kind: keys.ErrUnavailable}
	type step struct {
		wait  time.Duration // before
		api   answer        // of the API from now on
		want  int           // regions
		err   error
		calls int
	}
	for name, steps := range map[string][]step{
		"kept for an hour":          {{api: answer{list: catalogue}, want: 2, calls: 1}, {wait: 59 * time.Minute, api: answer{err: unavailable}, want: 2}, {wait: 2 * time.Minute, api: answer{list: catalogue[:1]}, want: 1, calls: 1}},
		"outdated rather than none": {{api: answer{list: catalogue}, want: 2, calls: 1}, {wait: 2 * time.Hour, api: answer{err: unavailable}, want: 2, calls: 1}, {api: answer{list: catalogue[:1]}, want: 1, calls: 1}},
		"empty is not kept":         {{api: answer{list: []keys.Region{}}, calls: 1}, {api: answer{list: catalogue}, want: 2, calls: 1}, {wait: 2 * time.Hour, api: answer{}, want: 2, calls: 1}},
		"failure is not kept":       {{api: answer{err: unavailable}, err: keys.ErrUnavailable, calls: 1}, {api: answer{list: catalogue}, want: 2, calls: 1}},
		"token refused":             {{api: answer{err: &keys.Error{Kind: keys.ErrUnauthorized}}, err: keys.ErrUnauthorized, calls: 1}, {api: answer{list: catalogue}, want: 2, calls: 1}},
		"hanging API is spared": {{api: answer{latency: time.Hour}, err: keys.ErrTimeout, calls: 1}, {wait: 9 * time.Second, api: answer{list: catalogue}, err: keys.ErrTimeout},
			{wait: 31 * time.Second, api: answer{list: catalogue}, want: 2, calls: 1}},
		"hanging API, outdated catalogue": {{api: answer{list: catalogue}, want: 2, calls: 1}, {wait: 2 * time.Hour, api: answer{latency: time.Hour}, want: 2, calls: 1}, {wait: 9 * time.Second, want: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cache := regions.NewCache(nil)
				for i, step := range steps {
					<-time.After(step.wait)
					ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
					remote := &api{answer: step.api}
					got, err := cache.List(ctx, remote)
					cancel()
					if len(got) != step.want || !errors.Is(err, step.err) || int(remote.calls.Load()) != step.calls {
						t.Errorf("step %d: %d regions, %v, after %d calls", i, len(got), err, remote.calls.Load())
					}
				}
				<-time.After(time.Minute) // for what hangs to end
			})
		})
	}
}

func TestListShared(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first, others answer
		calls         int // in all
		err           error
	}{
		"one call":        {answer{latency: time.Second, list: catalogue}, answer{list: catalogue}, 1, nil},
		"token refused":   {answer{latency: time.Second, err: &keys.Error{Kind: keys.ErrUnauthorized}}, answer{list: catalogue, latency: time.Second}, 2, keys.ErrUnauthorized},
		"request cut off": {answer{latency: 5 * time.Second, list: catalogue}, answer{list: catalogue}, 1, keys.ErrTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cache := regions.NewCache(nil)
				first, others := &api{answer: tt.first}, &api{answer: tt.others}
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				ask := func() {
					<-time.After(100 * time.Millisecond)
					if got, err := cache.List(t.Context(), others); err != nil || len(got) != 2 {
						t.Errorf("another: %d regions, %v", len(got), err)
					}
				}
				parallel.Do(ask, ask, ask, func() {
					if _, err := cache.List(ctx, first); !errors.Is(err, tt.err) {
						t.Errorf("the first: %v", err)
					}
				})
				if calls := int(first.calls.Load() + others.calls.Load()); calls != tt.calls {
					t.Errorf("%d calls", calls)
				}
			})
		})
	}
}

func TestListPanic(t *testing.T) {
	t.Parallel()
	cache := regions.NewCache(nil)
	if _, err := cache.List(t.Context(), &api{answer: answer{panics: true}}); err == nil {
		t.Fatal("the panic is not returned as an error")
	}
	if got, err := cache.List(t.Context(), &api{answer: answer{list: catalogue}}); err != nil || len(got) != 2 {
		t.Errorf("afterwards: %d regions, %v", len(got), err)
	}
}
