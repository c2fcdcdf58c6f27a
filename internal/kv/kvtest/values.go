package kvtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, f fixture) {
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

func getOwnValue(t *testing.T, f fixture) {
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
		t.Errorf("the value read became %q", got)
	}
	copy(got, "yyyy")
	f.want(t, "k", "else")
}

func getExpired(t *testing.T, f fixture) {
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

func getMany(t *testing.T, f fixture) {
	const many = 300
	padding := strings.Repeat("p", 2000)
	for i := range many {
		f.mustPut(t, fmt.Sprintf("many/%d/record", i), fmt.Sprint(padding, i), time.Hour)
	}
	for i := range many {
		f.want(t, fmt.Sprintf("many/%d/record", i), fmt.Sprint(padding, i))
	}
}

func endedContext(t *testing.T, f fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Put(ctx, "k", []byte("1"), f.in(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	if _, err := f.Get(ctx, "k"); !errors.Is(err, context.Canceled) {
		t.Errorf("Get: %v", err)
	}
	if err := f.Ping(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Ping: %v", err)
	}
	f.want(t, "k", "")
}

func putAnyBytes(t *testing.T, f fixture) {
	every := make([]byte, 0, 256<<10)
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

func putExpired(t *testing.T, f fixture) {
	f.mustPut(t, "k", "1", time.Hour)
	f.mustPut(t, "k", "2", -time.Second)
	f.want(t, "k", "")
	if err := f.Put(t.Context(), "k", []byte("3"), time.Time{}); err != nil {
		t.Error(err)
	}
	f.want(t, "k", "")
}
