package session_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/session"
)

func TestAwaitTellsWhatBecameOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		s, _ := signIn(t, f.Manager)
		f.wantClaim(t, s, "id", true, session.OpPending)
		go func() {
			<-time.After(7 * time.Second)
			f.wantFinish(t, s, "id", done("AKIA1"))
		}()
		began := time.Now()
		o, err := f.Await(t.Context(), s, "id")
		if err != nil || o != done("AKIA1") {
			t.Errorf("%+v, %v", o, err)
		}
		if took := time.Since(began); took < 7*time.Second || took > 7500*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		if again, err := f.Await(t.Context(), s, "id"); err != nil || again != o {
			t.Errorf("again: %+v, %v", again, err)
		}
	})
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		s, _ := signIn(t, f.Manager)
		f.wantClaim(t, s, "id", true, session.OpPending)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		o, err := f.Await(ctx, s, "id")
		if !errors.Is(err, context.DeadlineExceeded) || o.State != session.OpPending {
			t.Errorf("%+v, %v", o, err)
		}
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("it took %v", took)
		}
		if _, err := f.Await(t.Context(), s, "unknown"); !errors.Is(err, session.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}
