// Package kvtest holds the tests that every kv.Store passes, and a clock for
// tests. It uses nothing but the interface.
package kvtest

import (
	"errors"
	"testing"
	"time"

	"keydeck/internal/kv"
)

// start is the time of the suite's clock at first.
var start = time.Date(2026, 2, 28, 23, 59, 30, 0, time.UTC)

// TestStore runs the suite. open returns an empty store that uses the given
// clock; it is closed by t.Cleanup, if the test has not closed it.
func TestStore(t *testing.T, open func(t *testing.T, now func() time.Time) kv.Store) {
	for name, run := range map[string]func(*testing.T, fixture){
		"Get":                             get,
		"Get/values belong to the caller": getOwnValue,
		"Get/expired":                     getExpired,
		"Get/many records":                getMany,
		"Get/ended context":               endedContext,
		"Put/any bytes":                   putAnyBytes,
		"Put/expired already":             putExpired,
		"PutIfAbsent":                     putIfAbsent,
		"PutIfAbsent/concurrent":          putIfAbsentConcurrent,
		"CompareAndSwap":                  compareAndSwap,
		"CompareAndSwap/concurrent":       compareAndSwapConcurrent,
		"CompareAndSwap/deleted":          compareAndSwapDeleted,
		"Delete":                          deleteOne,
		"Delete/several":                  deleteSeveral,
		"DeleteGroup":                     deleteGroup,
		"DeleteGroup/large":               deleteLargeGroup,
		"List":                            list,
		"List/pages":                      listPages,
		"Ping":                            ping,
		"Close":                           closed,
	} {
		t.Run(name, func(t *testing.T) {
			clock := NewClock(start)
			run(t, fixture{Store: open(t, clock.Now), clock: clock})
		})
	}
}

type fixture struct {
	kv.Store
	clock *Clock
}

// in is a time from now.
func (f fixture) in(d time.Duration) time.Time { return f.clock.Now().Add(d) }

func (f fixture) mustPut(t *testing.T, key, value string, life time.Duration) {
	t.Helper()
	if err := f.Put(t.Context(), key, []byte(value), f.in(life)); err != nil {
		t.Fatalf("Put(%q): %v", key, err)
	}
}

// want checks a record; an empty value means that there is none.
func (f fixture) want(t *testing.T, key, value string) {
	t.Helper()
	got, err := f.Get(t.Context(), key)
	switch {
	case value == "" && !errors.Is(err, kv.ErrNotFound):
		t.Errorf("Get(%q) = %q, %v; want ErrNotFound", key, got, err)
	case value != "" && (err != nil || string(got) != value):
		t.Errorf("Get(%q) = %q, %v; want %q", key, got, err, value)
	}
}

func ping(t *testing.T, f fixture) {
	f.mustPut(t, "k", "1", time.Hour)
	for range 3 {
		if err := f.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	}
	f.want(t, "k", "1")
}

func closed(t *testing.T, f fixture) {
	f.mustPut(t, "k", "1", time.Hour)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Ping(t.Context()); err == nil {
		t.Error("Ping after Close succeeded")
	}
	if _, err := f.Get(t.Context(), "k"); err == nil || errors.Is(err, kv.ErrNotFound) {
		t.Errorf("Get after Close: %v, want a failure and not absence", err)
	}
	if err := f.Put(t.Context(), "k", nil, f.in(time.Hour)); err == nil {
		t.Error("Put after Close succeeded")
	}
}
