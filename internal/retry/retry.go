// Package retry waits and tries again, within bounds. It knows neither what is
// tried nor which errors there are.
package retry

import (
	"context"
	"errors"
	"time"
)

// Sleep waits for d, or until ctx ends, and then returns ctx's error.
func Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Policy says how often something is tried, and how long the pauses between
// are: each is Factor times as long as the one before, from MinBackoff up to
// MaxBackoff.
type Policy struct {
	MinBackoff, MaxBackoff time.Duration
	Factor                 float64 // 2 if zero
	Attempts               int     // at most; until the context ends if zero
}

// Do calls try until it returns nil or an error marked by [Permanent], until
// the attempts are used up, or until ctx ends. It returns the last error of try,
// unmarked, joined with ctx's error if that ended a pause.
func (p Policy) Do(ctx context.Context, try func(context.Context) error) error {
	pause := p.MinBackoff
	for attempt := 1; ; attempt++ {
		err := try(ctx)
		if stop, ok := errors.AsType[*permanentError](err); ok {
			return stop.err
		}
		if err == nil || attempt == p.Attempts {
			return err
		}
		if ended := Sleep(ctx, pause); ended != nil {
			return errors.Join(err, ended)
		}
		pause = p.next(pause)
	}
}

func (p Policy) next(pause time.Duration) time.Duration {
	factor := p.Factor
	if factor == 0 {
		factor = 2
	}
	return min(time.Duration(float64(pause)*factor), p.MaxBackoff)
}

// Permanent marks an error that trying again cannot change. nil stays nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }

func (e *permanentError) Unwrap() error { return e.err }
