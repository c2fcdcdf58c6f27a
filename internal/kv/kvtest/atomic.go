package kvtest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func (f fixture) wantPutIfAbsent(t *testing.T, key, value string, want bool) {
	t.Helper()
	if stored, err := f.PutIfAbsent(t.Context(), key, []byte(value), f.in(time.Minute)); stored != want || err != nil {
		t.Errorf("PutIfAbsent(%q, %q) = %v, %v; want %v", key, value, stored, err, want)
	}
}

func (f fixture) wantSwap(t *testing.T, key, old, value string, want bool) {
	t.Helper()
	if swapped, err := f.CompareAndSwap(t.Context(), key, []byte(old), []byte(value), f.in(time.Minute)); swapped != want || err != nil {
		t.Errorf("CompareAndSwap(%q, %q, %q) = %v, %v; want %v", key, old, value, swapped, err, want)
	}
}

func putIfAbsent(t *testing.T, f fixture) {
	f.wantPutIfAbsent(t, "k", "1", true)
	f.wantPutIfAbsent(t, "k", "2", false)
	f.want(t, "k", "1")
	f.clock.Advance(time.Minute) // the second call has not extended it
	f.want(t, "k", "")
	f.wantPutIfAbsent(t, "k", "3", true)
	f.want(t, "k", "3")
}

func compareAndSwap(t *testing.T, f fixture) {
	f.wantSwap(t, "k", "", "1", false)
	f.want(t, "k", "")
	f.mustPut(t, "k", "1", time.Second)
	f.wantSwap(t, "k", "other", "2", false)
	f.wantSwap(t, "k", "", "2", false)
	f.want(t, "k", "1")
	f.wantSwap(t, "k", "1", "2", true)
	f.clock.Advance(time.Minute - time.Second)
	f.want(t, "k", "2") // with the new expiry
	f.clock.Advance(time.Second)
	f.wantSwap(t, "k", "2", "3", false)
	f.want(t, "k", "")
}

// crowd calls work 50 times concurrently and returns how often it was true.
func crowd(work func(i int) bool) int {
	var won atomic.Int64
	var all sync.WaitGroup
	gate := make(chan struct{})
	for i := range 50 {
		all.Go(func() {
			<-gate
			if work(i) {
				won.Add(1)
			}
		})
	}
	close(gate)
	all.Wait()
	return int(won.Load())
}

func putIfAbsentConcurrent(t *testing.T, f fixture) {
	f.mustPut(t, "k", "expired", -time.Second)
	var winner atomic.Value
	won := crowd(func(i int) bool {
		value := fmt.Sprint("by ", i)
		stored, err := f.PutIfAbsent(t.Context(), "k", []byte(value), f.in(time.Hour))
		if err != nil {
			t.Error(err)
		}
		if stored {
			winner.Store(value)
		}
		return stored
	})
	if won != 1 {
		t.Fatalf("%d of 50 stored their value", won)
	}
	f.want(t, "k", winner.Load().(string))
}

func compareAndSwapConcurrent(t *testing.T, f fixture) {
	f.mustPut(t, "k", "old", time.Hour)
	won := crowd(func(i int) bool {
		swapped, err := f.CompareAndSwap(t.Context(), "k", []byte("old"), fmt.Append(nil, "by ", i), f.in(time.Hour))
		if err != nil {
			t.Error(err)
		}
		return swapped
	})
	if won != 1 {
		t.Errorf("%d of 50 swapped", won)
	}
}

// A session that is used while it is ended must not come back.
func compareAndSwapDeleted(t *testing.T, f fixture) {
	f.mustPut(t, "s/a/record", "old", time.Hour)
	crowd(func(i int) bool {
		if i == 25 {
			if err := f.DeleteGroup(t.Context(), "s/a/"); err != nil {
				t.Error(err)
			}
			return true
		}
		swapped, err := f.CompareAndSwap(t.Context(), "s/a/record", []byte("old"), []byte("old"), f.in(time.Hour))
		if err != nil {
			t.Error(err)
		}
		return swapped
	})
	f.want(t, "s/a/record", "")
}
