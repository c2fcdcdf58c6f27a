package sessiontest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keydeck/internal/session"
)

func manyRecords(t *testing.T, f fixture) {
	const many = 300
	padding := strings.Repeat("p", 2000)
	for i := range many {
		f.mustPut(t, fmt.Sprintf("many/%d/record", i), fmt.Sprint(padding, i), time.Hour)
	}
	for i := range many {
		f.want(t, fmt.Sprintf("many/%d/record", i), fmt.Sprint(padding, i))
	}
}

func list(t *testing.T, f fixture) {
	for _, key := range []string{"p/a*/2", "p/a*/1", "p/a*/10", "p/a*/s/1", "p/a/1", "p/ab/1", "p/a*", "q/a*/1"} {
		f.mustPut(t, key, "of "+key, time.Hour)
	}
	f.mustPut(t, "p/a*/0", "soon gone", time.Minute)
	f.mustPut(t, "p/a*/3", "deleted", time.Hour)
	f.mustPut(t, "p/a*/4", "gone already", -time.Minute)
	if err := f.Delete(t.Context(), "p/a*/3"); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(2 * time.Minute)
	for _, tt := range []struct {
		prefix string
		limit  int
		want   []string
	}{
		{"p/a*/", 10, []string{"p/a*/1", "p/a*/10", "p/a*/2", "p/a*/s/1"}},
		{"p/a*/", 2, []string{"p/a*/1", "p/a*/10"}},
		{"p/a*/1", 10, []string{"p/a*/1", "p/a*/10"}},
		{"p/a*/s/", 10, []string{"p/a*/s/1"}},
		{"p/a*/", 0, nil},
		{"p/none/", 10, nil},
	} {
		records, err := f.List(t.Context(), tt.prefix, tt.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range records {
			got = append(got, r.Key)
			if string(r.Value) != "of "+r.Key {
				t.Errorf("%s holds %q", r.Key, r.Value)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%d of %s are %q, want %q", tt.limit, tt.prefix, got, tt.want)
		}
	}
	for _, prefix := range []string{"", "p", "p/", "p/a"} {
		if _, err := f.List(t.Context(), prefix, 10); err == nil {
			t.Errorf("%q is a group", prefix)
		}
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
		t.Error("Ping after Close")
	}
	if _, err := f.Get(t.Context(), "k"); err == nil || errors.Is(err, session.ErrNotFound) {
		t.Errorf("Get after Close: %v; that is trouble, not absence", err)
	}
	if err := f.Put(t.Context(), "k", nil, f.in(time.Hour)); err == nil {
		t.Error("Put after Close")
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
