package idempotency_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"keydeck/internal/idempotency"
)

// states are in the order of what is known.
var states = []idempotency.State{idempotency.Pending, idempotency.Indeterminate, idempotency.Failed, idempotency.Done}

func TestComplete(t *testing.T) {
	for i, first := range states {
		for j, second := range append(slices.Clone(states), "other") {
			t.Run(fmt.Sprintf("%s then %s", first, second), func(t *testing.T) {
				f := newFixture(t, openMemory)
				op := f.acquire(t, "a")
				f.mustComplete(t, op, first, "first")
				f.clock.Advance(time.Second)
				f.mustComplete(t, op, second, "second")
				got, _ := f.load(t).Find("a")
				grows := j > i && j < len(states)
				want := op
				switch {
				case grows:
					want.State, want.Data.Note, want.Updated = second, "second", f.clock.Now()
				case i > 0:
					want.State, want.Data.Note = first, "first"
				}
				if got != want {
					t.Errorf("%+v, want %+v", got, want)
				}
			})
		}
	}
	t.Run("concurrently", testCompleteConcurrently)
	t.Run("lost", testCompleteLost)
	t.Run("with other operations", func(t *testing.T) {
		f := newFixture(t, openMemory)
		op := f.acquire(t, "a")
		f.acquire(t, "b")
		_, err := f.load(t).Complete(t.Context(), op, idempotency.Done, func(_ *operation, all []operation) ([]operation, error) {
			return append(all, operation{ID: "c", State: idempotency.Done, Expires: t0.Add(ttl)}), nil
		})
		if err != nil {
			t.Error(err)
		}
		wantIDs(t, f.load(t), "a", "b", "c")
		f.want(t, "a", idempotency.Done, "")
	})
	t.Run("an error of change", func(t *testing.T) {
		f := newFixture(t, openMemory)
		op := f.acquire(t, "a")
		refused := errors.New("refused")
		_, err := f.load(t).Complete(t.Context(), op, idempotency.Done, func(*operation, []operation) ([]operation, error) { return nil, refused })
		if !errors.Is(err, refused) {
			t.Errorf("Complete: %v", err)
		}
		f.want(t, "a", idempotency.Pending, "")
	})
}

func testCompleteConcurrently(t *testing.T) {
	for name, open := range backends {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open)
			op := f.acquire(t, "a")
			f.acquire(t, "b")
			var all sync.WaitGroup
			for i := range 20 {
				l := f.load(t)
				state := states[i%len(states)]
				all.Go(func() {
					if err := complete(t.Context(), l, op, state, string(state)); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			f.want(t, "a", idempotency.Done, "done")
			f.want(t, "b", idempotency.Pending, "")
		})
	}
}

// testCompleteLost: the record of a pending operation is gone.
func testCompleteLost(t *testing.T) {
	t.Run("and others acquired", func(t *testing.T) {
		f := newFixture(t, openMemory)
		op := f.acquire(t, "a")
		l := f.load(t)
		f.clock.Advance(time.Second)
		f.lose(t)
		f.acquire(t, "later")
		if err := complete(t.Context(), l, op, idempotency.Done, "made"); err != nil {
			t.Error(err)
		}
		f.want(t, "a", idempotency.Done, "made")
		wantIDs(t, f.load(t), "a", "later")
	})
	t.Run("with nothing else", func(t *testing.T) {
		f := newFixture(t, openMemory)
		op := f.acquire(t, "a")
		f.lose(t)
		f.mustComplete(t, op, idempotency.Failed, "")
		f.want(t, "a", idempotency.Failed, "")
	})
	t.Run("by its expiry", func(t *testing.T) {
		f := newFixture(t, openMemory)
		op := f.acquire(t, "a")
		f.clock.Advance(ttl)
		f.mustComplete(t, op, idempotency.Done, "")
		wantIDs(t, f.load(t))
	})
}
