package kv_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydeck/internal/kv"
)

// fill writes a store of some hundred pages, closes it and returns its file.
func fill(t *testing.T, path string) []byte {
	t.Helper()
	b := openBolt(t, path, time.Now)
	for i := range 200 {
		if err := b.Put(t.Context(), fmt.Sprintf("key/%d", i), make([]byte, 2000), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// write writes data to a new file: a damaged one stays locked.
func write(t *testing.T, data []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "sessions.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func testOpenBoltTruncated(t *testing.T) {
	whole := fill(t, filepath.Join(t.TempDir(), "sessions.db"))
	for _, size := range []int{1, 4095, 4096, 8192, 12288, 16384, 20000, 100000, 200001} {
		wantRefused(t, write(t, whole[:size]), "damaged")
	}
}

// Whatever is overwritten, the file opens or the error is one line; the process
// does not crash. Damage inside a value is not seen here.
func testOpenBoltGarbage(t *testing.T) {
	whole := fill(t, filepath.Join(t.TempDir(), "sessions.db"))
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 60 {
		data := append([]byte{}, whole...)
		from := 4096 * random.IntN(len(data)/4096)
		for i := from; i < min(from+4096*(1+random.IntN(8)), len(data)); i++ {
			data[i] = byte(random.Uint32())
		}
		b, err := kv.OpenBolt(kv.BoltConfig{Path: write(t, data), LockTimeout: 100 * time.Millisecond})
		if err == nil {
			_ = b.Close()
			continue
		}
		refused++
		if !strings.Contains(err.Error(), "damaged") || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %q", err)
		}
	}
	if refused < 10 {
		t.Errorf("only %d of 60 damaged files were refused", refused)
	}
}

// A file without its end opens only if no record is missing. The record takes
// many pages; reading its key reads the first one.
func testOpenBoltPartial(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	b := openBolt(t, path, time.Now)
	if err := b.Put(t.Context(), "large", make([]byte, 100<<10), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	for size := len(whole); size > 0; size -= 8 << 10 {
		b, err := kv.OpenBolt(kv.BoltConfig{Path: write(t, whole[:size])})
		if err != nil {
			continue
		}
		opened++
		if _, err := b.Get(t.Context(), "large"); err != nil {
			t.Errorf("%d of %d bytes: %v", size, len(whole), err)
		}
		_ = b.Close()
	}
	if opened == 0 {
		t.Error("the whole file did not open")
	}
}

// A file that is damaged while it is open fails every call; the process
// continues, and the store can be closed.
func TestBoltDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	fill(t, path)
	b := openBolt(t, path, time.Now)
	if err := b.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"get":  func() error { _, err := b.Get(t.Context(), "key"); return err },
		"put":  func() error { return b.Put(t.Context(), "key", nil, time.Now().Add(time.Hour)) },
		"ping": func() error { return b.Ping(t.Context()) },
	} {
		if err := call(); err == nil || errors.Is(err, kv.ErrNotFound) || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
