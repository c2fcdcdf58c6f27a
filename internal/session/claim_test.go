package session_test

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"keydeck/internal/session"
)

func TestOfManyClaimsOneWins(t *testing.T) {
	f := newFixture(t)
	m := newManager(t, openBolt(t, filepath.Join(t.TempDir(), "s.db"), f.clock.Now), f.clock.Now)
	s, cookie := signIn(t, m)
	if _, _, err := m.Claim(t.Context(), s, "released"); err != nil {
		t.Fatal(err)
	}
	if err := m.Release(t.Context(), s, "released"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"fresh", "released"} {
		var won atomic.Int64
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				mine, err := load(t, m, cookie) // each request has its own
				if err != nil {
					t.Error(err)
					return
				}
				if clickOnce(t, m, mine, id) {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%s: %d of 30 carried it out", id, won.Load())
		}
	}
}

// clickOnce is what a request does: it carries the operation out, or waits for
// the one that does.
func clickOnce(t *testing.T, m *session.Manager, s *session.Session, id string) (mine bool) {
	_, mine, err := m.Claim(t.Context(), s, id)
	if err != nil {
		t.Error(err)
	}
	if mine {
		if err := m.Finish(t.Context(), s, id, done("AKIA1")); err != nil {
			t.Error(err)
		}
	}
	if o, err := m.Await(t.Context(), s, id); err != nil || o != done("AKIA1") {
		t.Errorf("Await: %+v, %v", o, err)
	}
	return mine
}
