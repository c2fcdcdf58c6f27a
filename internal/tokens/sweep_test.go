package tokens_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/parallel"
	"keydeck/internal/tokens"
)

func TestSweep(t *testing.T) {
	t.Parallel()
	sweepCases.run(t)
}

var sweepCases = table{
	"in use": func(f *fixture) {
		f.signIn(f.Keeper)
		f.sweep()
		f.wantLive("t1")
	},
	"idle": func(f *fixture) {
		f.signIn(f.Keeper)
		f.clock.Advance(idle)
		f.sweep()
		f.wantLive()
		f.wantCalls("revoke t1 with t1")
	},
	"pasted": func(f *fixture) {
		f.signIn(f.Keeper, pasted)
		f.clock.Advance(idle)
		f.sweep()
		f.wantLive("t1")
	},
	"ended without a revocation": func(f *fixture) {
		f.end(f.signIn(f.Keeper))
		f.sweep()
		f.wantLive()
	},
	"ended, held by another process that has stopped": func(f *fixture) {
		f.end(f.signIn(f.keeper()))
		f.signIn(f.Keeper)
		f.sweep()
		f.wantLive("t2")
		f.wantCalls("revoke t1 with t2")
		f.sweep() // its entry in the index is gone
		f.wantCalls("revoke t1 with t2")
	},
	"ended, and nothing is held that can revoke it": func(f *fixture) {
		f.end(f.signIn(f.keeper()))
		f.sweep()
		f.wantCalls()
	},
	"store emptied": func(f *fixture) {
		f.signIn(f.Keeper)
		for _, key := range f.store.Keys() {
			if err := f.store.Delete(f.Context(), key); err != nil {
				f.Fatal(err)
			}
		}
		f.sweep()
		f.wantLive()
	},
	"store fails": func(f *fixture) {
		f.signIn(f.Keeper)
		f.store.Fail(errDown)
		f.sweep()
		f.store.Fail(nil)
		f.wantLive("t1")
		f.wantWarning("ended sessions were not looked for")
	},
	"expired": func(f *fixture) {
		f.signIn(f.Keeper)
		f.clock.Advance(f.TTL())
		f.sweep()
		f.wantCalls()
	},
}

func TestSweepPerson(t *testing.T) {
	t.Parallel()
	sweepPersonCases.run(t)
}

var sweepPersonCases = table{
	"what another process has left": func(f *fixture) {
		f.end(f.signIn(f.keeper()))
		b := f.signIn(f.Keeper)
		f.SweepPerson(user)
		f.settle()
		f.wantLive(b.TokenID)
	},
	"another person": func(f *fixture) {
		f.end(f.signIn(f.Keeper))
		f.SweepPerson("someone else")
		f.settle()
		f.wantCalls()
	},
}

func TestGone(t *testing.T) {
	t.Parallel()
	goneCases.run(t)
}

var goneCases = table{
	"record deleted": func(f *fixture) {
		b := f.signIn(f.Keeper)
		f.end(b)
		f.Gone(b.ID())
		f.settle()
		f.wantLive()
	},
	"record there": func(f *fixture) {
		f.Gone(f.signIn(f.Keeper).ID())
		f.settle()
		f.wantLive("t1")
	},
	"never seen": func(f *fixture) {
		f.Gone("an id", f.signIn(f.keeper()).ID())
		f.settle()
		f.wantLive("t1")
	},
	"store fails": func(f *fixture) {
		b := f.signIn(f.Keeper)
		f.store.Fail(errDown)
		f.Gone(b.ID())
		f.settle()
		f.wantLive("t1")
	},
}

// TestRun sweeps at intervals, until its context ends.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.end(f.signIn(f.Keeper))
		ctx, stop := context.WithCancel(t.Context())
		var running parallel.Group
		running.Go(func() { f.Keeper.Run(ctx) })
		<-time.After(tokens.SweepInterval - time.Second)
		f.wantLive("t1")
		<-time.After(2 * time.Second)
		f.wantLive()
		stop()
		running.Wait()
	})
}

// TestWait returns when the background is done, or its context ends.
func TestWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.api.during = func() { <-time.After(10 * time.Second) }
		b := f.signIn(f.Keeper)
		f.Revoke(tokens.Order{UserID: user, Access: b.access(), Own: b.token()})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := f.Wait(ctx); err == nil {
			t.Error("no error while a call is in progress")
		}
		if err := f.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		f.wantLive()
	})
}
