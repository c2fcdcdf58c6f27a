package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"keydeck/internal/kv"
)

// sweepInterval is the time between two sweeps. Expired records are not returned
// in any case; a sweep frees their space.
const sweepInterval = 5 * time.Minute

// warningsTimeout bounds the look at the store's settings.
const warningsTimeout = 5 * time.Second

// StoreError is the error of a session store that cannot be opened.
type StoreError struct{ Err error }

func (e *StoreError) Error() string { return fmt.Sprintf("cannot open the session store: %v", e.Err) }

func (e *StoreError) Unwrap() error { return e.Err }

func openStore(ctx context.Context, cfg Config) (kv.Store, error) {
	store, err := kv.Open(ctx, cfg.SessionStore, cfg.Now)
	if err != nil {
		return nil, &StoreError{err}
	}
	logWarnings(ctx, store, cfg.Logger)
	return store, nil
}

// logWarnings logs the settings of a store that endanger its records.
func logWarnings(ctx context.Context, store kv.Store, logger *slog.Logger) {
	warner, ok := store.(kv.Warner)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, warningsTimeout)
	defer cancel()
	for _, warning := range warner.Warnings(ctx) {
		logger.Warn("the session store may lose sessions", "reason", warning)
	}
}

// sweeper is a store that does not free the space of expired records by itself.
type sweeper interface {
	Sweep(ctx context.Context) (int, error)
}

// sweep removes expired records, at once and then periodically, until ctx ends.
func sweep(ctx context.Context, store kv.Store, logger *slog.Logger) {
	s, ok := store.(sweeper)
	if !ok {
		return
	}
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		removed, err := s.Sweep(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			logger.Error("expired sessions were not removed", "error", err)
		case removed > 0:
			logger.Debug("expired sessions removed", "records", removed)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
