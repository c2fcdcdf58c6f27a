package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"keydeck/internal/session"
)

// sweepEvery is how often expired records are cleared away. They are refused
// from the moment they expire, so this is housekeeping and nothing more.
const sweepEvery = 5 * time.Minute

// StoreError is a session store that cannot be opened.
type StoreError struct{ Err error }

func (e *StoreError) Error() string { return fmt.Sprintf("cannot open the session store: %v", e.Err) }

func (e *StoreError) Unwrap() error { return e.Err }

func openStore(cfg Config) (session.Backend, error) {
	store, err := session.Open(cfg.SessionStore, cfg.Now)
	if err != nil {
		return nil, &StoreError{err}
	}
	return store, nil
}

// sweeper is a store that does not by itself forget what has expired.
type sweeper interface {
	Sweep(ctx context.Context) (int, error)
}

// sweep clears expired records away, at the start and then now and again,
// until ctx ends.
func sweep(ctx context.Context, store session.Backend, logger *slog.Logger) {
	s, ok := store.(sweeper)
	if !ok {
		return
	}
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		removed, err := s.Sweep(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			logger.Error("expired sessions could not be cleared away", "error", err)
		case removed > 0:
			logger.Debug("expired sessions cleared away", "records", removed)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
