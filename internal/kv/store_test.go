package kv_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
)

// TestStore runs the suite on every kind of store, and on Redis in each way that
// it is served.
func TestStore(t *testing.T) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		kvtest.TestStore(t, func(_ *testing.T, now func() time.Time) kv.Store { return kv.NewMemory(now) })
	})
	t.Run("bolt", func(t *testing.T) {
		t.Parallel()
		kvtest.TestStore(t, func(t *testing.T, now func() time.Time) kv.Store {
			return openBolt(t, filepath.Join(t.TempDir(), "sessions.db"), now)
		})
	})
	t.Run("miniredis", func(t *testing.T) {
		t.Parallel()
		kvtest.TestStore(t, func(t *testing.T, now func() time.Time) kv.Store {
			return openRedis(t, "redis://"+miniredis.RunT(t).Addr(), now)
		})
	})
	for name, start := range map[string]func(*testing.T) string{
		"redis":       func(t *testing.T) string { return "redis://" + startRedis(t).address },
		"unix socket": startOnSocket,
		"cluster":     startCluster,
		"sentinel":    func(t *testing.T) string { return startSentinel(t).url },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := start(t)
			kvtest.TestStore(t, func(t *testing.T, now func() time.Time) kv.Store {
				r := openRedis(t, url, now)
				if err := r.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
				return r
			})
		})
	}
}

func openBolt(t *testing.T, path string, now func() time.Time) *kv.Bolt {
	t.Helper()
	b, err := kv.OpenBolt(kv.BoltConfig{Path: path, Now: now, LockTimeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func openRedis(t testing.TB, url string, now func() time.Time) *kv.Redis {
	t.Helper()
	r, err := kv.OpenRedis(t.Context(), kv.RedisConfig{URL: url, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}
