package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"

	"keydeck/internal/kv"
)

// swept is a store that counts how often it is swept.
type swept struct {
	kv.Store
	times int
	err   error
}

func (s *swept) Sweep(context.Context) (int, error) {
	s.times++
	return 3, s.err
}

func TestSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		store := &swept{}
		go sweep(ctx, store, slog.New(slog.DiscardHandler))
		<-time.After(2*sweepInterval + time.Second)
		synctest.Wait()
		if store.times != 3 {
			t.Errorf("swept %d times, want at the start and twice more", store.times)
		}
		stop()
		<-time.After(2 * sweepInterval)
		if store.times != 3 {
			t.Error("swept after the end")
		}
	})
}

func TestSweepError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var log bytes.Buffer
		store := &swept{err: errors.New("disk full")}
		go sweep(ctx, store, slog.New(slog.NewTextHandler(&log, nil)))
		<-time.After(sweepInterval + time.Second)
		synctest.Wait()
		if store.times != 2 || strings.Count(log.String(), "disk full") != 2 {
			t.Errorf("swept %d times, log %s", store.times, log.String())
		}
	})
}

// With a store that is no sweeper, such as Redis, sweep returns at once.
func TestSweepNoSweeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		sweep(t.Context(), struct{ kv.Store }{}, slog.New(slog.DiscardHandler))
		if took := time.Since(began); took > 0 {
			t.Errorf("it took %v", took)
		}
	})
}

func TestOpenStore(t *testing.T) {
	for name, tt := range map[string]struct{ store, says string }{
		// It has neither CONFIG nor the policy in INFO.
		"redis with an unknown policy": {"redis://" + miniredis.RunT(t).Addr(), "level=WARN msg=\"the session store may lose sessions\" reason=\"the maxmemory-policy of Redis cannot be read"},
		"bolt":                         {"bolt:" + filepath.Join(t.TempDir(), "s.db"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			store, err := openStore(t.Context(), Config{SessionStore: tt.store, Now: time.Now, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = store.Close() })
			if got := log.String(); !strings.Contains(got, tt.says) || tt.says == "" && got != "" {
				t.Errorf("the log is %q, want %q", got, tt.says)
			}
		})
	}
}

// stuck is a store that does not answer in time.
type stuck struct{ kv.Store }

func (stuck) Ping(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestReadyStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &App{store: stuck{}}
		began := time.Now()
		if err := a.ready(t.Context()); err == nil {
			t.Error("ready")
		}
		if took := time.Since(began); took != pingTimeout {
			t.Errorf("took %v", took)
		}
	})
}
