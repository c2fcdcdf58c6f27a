package directory_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

func TestRecent(t *testing.T) {
	t.Parallel()
	for users, calls := range map[int]int{0: 1, 1: 1, 99: 1, 100: 9, 101: 9, 891: 9, 892: 17, 10_000: 105, 19_900: 209} {
		t.Run(fmt.Sprint(users, " users"), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newContract(users)
				s := recent(t, directory.NewCache(directory.Config{}), c.asker("a"), time.Minute)
				if !s.Complete() || s.Count != users || c.calls != calls || c.most > 8 || c.checks != 1 {
					t.Errorf("%d users, complete %v, after %d calls, %d at the same time, and %d checks", s.Count, s.Complete(), c.calls, c.most, c.checks)
				}
				for n, id := range ids(s) {
					if id != userID(n) {
						t.Fatalf("user %d is %s", n, id)
					}
				}
			})
		})
	}
}

// TestRecentShared: administrators who search at the same time share a reading.
func TestRecentShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const administrators = 8
		cache, c := directory.NewCache(directory.Config{}), newContract(19_900)
		var all parallel.Group
		began := time.Now()
		for n := range administrators {
			all.Go(func() {
				asker := c.asker(fmt.Sprint(n))
				for time.Since(began) < 2*time.Minute {
					s, err := cache.Recent(t.Context(), asker, 1500*time.Millisecond)
					if err != nil || s.Done && !s.Complete() || time.Since(began) > 5*time.Second && s.Count != 19_900 {
						t.Errorf("after %v: %d users, %v, %v", time.Since(began), s.Count, s.Err, err)
					}
					wait(10 * time.Second)
				}
			})
		}
		all.Wait()
		if c.calls != 209 {
			t.Errorf("%d calls in two minutes, want those of one reading", c.calls)
		}
		t.Logf("%d administrators, 19,900 users: %d pages, %d checks", administrators, c.calls, c.checks)
	})
}

func TestRecentProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(5000)
		if s := recent(t, cache, c.asker("a"), 350*time.Millisecond); s.Done || s.Complete() || s.Count < 800 || s.Count > 2500 {
			t.Errorf("after a third of a second: %d users, done %v", s.Count, s.Done)
		}
		if s := recent(t, cache, c.asker("a"), time.Minute); !s.Complete() || s.Count != 5000 {
			t.Errorf("in the end: %d users", s.Count)
		}
	})
}

// TestRecentPermission: what others have read is for those whose own call the
// API allows.
func TestRecentPermission(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		refusal error
		refused bool
	}{
		"demoted":     {&keys.Error{Kind: keys.ErrForbidden}, true},
		"signed out":  {&keys.Error{Kind: keys.ErrUnauthorized}, true},
		"unavailable": {&keys.Error{Kind: keys.ErrUnavailable}, true},
		"throttled":   {&keys.Error{Kind: keys.ErrThrottled, RetryAfter: time.Minute}, false},
	} {
		for _, session := range []string{"of the reader", "of another"} {
			t.Run(name+"/"+session, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					cache, c := directory.NewCache(directory.Config{}), newContract(500)
					recent(t, cache, c.asker("of the reader"), time.Minute)
					c.onCheck = func(string) error { return tt.refusal }
					s, err := cache.Recent(t.Context(), c.asker(session), time.Minute)
					if len(ids(s)) != 0 || s.Complete() {
						t.Errorf("%d users are shown", len(ids(s)))
					}
					if (err != nil) != tt.refused || tt.refused && !errors.Is(err, tt.refusal) {
						t.Errorf("error %v", err)
					}
					if !tt.refused && (s.Wait != time.Minute || s.Count != 500) {
						t.Errorf("throttled: wait %v, %d read", s.Wait, s.Count)
					}
				})
			})
		}
	}
}

// TestRecentTokenEnds: the next asker's token goes on from the pages that are
// there, and only the person whose token has ended sees the error.
func TestRecentTokenEnds(t *testing.T) {
	t.Parallel()
	for _, kind := range []error{keys.ErrUnauthorized, keys.ErrForbidden} {
		t.Run(kind.Error(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cache, c := directory.NewCache(directory.Config{}), newContract(3000)
				c.onPage = func(token string, offset int) error {
					if token == "first" && offset > 1000 {
						return &keys.Error{Kind: kind}
					}
					return nil
				}
				var first, second directory.Snapshot
				parallel.Do(
					func() { first = recent(t, cache, c.asker("first"), time.Minute) },
					func() { wait(10 * time.Millisecond); second = recent(t, cache, c.asker("second"), time.Minute) },
				)
				if !second.Complete() || second.Count != 3000 {
					t.Errorf("the second: %d users, %v", second.Count, second.Err)
				}
				if !errors.Is(first.Err, kind) && !first.Complete() {
					t.Errorf("the first: %d users, %v", first.Count, first.Err)
				}
				if c.calls > 50 {
					t.Errorf("%d calls: pages are read again", c.calls)
				}
			})
		})
	}
	t.Run("alone", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			cache, c := directory.NewCache(directory.Config{}), newContract(3000)
			c.onPage = func(string, int) error { return &keys.Error{Kind: keys.ErrUnauthorized} }
			if s := recent(t, cache, c.asker("first"), time.Minute); !errors.Is(s.Err, keys.ErrUnauthorized) || c.calls != 1 {
				t.Errorf("%v after %d calls", s.Err, c.calls)
			}
		})
	})
}

func TestRecentThrottled(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after time.Duration // as the API says
		wait  time.Duration // at least
		done  bool          // in the end
	}{
		"for a while":          {20 * time.Second, 20 * time.Second, true},
		"for minutes":          {4 * time.Minute, 4 * time.Minute, true},
		"for an unknown while": {0, 2 * time.Second, true},
		"for too long":         {time.Hour, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cache, c, began := directory.NewCache(directory.Config{}), newContract(300), time.Now()
				c.onPage = func(_ string, offset int) error {
					if offset > 0 && (time.Since(began) < time.Second || time.Since(began) < tt.after) {
						return &keys.Error{Kind: keys.ErrThrottled, RetryAfter: tt.after}
					}
					return nil
				}
				s := recent(t, cache, c.asker("a"), 500*time.Millisecond)
				if s.Count != 100 || (s.Wait > 0) != tt.done || s.Wait > max(tt.after, tt.wait) {
					t.Errorf("meanwhile: %d users, wait %v", s.Count, s.Wait)
				}
				s = recent(t, cache, c.asker("a"), 10*time.Minute)
				if s.Complete() != tt.done || errors.Is(s.Err, keys.ErrThrottled) == tt.done || c.calls > 1+8+8 {
					t.Errorf("in the end: %d users, %v, after %d calls", s.Count, s.Err, c.calls)
				}
				if took := time.Since(began); took < tt.wait {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

func TestRecentFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(1000)
		c.onPage = func(_ string, offset int) error {
			switch offset {
			case 297:
				return &keys.Error{Kind: keys.ErrUnavailable}
			case 396:
				panic("with a secret")
			}
			return nil
		}
		s := recent(t, cache, c.asker("a"), time.Minute)
		if p, ok := errors.AsType[*parallel.PanicError](s.Err); !ok || p == nil || s.Complete() {
			t.Errorf("%d users, %v: the panic is not the error", s.Count, s.Err)
		}
		calls := c.calls
		if s := recent(t, cache, c.asker("b"), time.Minute); s.Err == nil || c.calls != calls {
			t.Errorf("right after: %v, %d calls more", s.Err, c.calls-calls)
		}
		c.change(func() { c.onPage = nil })
		wait(3 * time.Second)
		if s := recent(t, cache, c.asker("b"), time.Minute); !s.Complete() || s.Count != 1000 || c.calls-calls > 10 {
			t.Errorf("later: %d users, %v, %d calls more", s.Count, s.Err, c.calls-calls)
		}
	})
}

// TestRecentShifts: a user who is deleted while the pages are read moves others
// across their border.
func TestRecentShifts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		times   int // how often the list shifts
		shifted bool
	}{"once": {1, false}, "again and again": {100, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, shifts := newContract(300), 0
				c.onPage = func(_ string, offset int) error {
					if offset == 0 && shifts < tt.times {
						shifts++
						time.AfterFunc(latency/2, func() { c.delete(shifts) })
					}
					return nil
				}
				s := recent(t, directory.NewCache(directory.Config{}), c.asker("a"), time.Minute)
				if s.Shifted != tt.shifted || s.Complete() == tt.shifted {
					t.Errorf("shifted %v, complete %v", s.Shifted, s.Complete())
				}
				if !tt.shifted && !slices.Contains(ids(s), userID(100)) {
					t.Error("the user on the border is missing")
				}
			})
		})
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(10)
		since := func(at time.Time) directory.Snapshot {
			s, err := cache.Since(t.Context(), c.asker("a"), at, time.Minute)
			if err != nil || !s.Complete() || s.AsOf.Before(at) {
				t.Errorf("as of %v, want %v or later: %v", s.AsOf, at, err)
			}
			return s
		}
		recent(t, cache, c.asker("a"), time.Minute)
		wait(time.Second)
		began := time.Now()
		if since(began); c.calls != 2 {
			t.Errorf("%d calls: an older reading is used", c.calls)
		}
		wait(10 * time.Minute)
		if since(began); c.calls != 2 {
			t.Errorf("%d calls: the reading is not used again", c.calls)
		}
		wait(10 * time.Minute)
		if since(began); c.calls != 3 {
			t.Errorf("%d calls: an outdated reading is used", c.calls)
		}
	})
	t.Run("while an older reading runs", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			cache, c := directory.NewCache(directory.Config{}), newContract(500)
			recent(t, cache, c.asker("a"), 50*time.Millisecond)
			at := time.Now()
			s, err := cache.Since(t.Context(), c.asker("b"), at, time.Minute)
			if err != nil || !s.Complete() || s.AsOf.Before(at) || c.calls != 9+9 {
				t.Errorf("as of %v, want %v or later, after %d calls: %v", s.AsOf, at, c.calls, err)
			}
		})
	})
}
