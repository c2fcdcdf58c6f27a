package session

import (
	"context"
	"time"
)

// Pauses between looks at an operation: short first, since most calls take a
// fraction of a second, and never longer than a person notices.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = 500 * time.Millisecond
)

// Await waits until the operation of a request id is no longer pending, and
// returns its outcome. It looks again and again instead of being told, because
// another process may be carrying it out. ErrNotFound if it is not claimed, or
// was released: then it may be claimed. It ends with ctx, with the pending
// outcome and ctx's error.
func (m *Manager) Await(ctx context.Context, s *Session, requestID string) (Outcome, error) {
	key, err := operationKey(s, requestID)
	if err != nil {
		return Outcome{}, err
	}
	for pause := firstPause; ; pause = min(pause*3/2, lastPause) {
		op, _, err := m.readOperation(ctx, s, key)
		switch {
		case err != nil:
			return Outcome{}, err
		case op.State == opReleased:
			return Outcome{}, ErrNotFound
		case op.State != OpPending:
			return op.Outcome, nil
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return op.Outcome, ctx.Err()
		}
	}
}
