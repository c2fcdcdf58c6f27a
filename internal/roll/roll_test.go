package roll_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/roll"
)

// contract is a number of users behind an API that takes a tenth of a second.
type contract struct {
	keys.Directory // what is not listed is not asked for
	users          int

	mu            sync.Mutex
	asked, atOnce int
	most          int
	fail          func(offset int) error
}

func (c *contract) Users(ctx context.Context, page keys.Page) ([]keys.User, error) {
	c.mu.Lock()
	c.asked++
	c.atOnce++
	c.most = max(c.most, c.atOnce)
	fail := c.fail
	c.mu.Unlock()
	defer func() { c.mu.Lock(); c.atOnce--; c.mu.Unlock() }()
	select {
	case <-time.After(100 * time.Millisecond):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if fail != nil {
		if err := fail(page.Offset); err != nil {
			return nil, err
		}
	}
	var users []keys.User
	for n := page.Offset; n < min(page.Offset+page.Limit, c.users); n++ {
		users = append(users, keys.User{ID: fmt.Sprint(n), Email: fmt.Sprintf("user%d@example.com", n)})
	}
	return users, nil
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestAllUsersAreRead(t *testing.T) {
	t.Parallel()
	for users, calls := range map[int]int{0: 1, 1: 1, 99: 1, 100: 8, 101: 8, 800: 16, 10_000: 104} {
		t.Run(fmt.Sprint(users), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := &contract{users: users}
				state := roll.NewCache(roll.Config{}).Of(t.Context(), "s", c).State(within(t, time.Minute))
				if !state.Complete() || state.Count() != users || c.asked != calls || c.most > 8 {
					t.Errorf("%d users after %d calls, %d at once", state.Count(), c.asked, c.most)
				}
				n := 0
				for u := range state.All() {
					if u.ID != fmt.Sprint(n) {
						t.Fatalf("user %d is %s", n, u.ID)
					}
					n++
				}
			})
		})
	}
}

// TestThoseWhoWaitGetWhatThereIs, and the rest when they ask again.
func TestThoseWhoWaitGetWhatThereIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := roll.NewCache(roll.Config{}), &contract{users: 5000}
		if s := cache.Of(t.Context(), "s", c).State(within(t, 350*time.Millisecond)); s.Done || s.Count() < 800 || s.Count() > 2500 {
			t.Errorf("after a third of a second: %d, done %v", s.Count(), s.Done)
		}
		if s := cache.Of(t.Context(), "s", c).State(t.Context()); !s.Complete() || s.Count() != 5000 {
			t.Errorf("in the end: %d", s.Count())
		}
	})
}

func TestTooManyUsers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &contract{users: 100_000}
		s := roll.NewCache(roll.Config{Most: 2000}).Of(t.Context(), "s", c).State(t.Context())
		if !s.Bounded || s.Complete() || s.Count() > 2400 || c.asked > 24 {
			t.Errorf("%d users after %d calls", s.Count(), c.asked)
		}
	})
}

// TestTheLimitIsHonoured: the API says when to ask again, and is not asked
// before.
func TestTheLimitIsHonoured(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &contract{users: 300}
		c.fail = func(offset int) error {
			if time.Since(start) < 10*time.Second && offset > 0 {
				return &keys.Error{Kind: keys.ErrThrottled, RetryAfter: 20 * time.Second}
			}
			return nil
		}
		s := roll.NewCache(roll.Config{}).Of(t.Context(), "s", c).State(t.Context())
		if !s.Complete() || s.Count() != 300 || c.asked > 1+7+7 || time.Since(start) < 20*time.Second {
			t.Errorf("%d users after %d calls and %s", s.Count(), c.asked, time.Since(start))
		}
	})
}

func TestAnAPIThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache := roll.NewCache(roll.Config{})
		c := &contract{users: 1000, fail: func(offset int) error {
			if offset == 300 {
				return &keys.Error{Kind: keys.ErrUnavailable}
			}
			return nil
		}}
		s := cache.Of(t.Context(), "s", c).State(t.Context())
		if !errors.Is(s.Err, keys.ErrUnavailable) || s.Complete() || s.Count() != 300 {
			t.Errorf("%d users, %v", s.Count(), s.Err)
		}
		c.fail = nil
		if s := cache.Of(t.Context(), "s", c).State(t.Context()); !s.Complete() {
			t.Errorf("asked again: %v", s.Err)
		}
	})
}

func TestCache(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := roll.NewCache(roll.Config{Rolls: 2}), &contract{users: 10}
		read := func(session string) int {
			before := c.asked
			cache.Of(t.Context(), session, c).State(t.Context())
			<-time.After(time.Second)
			return c.asked - before
		}
		steps := []struct {
			session string
			calls   int
		}{{"a", 1}, {"a", 0}, {"b", 1}, {"a", 0}, {"c", 1}, {"a", 0}, {"b", 1}}
		for i, step := range steps {
			if got := read(step.session); got != step.calls {
				t.Errorf("step %d, %s: %d calls, want %d", i, step.session, got, step.calls)
			}
		}
		<-time.After(2 * time.Minute)
		if cache.Known("b") != nil || read("b") != 1 {
			t.Error("an old roll is used")
		}
		if cache.Forget("b"); cache.Known("b") != nil {
			t.Error("a forgotten roll is used")
		}
	})
}

func TestMatches(t *testing.T) {
	t.Parallel()
	u := keys.User{FirstName: "Mei-Ling", LastName: "CHEN", Email: "Guest@keydeck.example"}
	for _, tt := range []struct {
		words []string
		want  bool
	}{
		{nil, true}, {[]string{"chen"}, true}, {[]string{"guest@", "mei"}, true}, {[]string{"mei", "kim"}, false}, {[]string{"ling chen"}, true},
	} {
		if got := roll.Matches(u, tt.words); got != tt.want {
			t.Errorf("%q: %v", tt.words, got)
		}
	}
}
