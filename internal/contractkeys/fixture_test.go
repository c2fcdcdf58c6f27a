package contractkeys_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// contract is the users of one contract and their keys behind an API.
type contract struct {
	latency time.Duration // of each call

	mu      sync.Mutex
	users   []keys.User
	keys    map[string][]keys.Key // by user id
	calls   int                   // for lists of users and keys
	asked   map[string]int        // for keys, by user id
	running int
	most    int // calls for keys at the same time
	onKeys  func(ctx context.Context, token, userID string) error
	onCheck func(token string) error
}

// newContract has that many users with two keys each, and one who has never had a
// key for each three of them.
func newContract(holders int) *contract {
	c := &contract{latency: 100 * time.Millisecond, keys: map[string][]keys.Key{}, asked: map[string]int{}}
	for n := range holders {
		u := keys.User{ID: userID(n), FirstName: "User", LastName: fmt.Sprintf("%05d", n), Email: fmt.Sprintf("user%d@example.com", n), CanonicalUserID: fmt.Sprintf("%032d", n), Active: true}
		c.users = append(c.users, u)
		for i := range 2 {
			c.keys[u.ID] = append(c.keys[u.ID], keys.Key{
				AccessKey: fmt.Sprintf("%020x", n*10+i), Created: time.Date(2024, 1, 1+n%28, i, 0, 0, 0, time.UTC), Activity: keys.Active,
			})
		}
		if n%3 == 0 {
			c.users = append(c.users, keys.User{ID: userID(100_000 + n), Email: "without@example.com"})
		}
	}
	return c
}

func userID(n int) string { return fmt.Sprintf("00000000-0000-0000-0000-%012d", n) }

// change changes the contract between two calls.
func (c *contract) change(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *contract) asker(token string) contractkeys.Asker {
	return contractkeys.Asker{Contract: "1", Session: token, Remote: remote{contract: c, token: token}}
}

// remote is what the reading needs of the API; other calls panic.
type remote struct {
	keys.Remote
	contract *contract
	token    string
}

// call takes the time of a call.
func (r remote) call(ctx context.Context) error {
	r.contract.change(func() { r.contract.calls++ })
	select {
	case <-time.After(r.contract.latency):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r remote) Users(ctx context.Context, p keys.Page) ([]keys.User, error) {
	if err := r.call(ctx); err != nil {
		return nil, err
	}
	c := r.contract
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.onCheck != nil {
		if err := c.onCheck(r.token); err != nil {
			return nil, err
		}
	}
	from := min(p.Offset, len(c.users))
	page := slices.Clone(c.users[from:min(from+p.Limit, len(c.users))])
	for i, u := range page { // strings of its own, as a decoded answer has
		page[i].ID, page[i].Email, page[i].LastName = strings.Clone(u.ID), strings.Clone(u.Email), strings.Clone(u.LastName)
		page[i].CanonicalUserID, page[i].Groups = strings.Clone(u.CanonicalUserID), []string{strings.Clone(u.ID)}
	}
	return page, nil
}

func (r remote) User(ctx context.Context, id string) (keys.User, error) {
	if err := r.call(ctx); err != nil {
		return keys.User{}, err
	}
	r.contract.mu.Lock()
	defer r.contract.mu.Unlock()
	for _, u := range r.contract.users {
		if u.ID == id {
			return u, nil
		}
	}
	return keys.User{}, &keys.Error{Kind: keys.ErrNotFound}
}

func (r remote) Groups(ctx context.Context) ([]keys.Group, error) { return nil, r.call(ctx) }

func (r remote) Contract(ctx context.Context) (keys.Contract, error) {
	return keys.Contract{Number: "1"}, r.call(ctx)
}

func (r remote) UserKeys(ctx context.Context, id string) ([]keys.Key, error) {
	c := r.contract
	var onKeys func(context.Context, string, string) error
	c.change(func() {
		c.asked[id]++
		c.running++
		c.most = max(c.most, c.running)
		onKeys = c.onKeys
	})
	defer c.change(func() { c.running-- })
	if err := r.call(ctx); err != nil {
		return nil, err
	}
	if onKeys != nil {
		if err := onKeys(ctx, r.token, id); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.ContainsFunc(c.users, func(u keys.User) bool { return u.ID == id }) {
		return nil, &keys.Error{Kind: keys.ErrNotFound}
	}
	return slices.Clone(c.keys[id]), nil
}

func newCache() *contractkeys.Cache {
	return contractkeys.NewCache(contractkeys.Config{Users: directory.NewCache(directory.Config{})})
}

// recent asks for the keys and fails the test if that is refused.
func recent(t *testing.T, cache *contractkeys.Cache, asker contractkeys.Asker, patience time.Duration) contractkeys.Snapshot {
	t.Helper()
	s, err := cache.Recent(t.Context(), asker, time.Time{}, patience)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// follow asks again, as a page does that goes on by itself, until the reading does
// not go on.
func follow(t *testing.T, cache *contractkeys.Cache, asker contractkeys.Asker) contractkeys.Snapshot {
	t.Helper()
	for range 5000 {
		s := recent(t, cache, asker, time.Second)
		if !s.Running && s.Wait == 0 {
			return s
		}
		wait(max(s.Wait, 500*time.Millisecond))
	}
	t.Fatal("the reading does not end")
	return contractkeys.Snapshot{}
}

// count returns how many keys a snapshot holds.
func count(s contractkeys.Snapshot) int {
	n := 0
	for _, e := range s.Entries {
		n += len(e.Keys)
	}
	return n
}

// wait waits in the bubble's time.
func wait(d time.Duration) { <-time.After(d) }
