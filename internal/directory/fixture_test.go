package directory_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

// latency is how long each call of the fake API takes.
const latency = 100 * time.Millisecond

// contract is the users of one contract behind an API.
type contract struct {
	mu       sync.Mutex
	users    []keys.User
	keys     map[string][]string // access keys by user id
	calls    int                 // for pages of users
	checks   int                 // for a single user
	filters  int                 // for the users with an e-mail address
	running  int
	most     int                                            // of pages at the same time
	onPage   func(token string, offset int) error           // before a page is returned
	onCheck  func(token string) error                       // before a single user is returned
	onKeys   func(ctx context.Context, userID string) error // before keys are returned
	onFilter func(c *contract, email string) ([]keys.User, error)
	listings []string // ids of the users whose keys were listed
}

// newContract has users with the ids "0" and on, in the API's order.
func newContract(users int) *contract {
	c := &contract{keys: map[string][]string{}}
	for n := range users {
		c.users = append(c.users, user(n))
	}
	return c
}

func user(n int) keys.User {
	return keys.User{ID: userID(n), Email: fmt.Sprintf("user%d@example.com", n)}
}

func userID(n int) string { return fmt.Sprintf("00000000-0000-0000-0000-%012d", n) }

// change changes the contract between two calls.
func (c *contract) change(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *contract) delete(n int) {
	c.change(func() {
		c.users = slices.DeleteFunc(c.users, func(u keys.User) bool { return u.ID == userID(n) })
	})
}

// as is the API as the bearer of a token sees it.
func (c *contract) as(token string) remote { return remote{contract: c, token: token} }

// asker asks about contract 1.
func (c *contract) asker(session string) directory.Asker {
	return directory.Asker{Contract: "1", Session: session, Remote: c.as(session)}
}

// remote is what the cache and the search need of the API; other calls panic.
type remote struct {
	keys.Directory
	contract *contract
	token    string
}

func (r remote) Users(ctx context.Context, p keys.Page) ([]keys.User, error) {
	c, single := r.contract, p.Limit == 1
	c.mu.Lock()
	onPage, onCheck := c.onPage, c.onCheck
	if single {
		c.checks++
	} else {
		c.calls++
		c.running++
		c.most = max(c.most, c.running)
		defer func() { c.mu.Lock(); c.running--; c.mu.Unlock() }()
	}
	c.mu.Unlock()
	select {
	case <-time.After(latency):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if single && onCheck != nil {
		return nil, onCheck(r.token)
	}
	if !single && onPage != nil {
		if err := onPage(r.token, p.Offset); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	from := min(p.Offset, len(c.users))
	return slices.Clone(c.users[from:min(from+p.Limit, len(c.users))]), nil
}

// UsersByEmail returns a page of two, as filtered by the contract.
func (r remote) UsersByEmail(_ context.Context, email string) ([]keys.User, error) {
	r.contract.mu.Lock()
	r.contract.filters++
	r.contract.mu.Unlock()
	wait(latency)
	found, err := r.contract.onFilter(r.contract, email)
	return found[:min(len(found), 2)], err
}

// some returns some of the users.
func (c *contract) some(are func(keys.User) bool) []keys.User {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.users), func(u keys.User) bool { return !are(u) })
}

func (r remote) UserKeys(ctx context.Context, id string) ([]keys.Key, error) {
	c := r.contract
	c.mu.Lock()
	c.listings = append(c.listings, id)
	onKeys := c.onKeys
	c.mu.Unlock()
	time.Sleep(latency) //nolint:forbidigo // the bubble's time
	if onKeys != nil {
		if err := onKeys(ctx, id); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.ContainsFunc(c.users, func(u keys.User) bool { return u.ID == id }) {
		return nil, &keys.Error{Kind: keys.ErrNotFound}
	}
	var list []keys.Key
	for _, accessKey := range c.keys[id] {
		list = append(list, keys.Key{AccessKey: accessKey})
	}
	return list, nil
}

// recent asks for the users and fails the test if that is refused.
func recent(t *testing.T, cache *directory.Cache, asker directory.Asker, patience time.Duration) directory.Snapshot {
	t.Helper()
	s, err := cache.Recent(t.Context(), asker, patience)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ids of the users of a snapshot, in its order.
func ids(s directory.Snapshot) []string {
	var list []string
	for u := range s.All() {
		list = append(list, u.ID)
	}
	return list
}

// wait waits in the bubble's time.
func wait(d time.Duration) { <-time.After(d) }
