package kv_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
)

// t0 is the time at which tests begin.
var t0 = time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)

func testOpenBoltRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	clock := kvtest.NewClock(t0)
	b := openBolt(t, path, clock.Now)
	for _, key := range []string{"a", "b"} {
		if err := b.Put(t.Context(), key, []byte("value "+key), t0.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	// A copy without Close, as after SIGKILL: completed writes are in the file.
	copied := filepath.Join(t.TempDir(), "copy.db")
	copyFile(t, path, copied)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, copied} {
		b := openBolt(t, path, clock.Now)
		if got, err := b.Get(t.Context(), "a"); err != nil || string(got) != "value a" {
			t.Errorf("a is %q, %v", got, err)
		}
		if _, err := b.Get(t.Context(), "b"); !errors.Is(err, kv.ErrNotFound) {
			t.Errorf("b: %v", err)
		}
	}
}

func testOpenBoltFileMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	openBolt(t, path, time.Now)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestSweep(t *testing.T) {
	clock := kvtest.NewClock(t0)
	b := openBolt(t, filepath.Join(t.TempDir(), "sessions.db"), clock.Now)
	const many = 450 // more than one step deletes
	for i := range many {
		life := time.Minute
		if i%3 == 0 {
			life = time.Hour
		}
		if err := b.Put(t.Context(), fmt.Sprintf("key/%03d", i), []byte("v"), t0.Add(life)); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []int{0, 300, 0} {
		if i == 1 {
			clock.Advance(time.Minute)
		}
		if removed, err := b.Sweep(t.Context()); removed != want || err != nil {
			t.Errorf("sweep %d removed %d, %v; want %d", i, removed, err, want)
		}
	}
	for i := range many {
		_, err := b.Get(t.Context(), fmt.Sprintf("key/%03d", i))
		if kept := err == nil; kept != (i%3 == 0) {
			t.Errorf("record %d: %v", i, err)
		}
	}
	clock.Advance(-time.Minute) // removed for good, whatever the clock
	if _, err := b.Get(t.Context(), "key/001"); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("after the clock went back: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Sweep(t.Context()); err == nil {
		t.Error("swept a closed store")
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
