package kv_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keydeck/internal/kv"

	bolt "go.etcd.io/bbolt"
)

func TestOpenBolt(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"empty file":        testOpenBoltEmpty,
		"file mode":         testOpenBoltFileMode,
		"locked file":       testOpenBoltLocked,
		"no permission":     testOpenBoltPermission,
		"not a store":       testOpenBoltForeign,
		"other format":      testOpenBoltFormat,
		"overwritten pages": testOpenBoltGarbage,
		"partial file":      testOpenBoltPartial,
		"restart":           testOpenBoltRestart,
		"truncated file":    testOpenBoltTruncated,
	} {
		t.Run(name, test)
	}
}

// wantRefused opens a file that must not open, and checks the error.
func wantRefused(t *testing.T, path, want string) {
	t.Helper()
	began := time.Now()
	b, err := kv.OpenBolt(kv.BoltConfig{Path: path, LockTimeout: 100 * time.Millisecond})
	if err == nil {
		_ = b.Close()
		t.Fatalf("opened; want %q", want)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	said := err.Error()
	if !strings.HasPrefix(said, path+": ") || !strings.Contains(said, want) || !strings.Contains(said, "; ") || strings.ContainsAny(said, "\r\n") {
		t.Errorf("got %q\nwant one line with the path, %q and what to do", said, want)
	}
}

func testOpenBoltForeign(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ name, path, want string }{
		{"a folder", folder, "it is a folder"},
		{"no such folder", filepath.Join(folder, "none", "s.db"), "its folder does not exist"},
		{"a file for a folder", filepath.Join(file("plain", "x"), "s.db"), "its folder does not exist"},
		{"a short text", file("text", "hello"), "damaged"},
		{"zeros", file("zeros", strings.Repeat("\x00", 40000)), "damaged"},
		{"garbage", file("garbage", strings.Repeat("garbage", 9000)), "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) { wantRefused(t, c.path, c.want) })
	}
	if _, err := kv.OpenBolt(kv.BoltConfig{}); err == nil {
		t.Error("opened without a path")
	}
}

func testOpenBoltEmpty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	openBolt(t, path, time.Now)
}

func testOpenBoltLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	b := openBolt(t, path, time.Now)
	wantRefused(t, path, "another process has it open")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	openBolt(t, path, time.Now)
}

// change creates a store at path and changes it without this package.
func change(t *testing.T, path string, work func(tx *bolt.Tx) error) {
	t.Helper()
	if err := openBolt(t, path, time.Now).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(work), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func testOpenBoltFormat(t *testing.T) {
	meta, records := []byte("keydeck sessions"), []byte("records")
	for _, c := range []struct {
		name, want string
		work       func(tx *bolt.Tx) error
	}{
		{"a later version", "another version of Keydeck", func(tx *bolt.Tx) error {
			return tx.Bucket(meta).Put([]byte("format"), []byte("2"))
		}},
		{"no version", "another version of Keydeck", func(tx *bolt.Tx) error {
			return tx.Bucket(meta).Delete([]byte("format"))
		}},
		{"another program's", "another program", func(tx *bolt.Tx) error { return tx.DeleteBucket(meta) }},
		{"no records", "damaged", func(tx *bolt.Tx) error { return tx.DeleteBucket(records) }},
		{"a record without expiry", "damaged", func(tx *bolt.Tx) error {
			return tx.Bucket(records).Put([]byte("k"), []byte("1234567"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sessions.db")
			change(t, path, c.work)
			wantRefused(t, path, c.want)
			wantRefused(t, path, c.want) // the first call has unlocked it
		})
	}
}

func testOpenBoltPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everything; TestExplain has the words")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "sessions.db")
	fill(t, path)
	if err := errors.Join(os.Chmod(path, 0o400), os.Chmod(folder, 0o500)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	wantRefused(t, path, "no permission")
	wantRefused(t, filepath.Join(folder, "new.db"), "no permission")
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{syscall.EACCES, "/p: no permission to write it; let the user that runs Keydeck write the file and its folder, or give another path"},
		{syscall.EROFS, "/p: it is on a read-only file system; give a path on one that can be written"},
		{syscall.ENOSPC, "/p: the disk is full; make room or give another path"},
		{syscall.ELOOP, "/p: it cannot be opened (too many levels of symbolic links); correct that or give another path"},
	} {
		cause := &fs.PathError{Op: "open", Path: "/p", Err: c.err}
		err := kv.Explain("/p", cause)
		if err.Error() != c.want || !errors.Is(err, c.err) {
			t.Errorf("got %q, want %q", err, c.want)
		}
	}
}

func TestOpen(t *testing.T) {
	b, err := kv.Open(t.Context(), "bolt:"+filepath.Join(t.TempDir(), "s.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Ping(t.Context()), b.Close()); err != nil {
		t.Error(err)
	}
	for _, url := range []string{"", "bolt", "bolt:", "sessions.db", "hunter2://x", "redis-hunter2:", "redis+unix://hunter2", "Bolt:x"} {
		_, err := kv.Open(t.Context(), url, time.Now)
		if err == nil || !strings.Contains(err.Error(), "bolt:PATH") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", url, err)
		}
	}
}
