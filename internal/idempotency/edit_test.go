package idempotency_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/kv"
)

// acquireOnce is what a request does with a form: it carries the operation out, or
// waits for the request that does.
func acquireOnce(ctx context.Context, f fixture, id string) (mine bool, err error) {
	for {
		l, err := f.Load(ctx, subject)
		if err != nil {
			return false, err
		}
		if _, found := l.Find(id); found {
			op, err := f.Wait(ctx, subject, id)
			if err == nil && op.State != idempotency.Done {
				err = fmt.Errorf("waited for %s, which is %v", id, op.State)
			}
			return false, err
		}
		op, err := l.Acquire(ctx, operation{ID: id}, ttl)
		switch {
		case errors.Is(err, idempotency.ErrConflict):
			continue
		case err != nil:
			return false, err
		}
		return true, complete(ctx, l, op, idempotency.Done, "")
	}
}

func TestAcquire(t *testing.T) {
	for name, open := range backends {
		t.Run("one of many concurrent callers in "+name, func(t *testing.T) {
			f := newFixture(t, open)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var won [2]atomic.Int64
			var all sync.WaitGroup
			for i := range 30 {
				all.Go(func() {
					which := i % len(won)
					mine, err := acquireOnce(ctx, over(f.kv, f.clock), fmt.Sprint(which))
					if err != nil {
						t.Error(err)
					}
					if mine {
						won[which].Add(1)
					}
				})
			}
			all.Wait()
			for i := range won {
				if won[i].Load() != 1 {
					t.Errorf("operation %d was carried out %d times", i, won[i].Load())
				}
			}
		})
	}
	t.Run("what is stored", func(t *testing.T) {
		f := newFixture(t, openBolt)
		op, err := f.load(t).Acquire(t.Context(), operation{ID: "a", State: idempotency.Done, Keyed: true, Data: data{"note"}}, ttl)
		want := operation{
			ID: "a", State: idempotency.Pending, Keyed: true, Acquired: t0, Updated: t0, Expires: t0.Add(ttl),
			Epoch: kv.EpochOf(f.kv), Data: data{"note"},
		}
		if err != nil || op != want || want.Epoch == "" {
			t.Errorf("acquired %+v, %v, want %+v", op, err, want)
		}
		if stored, _ := f.load(t).Find("a"); stored != want {
			t.Errorf("stored %+v", stored)
		}
	})
	t.Run("conflict", testAcquireConflict)
	t.Run("data that cannot be encoded", func(t *testing.T) {
		store := idempotency.New[func()](idempotency.Config{Store: kv.NewMemory(time.Now)})
		l, err := store.Load(t.Context(), subject)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Acquire(t.Context(), idempotency.Operation[func()]{ID: "a"}, ttl); err == nil {
			t.Error("acquired")
		}
	})
}

func testAcquireConflict(t *testing.T) {
	for name, test := range map[string]struct {
		id        string
		meanwhile func(t *testing.T, f fixture)
		want      error
	}{
		"another operation meanwhile": {"b", func(t *testing.T, f fixture) { f.acquire(t, "c") }, idempotency.ErrConflict},
		"an outcome meanwhile": {"b", func(t *testing.T, f fixture) {
			op, _ := f.load(t).Find("a")
			f.mustComplete(t, op, idempotency.Done, "")
		}, idempotency.ErrConflict},
		"the same id":             {"a", func(*testing.T, fixture) {}, idempotency.ErrConflict},
		"the record has expired":  {"b", func(_ *testing.T, f fixture) { f.clock.Advance(ttl) }, idempotency.ErrConflict},
		"the record was lost":     {"b", func(t *testing.T, f fixture) { f.lose(t) }, idempotency.ErrConflict},
		"nothing happened":        {"b", func(*testing.T, fixture) {}, nil},
		"the store fails":         {"b", func(_ *testing.T, f fixture) { f.kv.(*kv.Memory).Fail(errTrouble) }, errTrouble},
		"the database was closed": {"b", func(_ *testing.T, f fixture) { _ = f.kv.Close() }, errAny},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, openMemory)
			f.acquire(t, "a")
			l := f.load(t)
			test.meanwhile(t, f)
			_, err := l.Acquire(t.Context(), operation{ID: test.id}, ttl)
			if !matches(err, test.want) {
				t.Fatalf("Acquire: %v, want %v", err, test.want)
			}
			if errors.Is(err, idempotency.ErrConflict) && test.id == "b" {
				f.acquire(t, "b") // loaded again
			}
		})
	}
	t.Run("a subject without operations", func(t *testing.T) {
		f := newFixture(t, openMemory)
		l := f.load(t)
		f.acquire(t, "a")
		if _, err := l.Acquire(t.Context(), operation{ID: "b"}, ttl); !errors.Is(err, idempotency.ErrConflict) {
			t.Errorf("Acquire: %v", err)
		}
	})
}

func TestReject(t *testing.T) {
	t.Run("what is stored", func(t *testing.T) {
		f := newFixture(t, openMemory)
		if _, err := f.load(t).Reject(t.Context(), operation{ID: "a", Keyed: true, Data: data{"why"}}, ttl); err != nil {
			t.Fatal(err)
		}
		want := operation{ID: "a", State: idempotency.Failed, Keyed: true, Acquired: t0, Updated: t0, Expires: t0.Add(ttl), Data: data{"why"}}
		if op, _ := f.load(t).Find("a"); op != want {
			t.Errorf("rejected %+v", op)
		}
		if _, err := f.load(t).Acquire(t.Context(), operation{ID: "a"}, ttl); !errors.Is(err, idempotency.ErrConflict) {
			t.Errorf("Acquire after Reject: %v", err)
		}
	})
	for name, test := range map[string]struct {
		meanwhile func(t *testing.T, f fixture)
		state     idempotency.State
		want      error
	}{
		"another operation meanwhile": {func(t *testing.T, f fixture) { f.acquire(t, "b") }, idempotency.Failed, nil},
		"acquired meanwhile":          {func(t *testing.T, f fixture) { f.acquire(t, "a") }, idempotency.Pending, nil},
		"the store fails":             {func(_ *testing.T, f fixture) { f.kv.(*kv.Memory).Fail(errTrouble) }, "", errTrouble},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, openMemory)
			l := f.load(t)
			test.meanwhile(t, f)
			if _, err := l.Reject(t.Context(), operation{ID: "a"}, ttl); !matches(err, test.want) {
				t.Fatalf("Reject: %v", err)
			}
			f.kv.(*kv.Memory).Fail(nil)
			if op, _ := f.load(t).Find("a"); op.State != test.state {
				t.Errorf("%+v, want %v", op, test.state)
			}
		})
	}
}

func TestEdit(t *testing.T) {
	for name, open := range backends {
		t.Run("under contention in "+name, func(t *testing.T) {
			f := newFixture(t, open)
			const many = 20
			var all sync.WaitGroup
			for i := range many {
				l := f.load(t) // stale by the time that it is edited
				all.Go(func() {
					err := l.Edit(t.Context(), func(all []operation) ([]operation, error) {
						return append(all, operation{ID: fmt.Sprint(i), State: idempotency.Done, Expires: t0.Add(ttl)}), nil
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if n := len(f.load(t).Operations()); n != many {
				t.Errorf("%d of %d edits are left", n, many)
			}
		})
	}
	t.Run("result", testEditResult)
	t.Run("the record expires between read and write", func(t *testing.T) {
		f := newFixture(t, openMemory)
		f.acquire(t, "a")
		l := f.load(t)
		f.clock.Advance(ttl)
		err := l.Edit(t.Context(), func(all []operation) ([]operation, error) {
			return append(all, operation{ID: "b", State: idempotency.Done, Expires: f.clock.Now().Add(ttl)}), nil
		})
		if err != nil {
			t.Error(err)
		}
		wantIDs(t, f.load(t), "b")
	})
	t.Run("the context ends under contention", func(t *testing.T) {
		f := newFixture(t, openMemory)
		l := f.load(t)
		ctx, cancel := context.WithCancel(t.Context())
		rounds := 0
		err := l.Edit(ctx, func(all []operation) ([]operation, error) {
			if rounds++; rounds == 3 {
				cancel()
			} else {
				f.acquire(t, fmt.Sprint(rounds))
			}
			return append(all, operation{ID: "mine"}), nil
		})
		if !errors.Is(err, context.Canceled) || rounds != 3 {
			t.Errorf("Edit: %v after %d rounds", err, rounds)
		}
	})
}

// testEditResult: what change returns is what there is afterwards.
func testEditResult(t *testing.T) {
	t.Run("nil leaves the operations", func(t *testing.T) {
		f := newFixture(t, openMemory)
		l := f.load(t)
		f.acquire(t, "a") // a stale log is no matter
		if err := l.Edit(t.Context(), func([]operation) ([]operation, error) { return nil, nil }); err != nil {
			t.Error(err)
		}
		f.want(t, "a", idempotency.Pending, "")
	})
	t.Run("none removes them", func(t *testing.T) {
		f := newFixture(t, openMemory)
		f.acquire(t, "a")
		l := f.load(t)
		if err := l.Edit(t.Context(), func(all []operation) ([]operation, error) { return all[:0], nil }); err != nil {
			t.Error(err)
		}
		wantIDs(t, f.load(t))
		wantIDs(t, l)
		f.acquire(t, "b")
		err := l.Edit(t.Context(), func(all []operation) ([]operation, error) {
			return append(all, operation{ID: "c", State: idempotency.Done, Expires: t0.Add(ttl)}), nil
		})
		if err != nil {
			t.Error(err)
		}
		wantIDs(t, f.load(t), "b", "c")
	})
	t.Run("an error of change", func(t *testing.T) {
		f := newFixture(t, openMemory)
		f.acquire(t, "a")
		l := f.load(t)
		refused := errors.New("refused")
		err := l.Edit(t.Context(), func(all []operation) ([]operation, error) { return all[:0], refused })
		if err != refused { //nolint:errorlint // as it is
			t.Errorf("Edit: %v", err)
		}
		wantIDs(t, l, "a")
		wantIDs(t, f.load(t), "a")
	})
}
