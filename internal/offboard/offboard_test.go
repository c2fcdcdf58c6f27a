package offboard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/keys/keystest"
	"keydeck/internal/kv"
	"keydeck/internal/kv/kvtest"
	"keydeck/internal/offboard"
	"keydeck/internal/secret"
	"keydeck/internal/session"
)

const (
	leaver   = "33333333-3333-4333-8333-000000000001"
	group    = "44444444-4444-4444-8444-000000000001"
	contract = "31415926"
	keysEach = 3
	lag      = 2 * time.Second // until what an API has accepted is seen
)

// people is one user with a group, as the Cloud API has them. What is asked for is seen
// after a lag.
type people struct {
	keys.Directory

	mu       sync.Mutex
	left     time.Time // when the user was asked to be taken out of the group; zero if not
	ended    time.Time // when the account was asked to be deactivated; zero if not
	removals int
	puts     int
	refuse   map[string]error // by method
}

func seen(asked time.Time) bool { return !asked.IsZero() && time.Since(asked) >= lag }

func (p *people) User(context.Context, string) (keys.User, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return keys.User{ID: leaver, FirstName: "A", LastName: "B", Email: "a@example.com", Active: !seen(p.ended)}, p.refuse["User"]
}

func (p *people) UserGroups(context.Context, string) ([]keys.Group, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if seen(p.left) {
		return nil, nil
	}
	return []keys.Group{{ID: group, Name: "Storage", UseObjectStorage: true}}, nil
}

func (p *people) RemoveMember(context.Context, string, string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.refuse["RemoveMember"]; err != nil {
		return err
	}
	p.removals++
	p.left = time.Now()
	return nil
}

func (p *people) SetUserActive(_ context.Context, u keys.User, active bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.refuse["SetUserActive"]; err != nil {
		return err
	}
	if u.FirstName == "" || u.LastName == "" || u.Email == "" || active {
		return &keys.Error{Kind: keys.ErrRejected}
	}
	p.puts++
	p.ended = time.Now()
	return nil
}

// fixture is a user who leaves, in a bubble with its own time.
type fixture struct {
	t      *testing.T
	remote *keystest.Fake
	people *people
	store  *kv.Memory
	steps  []offboard.Step

	mu      sync.Mutex
	audited []string
}

func newFixture(t *testing.T, kind offboard.Kind) *fixture {
	t.Helper()
	f := &fixture{t: t, people: &people{refuse: map[string]error{}}, store: kv.NewMemory(time.Now)}
	f.remote = &keystest.Fake{Settle: lag, Directory: f.people}
	for range keysEach {
		f.steps = append(f.steps, offboard.Step{Kind: kind, ID: f.remote.Add(leaver, keys.Key{})})
	}
	f.steps = append(f.steps, offboard.Step{Kind: offboard.LeaveGroup, ID: group, Name: "Storage"}, offboard.Step{Kind: offboard.DeactivateAccount, ID: leaver})
	return f
}

// process is a console with some power, and a request of the same person to it.
func (f *fixture) process(p *kvtest.Power) (*offboard.Service, offboard.Request) {
	f.t.Helper()
	sessions, err := session.New(session.Config{Store: f.store, Idle: time.Hour, Max: 12 * time.Hour})
	if err != nil {
		f.t.Fatal(err)
	}
	s := &session.Session{UserID: keystest.FakePerson, Contract: contract, Token: secret.New("token")}
	r := httptest.NewRequestWithContext(f.t.Context(), http.MethodGet, "/", nil)
	if err := sessions.Start(httptest.NewRecorder(), r, s); err != nil {
		f.t.Fatal(err)
	}
	store, remote := p.Store(f.store), keystest.Powered{Remote: f.remote, Use: p.Use}
	changes := keyops.New(keyops.Config{Store: store, Sessions: sessions})
	return offboard.New(offboard.Config{Store: store, Changes: changes}), offboard.Request{
		Session: s, Remote: remote, Keys: keys.NewService(remote, time.Now), ID: "r",
		Audit: func(step offboard.Step, err error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.audited = append(f.audited, fmt.Sprintf("%s %v", step.Kind, err == nil))
		},
		Changed: func() {},
	}
}

func (f *fixture) start(s *offboard.Service, r offboard.Request) {
	_, _ = s.Start(f.t.Context(), r, "id", offboard.Record{Of: offboard.Person{ID: leaver, Email: "a@example.com"}, Steps: f.steps})
}

// load returns the record, which has to be true.
func (f *fixture) load() (offboard.Record, bool) {
	f.t.Helper()
	s, _ := f.process(&kvtest.Power{Left: 1 << 30})
	record, err := s.Load(f.t.Context(), contract, leaver, "id")
	if errors.Is(err, offboard.ErrNotFound) {
		return record, false
	}
	if err != nil {
		f.t.Fatal(err)
	}
	for _, step := range record.Steps {
		if is := f.is(step); step.State == offboard.Done && !is || step.State == offboard.Failed && is {
			f.t.Errorf("the record says of %s %s that it is %q", step.Kind, step.ID, step.State)
		}
	}
	return record, true
}

// is reports whether a step has been carried out.
func (f *fixture) is(step offboard.Step) bool {
	list, err := f.remote.UserKeys(context.Background(), leaver)
	if err != nil {
		f.t.Fatal(err)
	}
	f.people.mu.Lock()
	defer f.people.mu.Unlock()
	i := slices.IndexFunc(list, func(k keys.Key) bool { return k.AccessKey == step.ID })
	switch step.Kind {
	case offboard.DeactivateKey:
		return i < 0 || list[i].Activity == keys.Inactive
	case offboard.DeleteKey:
		return i < 0
	case offboard.LeaveGroup:
		return seen(f.people.left)
	default:
		return seen(f.people.ended)
	}
}

func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// TestKilled kills the process after each thing that it does, with the answer to the last
// one lost or not, and has another one go on: everything is done in the end, nothing
// twice, and the record is true at any time.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, kind := range []offboard.Kind{offboard.DeactivateKey, offboard.DeleteKey} {
		for _, lost := range []bool{false, true} {
			runs := 0
			for at, died := 1, true; died && at < 200; at++ {
				synctest.Test(t, func(t *testing.T) {
					f := newFixture(t, kind)
					p := &kvtest.Power{Left: at, Lost: lost}
					s, r := f.process(p)
					f.start(s, r)
					for range 30 {
						pass(3 * time.Second)
						f.load()
					}
					died = p.Out()
					f.finish(at)
				})
				runs++
			}
			t.Logf("%s, answer lost %v: %d runs", kind, lost, runs)
			if runs < 20 {
				t.Error("the process was killed too seldom")
			}
		}
	}
}

// finish has other processes go on until everything is done.
func (f *fixture) finish(at int) {
	f.t.Helper()
	if _, begun := f.load(); !begun {
		s, r := f.process(&kvtest.Power{Left: 1 << 30}) // the person sends the form again
		f.start(s, r)
		pass(5 * time.Minute)
	}
	for range 3 {
		s, r := f.process(&kvtest.Power{Left: 1 << 30})
		if err := s.Resume(f.t.Context(), r, leaver, "id"); err != nil {
			f.t.Fatal(err)
		}
		pass(5 * time.Minute)
	}
	record, _ := f.load()
	if !record.Finished() || record.Running {
		f.t.Errorf("killed at %d: in the end there is %+v", at, record)
	}
	if f.people.removals != 1 || f.people.puts != 1 {
		f.t.Errorf("killed at %d: the group was left %d times, the account deactivated %d times", at, f.people.removals, f.people.puts)
	}
	if n := f.remote.Calls("SetUserKeyActive") + f.remote.Calls("DeleteUserKey"); n != keysEach {
		f.t.Errorf("killed at %d: keys were changed %d times", at, n)
	}
}

// TestRefused: a refused key keeps group and account waiting, a refused group keeps
// nothing waiting; trying again does what is left.
func TestRefused(t *testing.T) {
	t.Parallel()
	forbidden := &keys.Error{Kind: keys.ErrForbidden, Message: "no"}
	for name, tt := range map[string]struct {
		refuse func(*fixture)
		allow  func(*fixture)
		done   int
		failed int
	}{
		"a key": {func(f *fixture) { f.remote.FailAll("SetUserKeyActive", keystest.Fault{Err: forbidden}) },
			func(f *fixture) { f.remote.Heal() }, 0, keysEach},
		"the group":   {func(f *fixture) { f.people.refuse["RemoveMember"] = forbidden }, func(f *fixture) { f.people.refuse = nil }, keysEach + 1, 1},
		"the account": {func(f *fixture) { f.people.refuse["SetUserActive"] = forbidden }, func(f *fixture) { f.people.refuse = nil }, keysEach + 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, offboard.DeactivateKey)
				tt.refuse(f)
				s, r := f.process(&kvtest.Power{Left: 1 << 30})
				f.start(s, r)
				pass(5 * time.Minute)
				record, _ := f.load()
				if record.Running || record.Count(offboard.Done) != tt.done || record.Count(offboard.Failed) != tt.failed {
					t.Fatalf("there is %+v", record)
				}
				for _, step := range record.Steps {
					if step.State == offboard.Failed && !errors.Is(step.Reason(), keys.ErrForbidden) {
						t.Errorf("%s failed because of %v", step.Kind, step.Reason())
					}
				}
				tt.allow(f)
				if err := s.Resume(t.Context(), r, leaver, "id"); err != nil {
					t.Fatal(err)
				}
				pass(5 * time.Minute)
				if record, _ := f.load(); !record.Finished() {
					t.Errorf("in the end there is %+v", record)
				}
			})
		})
	}
}

// TestTokenEnds: the run stops, says why, and goes on with another token.
func TestTokenEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, offboard.DeactivateKey)
		f.people.refuse["SetUserActive"] = &keys.Error{Kind: keys.ErrUnauthorized}
		s, r := f.process(&kvtest.Power{Left: 1 << 30})
		f.start(s, r)
		pass(5 * time.Minute)
		record, _ := f.load()
		if !errors.Is(record.Err(), keys.ErrUnauthorized) || record.Count(offboard.Done) != keysEach+1 || record.Count(offboard.Waiting) != 1 {
			t.Fatalf("there is %+v", record)
		}
		f.people.refuse = nil
		if err := s.Resume(t.Context(), r, leaver, "id"); err != nil {
			t.Fatal(err)
		}
		pass(5 * time.Minute)
		if record, _ := f.load(); !record.Finished() || record.Err() != nil {
			t.Errorf("in the end there is %+v", record)
		}
	})
}
