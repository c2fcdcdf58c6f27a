package contractkeys_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// TestRecent: only users who can have keys are asked about, eight at a time.
func TestRecent(t *testing.T) {
	t.Parallel()
	for _, holders := range []int{0, 1, 12, 400, 10_000} {
		t.Run(fmt.Sprint(holders, " users"), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, cache := newContract(holders), newCache()
				began := time.Now()
				first := recent(t, cache, c.asker("a"), 700*time.Millisecond)
				s := follow(t, cache, c.asker("a"))
				if !s.Complete() || len(s.Entries) != holders || s.Looked != holders || count(s) != 2*holders || s.Users != len(c.users) {
					t.Errorf("complete %v, %d of %d users, %d keys", s.Complete(), s.Looked, len(s.Entries), count(s))
				}
				if c.most > 8 || len(c.asked) != holders {
					t.Errorf("%d calls at the same time, %d users asked about", c.most, len(c.asked))
				}
				for i := 1; i < len(s.Entries); i++ {
					if s.Entries[i-1].User.Name() >= s.Entries[i].User.Name() {
						t.Fatalf("%s is before %s", s.Entries[i-1].User.Name(), s.Entries[i].User.Name())
					}
				}
				t.Logf("%d keys after 0.7 s, all %d after %v, %d calls", count(first), count(s), time.Since(began), c.calls)
			})
		})
	}
}

// TestRecentShared: two administrators cost one reading, which is shown for a few
// minutes and read anew after them, or when that is asked for.
func TestRecentShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, cache := newContract(40), newCache()
		parallel.Do(
			func() { follow(t, cache, c.asker("a")) },
			func() { follow(t, cache, c.asker("b")) },
		)
		readings := func(want int) {
			t.Helper()
			if c.asked[userID(7)] != want {
				t.Errorf("read %d times, want %d", c.asked[userID(7)], want)
			}
		}
		readings(1)
		wait(4 * time.Minute)
		follow(t, cache, c.asker("b"))
		readings(1)
		now := time.Now()
		s, err := cache.Recent(t.Context(), c.asker("a"), now, time.Minute)
		if err != nil || s.AsOf.Before(now) || !s.Complete() {
			t.Errorf("renewed: as of %v, %v", s.AsOf, err)
		}
		readings(2)
		follow(t, cache, c.asker("b"))
		readings(2)
		wait(6 * time.Minute)
		follow(t, cache, c.asker("b"))
		readings(3)
	})
}

// TestRecentPermission: what others have read is for those whose own call the API
// allows.
func TestRecentPermission(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		refusal error
		refused bool
	}{
		"demoted":    {&keys.Error{Kind: keys.ErrForbidden}, true},
		"signed out": {&keys.Error{Kind: keys.ErrUnauthorized}, true},
		"throttled":  {&keys.Error{Kind: keys.ErrThrottled, RetryAfter: time.Minute}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, cache := newContract(5), newCache()
				follow(t, cache, c.asker("a"))
				c.onCheck = func(string) error { return tt.refusal }
				for what, ask := range map[string]func() (contractkeys.Snapshot, error){
					"Recent": func() (contractkeys.Snapshot, error) {
						return cache.Recent(t.Context(), c.asker("b"), time.Time{}, time.Second)
					},
					"Peek": func() (contractkeys.Snapshot, error) { return cache.Peek(t.Context(), c.asker("b")) },
				} {
					s, err := ask()
					if len(s.Entries) > 0 || s.Complete() || (err != nil) != tt.refused || tt.refused && !errors.Is(err, tt.refusal) {
						t.Errorf("%s: %d users, %v", what, len(s.Entries), err)
					}
					if !tt.refused && s.Wait != time.Minute {
						t.Errorf("%s: wait %v", what, s.Wait)
					}
				}
			})
		})
	}
}

// TestRecentThrottled: the reading goes on after each wait that the API asks for,
// however long, with the users that are missing.
func TestRecentThrottled(t *testing.T) {
	t.Parallel()
	for _, pause := range []time.Duration{2 * time.Second, time.Minute, time.Hour} {
		t.Run(pause.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, cache := newContract(500), newCache()
				var since time.Time
				calls, refused := 0, 0
				c.onKeys = func(context.Context, string, string) error { // 100 calls for each pause
					c.mu.Lock()
					defer c.mu.Unlock()
					if time.Since(since) >= pause {
						since, calls = time.Now(), 0
					}
					if calls++; calls > 100 {
						refused++
						return &keys.Error{Kind: keys.ErrThrottled, RetryAfter: pause - time.Since(since)}
					}
					return nil
				}
				began := time.Now()
				s := follow(t, cache, c.asker("a"))
				if !s.Complete() || count(s) != 1000 || refused > 5*8 {
					t.Errorf("complete %v, %d keys, %d calls refused", s.Complete(), count(s), refused)
				}
				if took := time.Since(began); took > 5*pause+30*time.Second {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

// TestRecentTokenEnds: the next asker's token goes on from what is there.
func TestRecentTokenEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, cache := newContract(100), newCache()
		c.onKeys = func(_ context.Context, token, _ string) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			if token == "ends" && c.calls > 50 {
				return &keys.Error{Kind: keys.ErrUnauthorized}
			}
			return nil
		}
		s := follow(t, cache, c.asker("ends"))
		if !errors.Is(s.Err, keys.ErrUnauthorized) || s.Looked == 0 || s.Complete() {
			t.Errorf("%d read, %v", s.Looked, s.Err)
		}
		read := s.Looked
		s = follow(t, cache, c.asker("b"))
		again := 0
		for _, n := range c.asked {
			if n > 1 {
				again++
			}
		}
		if !s.Complete() || again > 100-read {
			t.Errorf("complete %v, %d users were read again", s.Complete(), again)
		}
	})
}

// TestRecentFailures: users who cannot be read are listed as such and tried again;
// when all fail, the reading stops and goes on later.
func TestRecentFailures(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fails  func(userID string) bool
		kind   error
		failed int
		stops  bool
	}{
		"one user":        {func(id string) bool { return id == userID(3) }, keys.ErrUnavailable, 1, false},
		"one privilege":   {func(id string) bool { return id == userID(3) }, keys.ErrNoPrivilege, 1, false},
		"one is hidden":   {func(id string) bool { return id == userID(3) }, keys.ErrForbidden, 1, false},
		"lost connection": {func(string) bool { return true }, keys.ErrUnavailable, 16, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, cache := newContract(100), newCache()
				c.onKeys = func(_ context.Context, _, id string) error {
					if tt.fails(id) {
						return &keys.Error{Kind: tt.kind}
					}
					return nil
				}
				s := follow(t, cache, c.asker("a"))
				if s.Failed() < tt.failed || s.Failed() > tt.failed+7 || s.Complete() || (s.Err != nil) != tt.stops || s.Done() == tt.stops {
					t.Errorf("%d failed, done %v, %v", s.Failed(), s.Done(), s.Err)
				}
				for _, e := range s.Entries {
					if e.State == contractkeys.Failed && !errors.Is(e.Reason, tt.kind) {
						t.Errorf("%s failed with %v", e.User.ID, e.Reason)
					}
				}
				c.change(func() { c.onKeys = nil })
				wait(11 * time.Second)
				if s := follow(t, cache, c.asker("a")); !s.Complete() || count(s) != 200 {
					t.Errorf("afterwards: complete %v, %d keys", s.Complete(), count(s))
				}
			})
		})
	}
}

// TestRecentDeleted: a user who is deleted meanwhile has no keys.
func TestRecentDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, cache := newContract(3), newCache()
		c.onKeys = func(_ context.Context, _, id string) error {
			if id == userID(1) {
				return &keys.Error{Kind: keys.ErrNotFound}
			}
			return nil
		}
		if s := follow(t, cache, c.asker("a")); !s.Complete() || len(s.Entries) != 2 {
			t.Errorf("complete %v, %d users", s.Complete(), len(s.Entries))
		}
	})
}
