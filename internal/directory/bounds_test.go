package directory_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

func TestMaxUsers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newContract(100_000)
		s := recent(t, directory.NewCache(directory.Config{MaxUsers: 2000}), c.asker("a"), time.Minute)
		if !s.Bounded || s.Complete() || s.Count < 2000 || s.Count > 2800 || c.calls > 25 {
			t.Errorf("%d users, bounded %v, after %d calls", s.Count, s.Bounded, c.calls)
		}
	})
}

// TestManyContracts: more contracts than can be kept or read at the same time
// are each read once.
func TestManyContracts(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]directory.Config{
		"more than run":      {MaxRunning: 2},
		"more than are kept": {MaxContracts: 3},
		"more users in all":  {MaxTotal: 3000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const contracts = 8
				cache := directory.NewCache(cfg)
				var all parallel.Group
				apis := make([]*contract, contracts)
				for n := range apis {
					apis[n] = newContract(1000)
					asker := apis[n].asker("a")
					asker.Contract = fmt.Sprint(n)
					all.Go(func() {
						for {
							s, err := cache.Recent(t.Context(), asker, 500*time.Millisecond)
							if err != nil || s.Complete() {
								return
							}
							wait(100 * time.Millisecond)
						}
					})
				}
				all.Wait()
				for n, c := range apis {
					if c.calls != 17 {
						t.Errorf("contract %d took %d calls", n, c.calls)
					}
				}
			})
		})
	}
}

func TestTTL(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(10)
		for i, step := range []struct {
			wait  time.Duration
			calls int
		}{{0, 1}, {time.Minute, 0}, {59 * time.Second, 0}, {2 * time.Second, 1}, {time.Second, 0}, {20 * time.Minute, 1}} {
			wait(step.wait)
			before := c.calls
			if recent(t, cache, c.asker("a"), time.Minute); c.calls-before != step.calls {
				t.Errorf("step %d: %d calls, want %d", i, c.calls-before, step.calls)
			}
		}
	})
}

func TestUnusedReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(19_900)
		c.onPage = func(string, int) error { wait(10 * time.Second); return nil }
		recent(t, cache, c.asker("a"), time.Second)
		wait(10 * time.Minute)
		if c.calls > 70 {
			t.Errorf("%d calls, although no page waits for them", c.calls)
		}
		c.change(func() { c.onPage = nil })
		if s := recent(t, cache, c.asker("b"), time.Minute); !s.Complete() || s.Count != 19_900 {
			t.Errorf("asked again: %d users, %v", s.Count, s.Err)
		}
	})
}

func TestForget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(5000)
		recent(t, cache, c.asker("a"), 250*time.Millisecond)
		cache.Forget("1")
		cache.Forget("2")
		if s := recent(t, cache, c.asker("a"), time.Minute); !s.Complete() || s.Count != 5000 {
			t.Errorf("read again: %d users, %v", s.Count, s.Err)
		}
		calls := c.calls
		cache.Forget("1")
		if recent(t, cache, c.asker("a"), time.Minute); c.calls == calls {
			t.Error("a forgotten reading is used")
		}
	})
}

func TestCorrections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(200)
		cache.Remove("1", userID(3)) // there is nothing to correct
		recent(t, cache, c.asker("a"), time.Minute)
		cache.Remove("1", userID(3))
		changed := user(5)
		changed.Email = "changed@example.com"
		cache.Put("1", changed)
		cache.Put("1", user(1000))
		cache.Put("1", user(1001))
		cache.Remove("1", userID(1001))
		s := recent(t, cache, c.asker("a"), time.Minute)
		list := ids(s)
		if s.Count != 200 || len(list) != 200 || slices.Contains(list, userID(3)) || !slices.Contains(list, userID(1000)) || slices.Contains(list, userID(1001)) {
			t.Errorf("%d users: %v", s.Count, list)
		}
		if u, found := s.User(userID(5)); !found || u.Email != changed.Email {
			t.Errorf("the changed user is %+v", u)
		}
		if _, found := s.User(userID(3)); found {
			t.Error("the deleted user is found")
		}
		calls := c.calls
		for n := range 1100 { // more than are kept
			cache.Put("1", keys.User{ID: fmt.Sprint(n)})
		}
		if recent(t, cache, c.asker("a"), time.Minute); c.calls == calls {
			t.Error("users are not read again after very many changes")
		}
	})
}
