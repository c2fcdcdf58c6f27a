package keybatch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/kv"
	"keydeck/internal/secret"
	"keydeck/internal/session"
)

var errDown = errors.New("store down")

// people are the users that a test may list, unless they are refused.
type people struct {
	keys.Directory
	refused error
}

func (p *people) Users(context.Context, keys.Page) ([]keys.User, error) { return nil, p.refused }

// fixture is batches on a store, and the APIs, in a bubble with its own time.
type fixture struct {
	t       *testing.T
	remote  *keystest.Fake
	people  *people
	store   *kv.Memory
	batches *keybatch.Service
	request keybatch.Request

	mu      sync.Mutex
	audited map[string]int // by "kind key outcome"
	changed map[string]int // by user id
}

// table runs its cases, each on a fixture of its own.
type table map[string]func(t *testing.T, f *fixture)

func (cases table) run(t *testing.T) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, newFixture(t)) })
		})
	}
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{t: t, people: &people{}, store: kv.NewMemory(time.Now), audited: map[string]int{}, changed: map[string]int{}}
	f.remote = &keystest.Fake{Settle: 3 * time.Second, Directory: f.people}
	f.batches, f.request = f.replica()
	return f
}

// replica returns another console on the same store and APIs, with a session of the
// same person.
func (f *fixture) replica() (*keybatch.Service, keybatch.Request) {
	f.t.Helper()
	return f.process(f.store, f.remote)
}

// process is the same on a store and APIs as it reaches them.
func (f *fixture) process(store kv.Store, remote keys.Remote) (*keybatch.Service, keybatch.Request) {
	f.t.Helper()
	sessions, err := session.New(session.Config{Store: f.store, Idle: time.Hour, Max: 12 * time.Hour})
	if err != nil {
		f.t.Fatal(err)
	}
	s := &session.Session{UserID: keystest.FakePerson, Contract: "31415926", Token: secret.New("token")}
	r := httptest.NewRequestWithContext(f.t.Context(), http.MethodGet, "/", nil)
	if err := sessions.Start(httptest.NewRecorder(), r, s); err != nil {
		f.t.Fatal(err)
	}
	changes := keyops.New(keyops.Config{Store: store, Sessions: sessions})
	return keybatch.New(keybatch.Config{Store: store, Changes: changes}), keybatch.Request{
		Session: s, Remote: remote, Keys: keys.NewService(remote, time.Now),
		Audit: func(owner keys.Owner, kind keyops.Kind, accessKey string, err error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.audited[fmt.Sprintf("%s %s of %s: %v", kind, accessKey, owner.Email, err == nil)]++
		},
		Changed: func(userID string) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.changed[userID]++
		},
	}
}

// user is the id of a user.
func user(n int) string { return fmt.Sprintf("33333333-3333-4333-8333-%012d", n) }

// owners adds users with keys and returns them with all of their keys selected.
func (f *fixture) owners(users, each int, lockout bool) []keybatch.Owner {
	owners := make([]keybatch.Owner, users)
	for n := range owners {
		owners[n] = keybatch.Owner{UserID: user(n), Email: fmt.Sprintf("user%d@example.com", n), Lockout: lockout}
		for range each {
			owners[n].Keys = append(owners[n].Keys, keybatch.Item{AccessKey: f.remote.Add(user(n), keys.Key{})})
		}
	}
	return owners
}

// start begins a batch with an id "b".
func (f *fixture) start(kind keyops.Kind, owners []keybatch.Owner) {
	f.t.Helper()
	if started, err := f.batches.Start(f.t.Context(), f.request, "b", keybatch.Batch{Kind: kind, Owners: owners}); err != nil || !started {
		f.t.Fatalf("started %v, %v", started, err)
	}
}

// after returns the batch once some time has passed.
func (f *fixture) after(d time.Duration) keybatch.Batch {
	f.t.Helper()
	<-time.After(d)
	synctest.Wait()
	b, err := f.batches.Load(f.t.Context(), f.request, "b")
	if err != nil {
		f.t.Fatal(err)
	}
	return b
}

// want compares the numbers of keys in each state.
func want(t *testing.T, b keybatch.Batch, waiting, accepted, done, refused, unknown int) {
	t.Helper()
	got := [5]int{
		b.Count(keybatch.Waiting), b.Count(keybatch.Accepted), b.Count(keybatch.Done), b.Count(keybatch.Refused), b.Count(keybatch.Unknown),
	}
	if wanted := [5]int{waiting, accepted, done, refused, unknown}; got != wanted {
		t.Errorf("waiting, accepted, done, refused, unknown: %v, want %v: %+v, %v", got, wanted, b.Owners, b.Err())
	}
}

func (f *fixture) wantCalls(method string, n int) {
	f.t.Helper()
	if got := f.remote.Calls(method); got != n {
		f.t.Errorf("%d calls of %s, want %d", got, method, n)
	}
}

// reason is why the first key was refused.
func reason(b keybatch.Batch) error { return b.Reason(b.Owners[0].Keys[0]) }
