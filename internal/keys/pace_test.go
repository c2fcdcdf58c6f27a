package keys_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keys"
)

func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, start := keys.NewPace(nil), time.Now()
		waited := func() time.Duration {
			t.Helper()
			if err := p.Wait(t.Context()); err != nil {
				t.Error(err)
			}
			return time.Since(start)
		}
		if p.Told(249); waited() != 0 {
			t.Errorf("with room, it waits %s", waited())
		}
		if p.Told(3); waited() != time.Second {
			t.Errorf("with hardly any left, it waits %s", waited())
		}
		p.Hold(7 * time.Second)
		p.Hold(2 * time.Second)
		if p.Held() != 7*time.Second || waited() != 8*time.Second {
			t.Errorf("held, it waits %s", waited())
		}
		p.Hold(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.Wait(ctx); err == nil {
			t.Error("it waits longer than anybody does")
		}
	})
}

func TestPaceTravelsInTheContext(t *testing.T) {
	t.Parallel()
	p := keys.NewPace(nil)
	if keys.PaceOf(keys.WithPace(t.Context(), p)) != p || keys.PaceOf(t.Context()) != nil {
		t.Error("it is lost, or there is one that nobody put there")
	}
}
