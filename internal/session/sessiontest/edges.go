package sessiontest

import (
	"context"
	"errors"
	"fmt"
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
