package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/session"
)

// swept is a store that counts how often it is swept.
type swept struct {
	session.Backend
	times int
	err   error
}

func (s *swept) Sweep(context.Context) (int, error) {
	s.times++
	return 3, s.err
}

func TestTheStoreIsSweptNowAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		store := &swept{}
		go sweep(ctx, store, slog.New(slog.DiscardHandler))
		<-time.After(2*sweepEvery + time.Second)
		synctest.Wait()
		if store.times != 3 {
			t.Errorf("swept %d times, want at the start and twice more", store.times)
		}
		stop()
		<-time.After(2 * sweepEvery)
		if store.times != 3 {
			t.Error("swept after the end")
		}
	})
}

func TestASweepThatFailsIsLoggedAndTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var log bytes.Buffer
		store := &swept{err: errors.New("disk full")}
		go sweep(ctx, store, slog.New(slog.NewTextHandler(&log, nil)))
		<-time.After(sweepEvery + time.Second)
		synctest.Wait()
		if store.times != 2 || strings.Count(log.String(), "disk full") != 2 {
			t.Errorf("swept %d times, log %s", store.times, log.String())
		}
	})
}

// A store such as Redis forgets by itself.
func TestAStoreThatIsNoSweeperIsLeftAlone(t *testing.T) {
	sweep(t.Context(), struct{ session.Backend }{}, slog.New(slog.DiscardHandler))
}

// stuck is a store that does not answer in time.
type stuck struct{ session.Backend }

func (stuck) Ping(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestAStoreThatDoesNotAnswerIsNotReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &App{store: stuck{}}
		began := time.Now()
		if err := a.ready(t.Context()); err == nil {
			t.Error("ready")
		}
		if took := time.Since(began); took != pingTime {
			t.Errorf("took %v", took)
		}
	})
}
