package directory_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// TestSearch: a whole address costs one call of a contract of 19,900 users. What
// one call does not show is searched among all, as any other query is.
func TestSearch(t *testing.T) {
	t.Parallel()
	const sought = "user17000@example.com"
	refused := &keys.Error{Kind: keys.ErrRejected}
	for name, tt := range map[string]struct {
		query                  string
		filter                 func(c *contract, email string) ([]keys.User, error)
		filters, checks, calls int
		filtered               bool
		users                  int
	}{
		"address":                  {sought, honoured, 1, 0, 0, true, 1},
		"address in capitals":      {strings.ToUpper(sought), honoured, 1, 0, 0, true, 1},
		"address, case matters":    {strings.ToUpper(sought), byCase, 1, 0, 209, false, 19_900},
		"address of no user":       {"none@example.com", honoured, 1, 0, 209, false, 19_900},
		"filter ignored":           {sought, ignored, 1, 0, 209, false, 19_900},
		"filter takes parts":       {"r17000@example.com", byPart, 1, 0, 209, false, 19_900},
		"filter refused":           {sought, func(*contract, string) ([]keys.User, error) { return nil, refused }, 1, 1, 209, false, 19_900},
		"part of an address":       {"user17000@", honoured, 0, 1, 209, false, 19_900},
		"address and another word": {sought + " user", honoured, 0, 1, 209, false, 19_900},
		"address with a name":      {"User <" + sought + ">", honoured, 0, 1, 209, false, 19_900},
		"nothing":                  {"", honoured, 0, 1, 209, false, 19_900},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newContract(19_900)
				c.onFilter = tt.filter
				s, err := directory.NewCache(directory.Config{}).Search(t.Context(), c.asker("a"), tt.query, time.Minute)
				if err != nil || s.Count != tt.users || s.Filtered != tt.filtered || s.Complete() == tt.filtered || !s.Done {
					t.Errorf("%d users, filtered %v, complete %v, %v", s.Count, s.Filtered, s.Complete(), err)
				}
				if c.filters != tt.filters || c.checks != tt.checks || c.calls != tt.calls {
					t.Errorf("%d filters, %d checks, %d pages", c.filters, c.checks, c.calls)
				}
				if tt.filtered && !slices.Equal(ids(s), []string{userID(17_000)}) {
					t.Errorf("found %v", ids(s))
				}
			})
		})
	}
}

// honoured is an API that filters by whole addresses, in any case of letters.
func honoured(c *contract, email string) ([]keys.User, error) {
	return c.some(func(u keys.User) bool { return strings.EqualFold(u.Email, email) }), nil
}

func byCase(c *contract, email string) ([]keys.User, error) {
	return c.some(func(u keys.User) bool { return u.Email == email }), nil
}

func byPart(c *contract, email string) ([]keys.User, error) {
	return c.some(func(u keys.User) bool { return strings.Contains(u.Email, email) }), nil
}

func ignored(c *contract, _ string) ([]keys.User, error) {
	return c.some(func(keys.User) bool { return true }), nil
}

// TestSearchIgnoredFilter is not used again for a while.
func TestSearchIgnoredFilter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(500)
		c.onFilter = ignored
		for i, step := range []struct {
			wait    time.Duration
			filters int
		}{{0, 1}, {time.Second, 0}, {14 * time.Minute, 0}, {time.Minute, 1}, {time.Minute, 0}} {
			wait(step.wait)
			before := c.filters
			s, err := cache.Search(t.Context(), c.asker("a"), "user400@example.com", time.Minute)
			if err != nil || !s.Complete() || s.Count != 500 || c.filters-before != step.filters {
				t.Errorf("step %d: %d users, %d filters, %v", i, s.Count, c.filters-before, err)
			}
		}
	})
}

// TestSearchAbsence: that an address is of no user is said after all users were
// read, each poll of which takes one call.
func TestSearchAbsence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(5000)
		c.onFilter = honoured
		polls := 0
		for {
			s, err := cache.Search(t.Context(), c.asker("a"), "none@example.com", 150*time.Millisecond)
			polls++
			if err != nil || s.Filtered || s.Complete() && s.Count != 5000 {
				t.Fatalf("%d users, filtered %v, %v", s.Count, s.Filtered, err)
			}
			if s.Complete() {
				break
			}
		}
		if polls < 3 || c.filters != polls || c.checks != 0 || c.calls != 57 {
			t.Errorf("%d polls: %d filters, %d checks, %d pages", polls, c.filters, c.checks, c.calls)
		}
	})
}

// TestSearchPermission: the call that filters is made with the asker's own token,
// and its refusal holds also where others have read all users.
func TestSearchPermission(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		refusal error
		refused bool
	}{
		"demoted":     {&keys.Error{Kind: keys.ErrForbidden}, true},
		"signed out":  {&keys.Error{Kind: keys.ErrUnauthorized}, true},
		"unavailable": {&keys.Error{Kind: keys.ErrUnavailable}, true},
		"timeout":     {&keys.Error{Kind: keys.ErrTimeout}, true},
		"throttled":   {&keys.Error{Kind: keys.ErrThrottled, RetryAfter: time.Minute}, false},
	} {
		for state, read := range map[string]bool{"all users read": true, "none read": false} {
			t.Run(name+"/"+state, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					cache, c := directory.NewCache(directory.Config{}), newContract(500)
					if read {
						recent(t, cache, c.asker("a"), time.Minute)
					}
					calls, checks := c.calls, c.checks
					c.onFilter = func(*contract, string) ([]keys.User, error) { return nil, tt.refusal }
					s, err := cache.Search(t.Context(), c.asker("b"), "user1@example.com", time.Minute)
					if len(ids(s)) != 0 || s.Complete() || (err != nil) != tt.refused || tt.refused && !errors.Is(err, tt.refusal) {
						t.Errorf("%d users, %v", len(ids(s)), err)
					}
					if !tt.refused && (s.Wait != time.Minute || s.Done || read && s.Count != 500) {
						t.Errorf("throttled: wait %v, done %v, %d read", s.Wait, s.Done, s.Count)
					}
					if c.calls != calls || c.checks != checks {
						t.Error("more calls follow")
					}
				})
			})
		}
	}
}

// TestSearchThrottled: a reading goes on for a search that the API throttles.
func TestSearchThrottled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, c := directory.NewCache(directory.Config{}), newContract(10_000)
		c.onPage = func(string, int) error { wait(10 * time.Second); return nil }
		c.onFilter = func(*contract, string) ([]keys.User, error) {
			return nil, &keys.Error{Kind: keys.ErrThrottled, RetryAfter: 50 * time.Second}
		}
		recent(t, cache, c.asker("a"), time.Second)
		for range 4 {
			wait(50 * time.Second)
			if s, err := cache.Search(t.Context(), c.asker("a"), "none@example.com", time.Second); err != nil || s.Done || s.Count == 0 {
				t.Fatalf("%d read, %v", s.Count, err)
			}
		}
		if s := recent(t, cache, c.asker("a"), time.Minute); !s.Complete() || s.Count != 10_000 || c.calls != 105 {
			t.Errorf("%d users after %d calls, %v", s.Count, c.calls, s.Err)
		}
	})
}
