package session_test

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"keydeck/internal/session"
)

func (f fixture) wantKept(t *testing.T, s *session.Session, name, want string) {
	t.Helper()
	got, _, err := f.Recall(t.Context(), s, name)
	switch {
	case want == "" && !errors.Is(err, session.ErrNotFound):
		t.Errorf("Recall(%q) = %q, %v; want ErrNotFound", name, got, err)
	case want != "" && (err != nil || string(got) != want):
		t.Errorf("Recall(%q) = %q, %v; want %q", name, got, err, want)
	}
}

func (f fixture) mustKeep(t *testing.T, s *session.Session, name, value string, ttl time.Duration) time.Time {
	t.Helper()
	until, err := f.Keep(t.Context(), s, name, []byte(value), ttl)
	if err != nil {
		t.Fatal(err)
	}
	return until
}

func TestAValueIsKeptForItsTime(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	f.wantKept(t, s, "pair", "")
	until := f.mustKeep(t, s, "pair", "secret \x00\xff", 10*time.Minute)
	if !until.Equal(t0.Add(10 * time.Minute)) {
		t.Errorf("until %v", until)
	}
	f.clock.Advance(10*time.Minute - time.Second)
	later, err := load(t, f.Manager, cookie)
	if err != nil {
		t.Fatal(err)
	}
	value, again, err := f.Recall(t.Context(), later, "pair")
	if err != nil || !bytes.Equal(value, []byte("secret \x00\xff")) || !again.Equal(until) {
		t.Errorf("%q until %v, %v", value, again, err)
	}
	f.clock.Advance(time.Second)
	f.wantKept(t, s, "pair", "")
}

func TestAValueIsReplacedAndForgotten(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	other, _ := signIn(t, f.Manager)
	f.mustKeep(t, s, "a", "1", time.Minute)
	f.mustKeep(t, s, "b", "2", time.Minute)
	f.mustKeep(t, s, "a", "3", time.Minute)
	f.mustKeep(t, other, "a", "4", time.Minute)
	for range 2 {
		if err := f.Forget(t.Context(), s, "b"); err != nil {
			t.Error(err)
		}
	}
	f.wantKept(t, s, "a", "3")
	f.wantKept(t, s, "b", "")
	f.wantKept(t, other, "a", "4")
}

func TestAValueIsNotKeptLongerThanItsSession(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	if until := f.mustKeep(t, s, "a", "1", 2*limit); !until.Equal(s.Expires) {
		t.Errorf("until %v", until)
	}
	if err := f.End(httptest.NewRecorder(), request(t, cookie)); err != nil {
		t.Fatal(err)
	}
	// A request that was loaded before the end, and goes on.
	f.wantKept(t, s, "a", "")
	if _, err := f.Keep(t.Context(), s, "b", []byte("2"), time.Minute); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("Keep after End: %v", err)
	}
	if keys := f.store.Keys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	if _, err := f.Keep(t.Context(), s, "a", make([]byte, 32<<10+1), time.Minute); err == nil {
		t.Error("kept too large a value")
	}
	f.mustKeep(t, s, strings.Repeat("long name \x00", 1000), strings.Repeat("v", 32<<10), time.Minute)
	if _, err := f.Keep(t.Context(), person(), "a", nil, time.Minute); err == nil {
		t.Error("kept for a session from nowhere")
	}
	if _, _, err := f.Recall(t.Context(), person(), "a"); err == nil {
		t.Error("recalled for a session from nowhere")
	}
	if err := f.Forget(t.Context(), nil, "a"); err == nil {
		t.Error("forgotten for no session")
	}
	trouble := errors.New("disk on fire")
	f.store.Fail(trouble)
	_, keep := f.Keep(t.Context(), s, "a", nil, time.Minute)
	_, _, recall := f.Recall(t.Context(), s, "a")
	_, _, claim := f.Claim(t.Context(), s, "a")
	_, await := f.Await(t.Context(), s, "a")
	for i, err := range []error{keep, recall, claim, await, f.Forget(t.Context(), s, "a"), f.Finish(t.Context(), s, "a", done("k"))} {
		if !errors.Is(err, trouble) {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// Of many at once, none overwrites what another has added.
func TestAValueIsRevisedAtomically(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	const many = 20
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			err := f.Revise(t.Context(), s, "count", time.Minute, func(old []byte) []byte { return append(bytes.Clone(old), 'x') })
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	f.wantKept(t, s, "count", strings.Repeat("x", many))
	if err := f.Revise(t.Context(), s, "count", time.Minute, func([]byte) []byte { return nil }); err != nil {
		t.Error(err)
	}
	f.wantKept(t, s, "count", strings.Repeat("x", many))
	f.clock.Advance(time.Minute)
	f.wantKept(t, s, "count", "")
}

func TestNothingIsRevisedForASessionThatHasEnded(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	if err := f.End(httptest.NewRecorder(), request(t, cookie)); err != nil {
		t.Fatal(err)
	}
	err := f.Revise(t.Context(), s, "a", time.Minute, func([]byte) []byte { return []byte("1") })
	if !errors.Is(err, session.ErrNoSession) {
		t.Errorf("Revise: %v", err)
	}
	if left := f.store.Keys(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
