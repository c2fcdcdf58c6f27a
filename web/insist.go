package web

import (
	"context"
	"time"

	"keydeck/internal/session"
)

// The pauses between tries to write something down: a store that is started
// again takes about a second.
const (
	firstTry = 100 * time.Millisecond
	lastTry  = 800 * time.Millisecond
)

// insist writes down what has happened already, and so cannot be refused: it
// tries again while the store is in trouble, within bounds. write must be such
// that it can be repeated.
func insist(ctx context.Context, write func() error) error {
	err := write()
	for pause := firstTry; err != nil && pause <= lastTry; pause *= 2 {
		if isAny(err, session.ErrNoSession, session.ErrNotFound) {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		err = write()
	}
	return err
}
