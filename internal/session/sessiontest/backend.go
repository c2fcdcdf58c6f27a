// Package sessiontest is what session.Backend promises, as tests that every
// backend runs, and a backend in memory for tests that need no file. It knows
// no backend's insides.
package sessiontest

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"keydeck/internal/session"
)

// start is the time that the suite's clock begins at.
var start = time.Date(2026, 2, 28, 23, 59, 30, 0, time.UTC)

// TestBackend runs the suite. open returns an empty backend that goes by the
// clock given; it closes it by t.Cleanup, if the test has not.
func TestBackend(t *testing.T, open func(t *testing.T, now func() time.Time) session.Backend) {
	for name, run := range map[string]func(*testing.T, fixture){
		"get what was put":             getWhatWasPut,
		"any bytes":                    anyBytes,
		"values belong to the caller":  valuesBelongToTheCaller,
		"expiry":                       expiry,
		"expired before it was put":    expiredBefore,
		"put if absent":                putIfAbsent,
		"compare and swap":             compareAndSwap,
		"delete":                       deleteOne,
		"delete by prefix":             deletePrefix,
		"list":                         list,
		"one of many puts if absent":   oneOfManyPuts,
		"one of many swaps":            oneOfManySwaps,
		"no swap after delete":         noSwapAfterDelete,
		"many records":                 manyRecords,
		"ping":                         ping,
		"closed":                       closed,
		"ended contexts do not get in": endedContext,
	} {
		t.Run(name, func(t *testing.T) {
			clock := NewClock(start)
			run(t, fixture{Backend: open(t, clock.Now), clock: clock})
		})
	}
}

type fixture struct {
	session.Backend
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

// want checks a record; an empty value stands for none.
func (f fixture) want(t *testing.T, key, value string) {
	t.Helper()
	got, err := f.Get(t.Context(), key)
	switch {
	case value == "" && !errors.Is(err, session.ErrNotFound):
		t.Errorf("Get(%q) = %q, %v; want ErrNotFound", key, got, err)
	case value != "" && (err != nil || string(got) != value):
		t.Errorf("Get(%q) = %q, %v; want %q", key, got, err, value)
	}
}

func getWhatWasPut(t *testing.T, f fixture) {
	f.want(t, "a", "")
	f.mustPut(t, "a", "1", time.Hour)
	f.mustPut(t, "b", "2", time.Hour)
	f.mustPut(t, "a", "3", time.Hour)
	f.want(t, "a", "3")
	f.want(t, "b", "2")
	f.want(t, "A", "")
	f.want(t, "", "")
	longest := strings.Repeat("k", 512)
	f.mustPut(t, longest, "long", time.Hour)
	f.want(t, longest, "long")
}

func anyBytes(t *testing.T, f fixture) {
	every := make([]byte, 0, 64<<10)
	for len(every) < cap(every) {
		every = append(every, byte(len(every)), byte(len(every)>>8))
	}
	for _, value := range [][]byte{{0}, {0, 0, 0}, []byte("\r\n\x00\xff%s{}*?"), every} {
		if err := f.Put(t.Context(), "k", value, f.in(time.Hour)); err != nil {
			t.Fatal(err)
		}
		got, err := f.Get(t.Context(), "k")
		if err != nil || !bytes.Equal(got, value) {
			t.Errorf("%d bytes came back as %d: %v", len(value), len(got), err)
		}
		if swapped, err := f.CompareAndSwap(t.Context(), "k", value, []byte("x"), f.in(time.Hour)); !swapped || err != nil {
			t.Errorf("%d bytes are not equal to themselves: %v", len(value), err)
		}
	}
	if err := f.Put(t.Context(), "k", nil, f.in(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Get(t.Context(), "k"); err != nil || len(got) != 0 {
		t.Errorf("no bytes came back as %q: %v", got, err)
	}
}

func valuesBelongToTheCaller(t *testing.T, f fixture) {
	mine := []byte("mine")
	if err := f.Put(t.Context(), "k", mine, f.in(time.Hour)); err != nil {
		t.Fatal(err)
	}
	copy(mine, "xxxx")
	got, err := f.Get(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	f.mustPut(t, "k", "else", time.Hour)
	if string(got) != "mine" {
		t.Errorf("what was read became %q", got)
	}
	copy(got, "yyyy")
	f.want(t, "k", "else")
}

func expiry(t *testing.T, f fixture) {
	f.mustPut(t, "short", "1", time.Minute)
	f.mustPut(t, "long", "2", time.Hour)
	f.clock.Advance(time.Minute - time.Second)
	f.want(t, "short", "1")
	f.clock.Advance(time.Second)
	f.want(t, "short", "")
	f.want(t, "long", "2")
	f.mustPut(t, "short", "3", time.Minute)
	f.want(t, "short", "3")
	f.mustPut(t, "long", "4", time.Minute) // a later put may shorten
	f.clock.Advance(time.Minute)
	f.want(t, "long", "")
}

func expiredBefore(t *testing.T, f fixture) {
	f.mustPut(t, "k", "1", time.Hour)
	f.mustPut(t, "k", "2", -time.Second)
	f.want(t, "k", "")
	if err := f.Put(t.Context(), "k", []byte("3"), time.Time{}); err != nil {
		t.Error(err)
	}
	f.want(t, "k", "")
}
