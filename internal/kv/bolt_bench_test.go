package kv_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"keydeck/internal/kv"
)

// BenchmarkSweep removes n expired records from twice as many.
func BenchmarkSweep(b *testing.B) {
	for _, n := range []int{1, 100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			store, err := kv.OpenBolt(kv.BoltConfig{Path: filepath.Join(b.TempDir(), "sessions.db")})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = store.Close() })
			value := make([]byte, 2<<10) // a session is about that long
			now := time.Now()
			for i := range n {
				if err := store.Put(b.Context(), fmt.Sprint("live/", i), value, now.Add(time.Hour)); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				b.StopTimer()
				for i := range n {
					if err := store.Put(b.Context(), fmt.Sprint("dead/", i), value, now.Add(-time.Minute)); err != nil {
						b.Fatal(err)
					}
				}
				b.StartTimer()
				if swept, err := store.Sweep(b.Context()); err != nil || swept != n {
					b.Fatal(swept, err)
				}
			}
		})
	}
}
