package directory_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// sought is the key that the tests search for.
const sought = "00ca413c94eecc56857d"

// search is a search in steps, each of which may be made by another process.
type search struct {
	t        *testing.T
	contract *contract
	cache    *directory.Cache
	query    keys.Query
	cursor   directory.Cursor
}

func newSearch(t *testing.T, c *contract, text string) *search {
	t.Helper()
	query, err := keys.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	return &search{t, c, directory.NewCache(directory.Config{}), query, directory.NewCursor(time.Now())}
}

// step makes one step from the cursor as an address carries it.
func (s *search) step(d time.Duration) (directory.OwnerResult, error) {
	s.t.Helper()
	cursor, ok := directory.ParseCursor(s.cursor.String(), time.Now())
	if !ok {
		s.t.Fatalf("%s is no cursor", s.cursor)
	}
	users, err := s.cache.Since(s.t.Context(), s.contract.asker("a"), cursor.Since, time.Minute)
	if err != nil || !users.Complete() {
		s.t.Fatalf("users: %v, %v", users.Err, err)
	}
	step := directory.OwnerSearch{
		Query: s.query, Users: users, Keys: s.contract.as("a"), Throttle: keys.NewThrottle(nil),
		Deleted: func(id string) { s.cache.Remove("1", id) },
	}
	found, err := step.Step(s.t.Context(), cursor, d)
	s.cursor = found.Cursor
	return found, err
}

func TestStep(t *testing.T) {
	t.Parallel()
	inconclusive := &keys.Error{Kind: keys.ErrUnavailable}
	for name, tt := range map[string]struct {
		query   string
		prepare func(*contract)
		owners  []int // of the matches
		end     bool
		looked  int
		err     error
		listed  int // users whose keys are listed at most
	}{
		"found": {query: sought, prepare: func(c *contract) { c.keys[userID(17)] = []string{"other", sought} }, owners: []int{17}, end: true, looked: 16, listed: 24},
		"those with keys first": {query: sought, prepare: func(c *contract) {
			c.users[29].CanonicalUserID, c.keys[userID(29)] = "canonical", []string{sought}
		}, owners: []int{29}, end: true, listed: 8},
		"not found":            {query: sought, end: true, looked: 30, listed: 30},
		"deleted user":         {query: sought, prepare: func(c *contract) { c.onKeys = only(3, &keys.Error{Kind: keys.ErrNotFound}) }, end: true, looked: 30, listed: 30},
		"no privilege":         {query: sought, prepare: func(c *contract) { c.onKeys = only(3, &keys.Error{Kind: keys.ErrNoPrivilege}) }, end: true, looked: 30, listed: 30},
		"one cannot be listed": {query: sought, prepare: func(c *contract) { c.onKeys = only(9, inconclusive) }, looked: 8, err: inconclusive, listed: 16},
		"found beside one that cannot be listed": {query: sought, prepare: func(c *contract) {
			c.onKeys, c.keys[userID(10)] = only(9, inconclusive), []string{sought}
		}, owners: []int{10}, end: true, looked: 8, listed: 16},
		"part, beside one that cannot be listed": {query: sought[:8], prepare: func(c *contract) {
			c.onKeys, c.keys[userID(10)] = only(9, inconclusive), []string{sought}
		}, owners: []int{10}, looked: 8, err: inconclusive, listed: 16},
		"part of several keys": {query: sought[:8], prepare: func(c *contract) {
			c.keys[userID(2)], c.keys[userID(3)], c.keys[userID(20)] = []string{sought}, []string{sought[:8] + "ffff"}, []string{sought}
		}, owners: []int{2, 3}, looked: 8, listed: 8},
		"rate limit": {query: sought, prepare: func(c *contract) {
			c.onKeys = func(ctx context.Context, _ string) error { keys.ThrottleFrom(ctx).Observe(5); return nil }
		}, looked: 8, listed: 8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newContract(30)
				if tt.prepare != nil {
					tt.prepare(c)
				}
				found, err := newSearch(t, c, tt.query).step(time.Hour)
				var owners []int
				for _, m := range found.Matches {
					owners = append(owners, slices.IndexFunc(c.users, func(u keys.User) bool { return u.ID == m.User.ID }))
				}
				if !slices.Equal(owners, tt.owners) || found.End != tt.end || found.Cursor.Looked != tt.looked || found.Cursor.Total != 30 {
					t.Errorf("owners %v, end %v, %d of %d users looked at", owners, found.End, found.Cursor.Looked, found.Cursor.Total)
				}
				if !errors.Is(err, tt.err) || len(c.listings) > tt.listed {
					t.Errorf("error %v after the keys of %d users", err, len(c.listings))
				}
			})
		})
	}
}

// only fails for one user.
func only(n int, err error) func(context.Context, string) error {
	return func(_ context.Context, id string) error {
		if id == userID(n) {
			return err
		}
		return nil
	}
}

func TestStepByStep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newContract(50)
		c.keys[userID(12)], c.keys[userID(44)] = []string{sought}, []string{sought}
		s := newSearch(t, c, sought[:10])
		var owners []string
		for {
			found, err := s.step(time.Nanosecond)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range found.Matches {
				owners = append(owners, m.User.ID)
			}
			if found.End {
				break
			}
		}
		slices.Sort(c.listings)
		if want := []string{userID(12), userID(44)}; !slices.Equal(owners, want) || len(c.listings) != 50 || len(slices.Compact(c.listings)) != 50 {
			t.Errorf("owners %v; the keys of %d users were listed", owners, len(c.listings))
		}
	})
}

// TestStepNeverMissesTheHolder: between two steps users are deleted, added and
// given their first key, the order of the API changes, and the cached users are
// outdated or lost; the search still finds a key that it was begun for.
func TestStepNeverMissesTheHolder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 0))
				c := newContract(60)
				random.Shuffle(60, func(i, j int) { c.users[i], c.users[j] = c.users[j], c.users[i] })
				for i := range c.users {
					if random.IntN(2) == 0 {
						c.users[i].CanonicalUserID = "canonical"
					}
				}
				holder := c.users[random.IntN(60)].ID
				c.keys[holder] = []string{sought}
				s := newSearch(t, c, sought)
				for next := 1000; ; next++ {
					found, err := s.step(time.Nanosecond)
					if err != nil {
						t.Fatal(err)
					}
					if len(found.Matches) == 1 && found.Matches[0].User.ID == holder {
						return
					}
					if found.End {
						t.Fatalf("%s is not found; the search says that all of %d users were looked at", holder, found.Cursor.Total)
					}
					disturb(c, random, holder, next)
					switch random.IntN(3) {
					case 0:
						s.cache = directory.NewCache(directory.Config{}) // of another replica
					case 1:
						wait(3 * time.Minute)
					}
				}
			})
		})
	}
}

func disturb(c *contract, random *rand.Rand, holder string, next int) {
	c.change(func() {
		c.users = slices.DeleteFunc(c.users, func(u keys.User) bool { return u.ID != holder && random.IntN(20) == 0 })
		c.users = append(c.users, user(next))
		at := random.IntN(len(c.users))
		if c.users[at].ID != holder {
			c.users[at].CanonicalUserID = "canonical"
		}
		random.Shuffle(len(c.users), func(i, j int) { c.users[i], c.users[j] = c.users[j], c.users[i] })
	})
}

func TestParseCursor(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_700_000_000_000)
	valid := directory.NewCursor(now)
	valid.Looked, valid.Total = 3, 12
	for name, tt := range map[string]struct {
		text string
		ok   bool
	}{
		"beginning":       {valid.String(), true},
		"after a user":    {"1699999999000.8.12.1." + userID(7), true},
		"empty":           {"", false},
		"index":           {"3", false},
		"negative":        {"1700000000000.-3.12.0.", false},
		"no number":       {"1700000000000.x.12.0.", false},
		"unknown phase":   {"1700000000000.3.12.2.", false},
		"no user id":      {"1700000000000.3.12.0.<b>", false},
		"fields too many": {"1700000000000.3.12.0.." + userID(7), false},
		"hours ago":       {"1690000000000.3.12.0.", false},
		"in the future":   {"1800000000000.3.12.0.", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := directory.ParseCursor(tt.text, now)
			if ok != tt.ok || ok && got.String() != tt.text {
				t.Errorf("%q, %v", got, ok)
			}
		})
	}
}
