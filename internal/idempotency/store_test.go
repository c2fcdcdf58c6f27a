package idempotency_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/idempotency"
	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
)

func TestNew(t *testing.T) {
	store := idempotency.New[data](idempotency.Config{Store: kv.NewMemory(time.Now), OrphanTimeout: orphanTimeout})
	l, err := store.Load(t.Context(), subject)
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now().Truncate(time.Millisecond)
	op, err := l.Acquire(t.Context(), operation{ID: "a"}, ttl)
	if err != nil || op.Acquired.Before(before) || op.Acquired.After(time.Now()) || store.Orphaned(op) {
		t.Errorf("by the default clock, acquired %+v: %v", op, err)
	}
	if l, err = store.Load(t.Context(), subject); err != nil {
		t.Fatal(err)
	}
	if stored, _ := l.Find("a"); stored != op {
		t.Errorf("acquired %+v, stored %+v", op, stored)
	}
}

func TestLoad(t *testing.T) {
	for name, open := range backends {
		t.Run("what was written in "+name, func(t *testing.T) {
			f := newFixture(t, open)
			f.clock.Advance(123456 * time.Nanosecond) // finer than a record
			wantIDs(t, f.load(t))
			l := f.load(t)
			for _, id := range []string{"b", "a"} {
				if _, err := l.Acquire(t.Context(), operation{ID: id, Keyed: id == "a", Data: data{"note"}}, ttl); err != nil {
					t.Fatal(err)
				}
			}
			l.Operations()[0].ID = "the caller's own"
			if diff := cmp.Diff(l.Operations(), f.load(t).Operations()); diff != "" {
				t.Errorf("written and loaded differ:\n%s", diff)
			}
			other, err := f.Load(t.Context(), "another \x00 subject")
			if err != nil {
				t.Fatal(err)
			}
			wantIDs(t, other)
		})
	}
	t.Run("expired", func(t *testing.T) {
		f := newFixture(t, openMemory)
		f.acquire(t, "first")
		f.clock.Advance(ttl - time.Millisecond)
		f.acquire(t, "second")
		wantIDs(t, f.load(t), "first", "second")
		f.clock.Advance(time.Millisecond)
		wantIDs(t, f.load(t), "second")
		f.clock.Advance(ttl - time.Millisecond)
		wantIDs(t, f.load(t))
		if _, err := f.kv.Get(t.Context(), f.recordKey(t)); !errors.Is(err, kv.ErrNotFound) {
			t.Errorf("the record outlives its operations: %v", err)
		}
	})
	for name, record := range map[string][]byte{
		"no JSON": []byte("\x00garbage"), "empty": nil, "cut off": []byte(`[{"ID":"a","State":"pen`),
		"no list": []byte(`{}`), "other types": []byte(`[{"ID":1}]`),
		"a state of another version": []byte(`[{"ID":"a","State":"paused","Expires":"2030-01-01T00:00:00Z"}]`),
	} {
		t.Run("corrupted/"+name, func(t *testing.T) {
			f := newFixture(t, openMemory)
			f.acquire(t, "lost")
			if err := f.kv.Put(t.Context(), f.recordKey(t), record, t0.Add(ttl)); err != nil {
				t.Fatal(err)
			}
			wantIDs(t, f.load(t))
			f.acquire(t, "a")
			f.want(t, "a", idempotency.Pending, "")
		})
	}
	t.Run("the subject cannot be read from the record", func(t *testing.T) {
		f := newFixture(t, openMemory)
		f.acquire(t, "a")
		key := f.recordKey(t)
		record, err := f.kv.Get(t.Context(), key)
		if err != nil || strings.Contains(key, subject) || strings.Contains(string(record), subject) {
			t.Errorf("%s: %s, %v", key, record, err)
		}
	})
}

func TestOrphaned(t *testing.T) {
	t.Run("by epoch after bolt is opened again", func(t *testing.T) {
		clock, path := kvtest.NewClock(t0), filepath.Join(t.TempDir(), "s.db")
		store := openBoltAt(t, path, clock.Now)
		before := over(store, clock)
		op := before.acquire(t, "a")
		if before.Orphaned(op) {
			t.Error("orphaned in its own process")
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		after := over(openBoltAt(t, path, clock.Now), clock)
		op, _ = after.load(t).Find("a")
		if !after.Orphaned(op) {
			t.Errorf("not orphaned after a restart: %+v", op)
		}
		after.mustComplete(t, op, idempotency.Done, "found")
		after.want(t, "a", idempotency.Done, "found")
	})
	for name, test := range map[string]struct {
		state idempotency.State
		age   time.Duration
		want  bool
	}{
		"acquired by a clock that is ahead": {idempotency.Pending, -time.Second, false},
		"young":                             {idempotency.Pending, orphanTimeout - time.Millisecond, false},
		"old":                               {idempotency.Pending, orphanTimeout, true},
		"indeterminate":                     {idempotency.Indeterminate, orphanTimeout, false},
		"failed":                            {idempotency.Failed, orphanTimeout, false},
		"done":                              {idempotency.Done, orphanTimeout, false},
	} {
		t.Run("by age in a shared store/"+name, func(t *testing.T) {
			f := newFixture(t, openRedis)
			op := f.acquire(t, "a")
			f.mustComplete(t, op, test.state, "")
			f.clock.Advance(test.age)
			other := over(f.kv, f.clock)
			op, _ = other.load(t).Find("a")
			if op.State != test.state || other.Orphaned(op) != test.want {
				t.Errorf("orphaned is %v: %+v", !test.want, op)
			}
		})
	}
}

func TestWait(t *testing.T) {
	for name, test := range map[string]struct {
		wait    time.Duration // as long as the context lasts
		happens func(t *testing.T, f fixture, op operation)
		after   time.Duration
		state   idempotency.State
		took    time.Duration
		want    error
	}{
		"completed by another process": {
			wait: ttl, after: 7 * time.Second, state: idempotency.Done, took: 7 * time.Second,
			happens: func(t *testing.T, f fixture, op operation) { f.mustComplete(t, op, idempotency.Done, "") },
		},
		"found out to be indeterminate": {
			wait: ttl, after: time.Second, state: idempotency.Indeterminate, took: time.Second,
			happens: func(t *testing.T, f fixture, op operation) { f.mustComplete(t, op, idempotency.Indeterminate, "") },
		},
		"determinate already": {
			wait: ttl, state: idempotency.Failed,
			happens: func(t *testing.T, f fixture, op operation) { f.mustComplete(t, op, idempotency.Failed, "") },
		},
		"the context ends": {wait: 3 * time.Second, state: idempotency.Pending, took: 3 * time.Second},
		"orphaned":         {wait: ttl, state: idempotency.Pending, took: orphanTimeout},
		"lost meanwhile": {
			wait: ttl, after: time.Second, took: time.Second, want: idempotency.ErrNotFound,
			happens: func(t *testing.T, f fixture, _ operation) { f.lose(t) },
		},
		"the store fails": {
			wait: ttl, after: time.Second, took: time.Second, want: errTrouble,
			happens: func(_ *testing.T, f fixture, _ operation) { f.kv.(*kv.Memory).Fail(errTrouble) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := kv.NewMemory(time.Now)
				cfg := idempotency.Config{Store: store, OrphanTimeout: orphanTimeout}
				mine := fixture{idempotency.New[data](cfg), store, nil}
				other := fixture{idempotency.New[data](cfg), store, nil}
				op := mine.acquire(t, "a")
				if test.happens != nil {
					if test.after == 0 {
						test.happens(t, mine, op)
					} else {
						time.AfterFunc(test.after, func() { test.happens(t, mine, op) })
					}
				}
				ctx, cancel := context.WithTimeout(t.Context(), test.wait)
				defer cancel()
				began := time.Now()
				op, err := other.Wait(ctx, subject, "a")
				if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) || err == nil && op.State != test.state {
					t.Errorf("Wait: %+v, %v", op, err)
				}
				if took := time.Since(began); took < test.took || took > test.took+500*time.Millisecond {
					t.Errorf("it took %v, want %v", took, test.took)
				}
			})
		})
	}
	t.Run("at once", testWaitAtOnce)
}

func testWaitAtOnce(t *testing.T) {
	t.Run("unknown", func(t *testing.T) {
		f := newFixture(t, openMemory)
		if _, err := f.Wait(t.Context(), subject, "a"); !errors.Is(err, idempotency.ErrNotFound) {
			t.Errorf("Wait: %v", err)
		}
	})
	t.Run("the context has ended before", func(t *testing.T) {
		f := newFixture(t, openMemory)
		f.acquire(t, "a")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := f.Wait(ctx, subject, "a"); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait: %v", err)
		}
	})
}

func TestDeterminate(t *testing.T) {
	for state, want := range map[idempotency.State]bool{
		idempotency.Pending: false, idempotency.Indeterminate: false, idempotency.Failed: true, idempotency.Done: true, "other": false,
	} {
		t.Run(string(state), func(t *testing.T) {
			if got := state.Determinate(); got != want {
				t.Errorf("Determinate is %v", got)
			}
		})
	}
}
