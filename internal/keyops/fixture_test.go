package keyops_test

import (
	"errors"
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
	"keydeck/internal/secret"
	"keydeck/internal/session"
)

const managedID = "33333333-3333-4333-8333-333333333333"

var (
	own     = keys.Owner{UserID: keystest.FakePerson, Contract: "31415926"}
	managed = keys.Owner{UserID: managedID, Contract: "31415926", Managed: true}
)

// fixture is a service on a store, and the APIs, in a bubble with its own time.
type fixture struct {
	t        *testing.T
	remote   *keystest.Fake
	store    *store
	sessions *session.Manager
	ops      *keyops.Service
	me       keyops.Request // by the person, about their own keys

	keysOfStore func() []string

	mu      sync.Mutex
	audited []audited
}

type audited struct {
	kind      keyops.Kind
	accessKey string
	outcome   string // done, refused or unclear
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
	f := &fixture{t: t, remote: &keystest.Fake{Settle: 3 * time.Second}}
	memory := kv.NewMemory(time.Now)
	f.store, f.keysOfStore = &store{Store: memory, epoch: "first"}, memory.Keys
	f.ops = f.open("first")
	f.me = f.signIn(own)
	return f
}

// open returns a service as another process has it, or the same one after it was
// started again.
func (f *fixture) open(epoch string) *keyops.Service {
	f.t.Helper()
	f.store.epoch = epoch
	sessions, err := session.New(session.Config{Store: f.store, Idle: time.Hour, Max: 12 * time.Hour})
	if err != nil {
		f.t.Fatal(err)
	}
	f.sessions = sessions
	return keyops.New(keyops.Config{Store: f.store, Sessions: sessions})
}

// signIn starts a session of the person and returns a request in it, about an
// owner's keys.
func (f *fixture) signIn(owner keys.Owner) keyops.Request {
	f.t.Helper()
	s := &session.Session{UserID: keystest.FakePerson, Contract: own.Contract, Token: secret.New("token")}
	r := httptest.NewRequestWithContext(f.t.Context(), http.MethodGet, "/", nil)
	if err := f.sessions.Start(httptest.NewRecorder(), r, s); err != nil {
		f.t.Fatal(err)
	}
	return f.about(keyops.Request{Session: s}, owner)
}

// about is a request of the same session about another owner's keys.
func (f *fixture) about(r keyops.Request, owner keys.Owner) keyops.Request {
	r.Owner, r.Remote, r.Keys = owner, f.remote, keys.NewService(f.remote, time.Now)
	r.Audit = func(kind keyops.Kind, accessKey string, err error) {
		outcome := "done"
		switch {
		case keys.Indeterminate(err):
			outcome = "unclear"
		case err != nil:
			outcome = "refused"
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.audited = append(f.audited, audited{kind, accessKey, outcome})
	}
	return r
}

func (f *fixture) endSession(r keyops.Request) {
	f.t.Helper()
	if err := f.store.DeleteGroup(f.t.Context(), "session/"+r.Session.ID()+"/"); err != nil {
		f.t.Fatal(err)
	}
}

// wantAudit compares what was audited since the last call.
func (f *fixture) wantAudit(want ...audited) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Equal(f.audited, want) {
		f.t.Errorf("audited %v, want %v", f.audited, want)
	}
	f.audited = nil
}

// wantDone checks a result: the key that there must be, or any with "".
func wantDone(t *testing.T, result keyops.Result, err error, accessKey string) {
	t.Helper()
	if err != nil || result.AccessKey == "" || accessKey != "" && result.AccessKey != accessKey {
		t.Errorf("got %+v, %v; want key %q", result, err, accessKey)
	}
}

// wantError checks that err is each of the errors and, if not, that it is not
// indeterminate.
func wantError(t *testing.T, err error, indeterminate bool, want ...error) {
	t.Helper()
	for _, w := range want {
		if !errors.Is(err, w) {
			t.Errorf("got %v, want %v", err, w)
		}
	}
	if err == nil || keys.Indeterminate(err) != indeterminate {
		t.Errorf("got %v, want indeterminate %v", err, indeterminate)
	}
}

func (f *fixture) wantKeys(owner keys.Owner, n int) {
	f.t.Helper()
	if got := f.remote.Keys(owner.UserID); len(got) != n {
		f.t.Errorf("there are %d keys (%v), want %d", len(got), got, n)
	}
}

func (f *fixture) wantCalls(method string, n int) {
	f.t.Helper()
	if got := f.remote.Calls(method); got != n {
		f.t.Errorf("%d calls of %s, want %d", got, method, n)
	}
}

// pass lets time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
