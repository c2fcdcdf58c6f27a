package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/session"
)

func TestList(t *testing.T) {
	f := newFixture(t)
	first, firstCookie := signIn(t, f.Manager)
	f.clock.Advance(10 * time.Minute)
	second, _ := signIn(t, f.Manager)
	stranger := person()
	stranger.UserID = "33333333-3333-4333-8333-333333333333"
	start(t, f, stranger)

	want := func(ids ...string) []session.Info {
		t.Helper()
		list, err := f.List(t.Context(), second)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range list {
			got = append(got, l.ID)
		}
		if strings.Join(got, " ") != strings.Join(ids, " ") {
			t.Fatalf("listed %v, want %v", got, ids)
		}
		return list
	}
	list := want(second.ID(), first.ID())
	if l := list[1]; l.Contract != "31415926" || l.TokenID != "token-1" || !l.TokenOurs || !l.Started.Equal(t0) || !l.LastUsed.Equal(t0) {
		t.Errorf("the first is listed as %+v", l)
	}
	f.clock.Advance(15 * time.Minute)
	wantSession(t, f.Manager, firstCookie, true)
	if list := want(first.ID(), second.ID()); !list[0].LastUsed.Equal(f.clock.Now()) {
		t.Errorf("the first was used at %v", list[0].LastUsed)
	}
	f.clock.Advance(20 * time.Minute) // the second was idle for too long
	want(first.ID())
}

func start(t *testing.T, f fixture, s *session.Session) {
	t.Helper()
	w := httptest.NewRecorder()
	if err := f.Start(w, request(t), s); err != nil {
		t.Fatal(err)
	}
}

func TestEndOther(t *testing.T) {
	f := newFixture(t)
	mine, _ := signIn(t, f.Manager)
	other, otherCookie := signIn(t, f.Manager)
	stranger := person()
	stranger.UserID = "33333333-3333-4333-8333-333333333333"
	start(t, f, stranger)

	for name, id := range map[string]string{
		"of another person": stranger.ID(), "unknown": strings.Repeat("a", 32), "empty": "", "a path": "../" + other.ID()[3:],
		"with a suffix": other.ID() + "/record", "in capitals": strings.ToUpper(other.ID()),
	} {
		if _, err := f.EndOther(t.Context(), mine, id); !errors.Is(err, kv.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantSession(t, f.Manager, otherCookie, true)
	ended, err := f.EndOther(t.Context(), mine, other.ID())
	if err != nil || ended.TokenID != "token-1" || !ended.TokenOurs {
		t.Fatalf("ended %+v, %v", ended, err)
	}
	wantSession(t, f.Manager, otherCookie, false)
	for _, key := range f.store.Keys() {
		if strings.Contains(key, other.ID()) {
			t.Errorf("left behind: %s", key)
		}
	}
	if _, err := f.EndOther(t.Context(), mine, other.ID()); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
}

// An entry in the index that was written from outside does not stand for another
// session.
func TestEndOtherForgedEntry(t *testing.T) {
	f := newFixture(t)
	mine, _ := signIn(t, f.Manager)
	other, otherCookie := signIn(t, f.Manager)
	var mineAt, otherAt string
	for _, key := range f.store.Keys() {
		switch {
		case strings.HasPrefix(key, "person/") && strings.HasSuffix(key, mine.ID()):
			mineAt = key
		case strings.HasPrefix(key, "person/"):
			otherAt = key
		}
	}
	theirs, err := f.store.Get(t.Context(), otherAt)
	if err != nil {
		t.Fatal(err)
	}
	for _, planted := range [][]byte{theirs, []byte("{}"), []byte("garbage"), nil} {
		put(t, f, mineAt, planted)
		if _, err := f.EndOther(t.Context(), other, mine.ID()); !errors.Is(err, kv.ErrNotFound) {
			t.Errorf("%.20q: %v", planted, err)
		}
		if list, err := f.List(t.Context(), other); err != nil || len(list) != 1 {
			t.Errorf("%.20q: listed %v, %v", planted, list, err)
		}
	}
	wantSession(t, f.Manager, otherCookie, true)
}

// A session that has been deleted in part is not listed, and its entry is removed
// once it is older than a start can take.
func TestListDeletedInPart(t *testing.T) {
	f := newFixture(t)
	mine, _ := signIn(t, f.Manager)
	other, _ := signIn(t, f.Manager)
	if err := f.store.DeleteGroup(t.Context(), "session/"+other.ID()+"/"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{3, 2} { // records
		if list, err := f.List(t.Context(), mine); err != nil || len(list) != 1 {
			t.Errorf("listed %v, %v", list, err)
		}
		if got := len(f.store.Keys()); got != want {
			t.Errorf("%d records are left, want %d", got, want)
		}
		f.clock.Advance(2 * time.Minute)
	}
}

// TestEndOthers ends more sessions than one call of the store lists.
func TestEndOthers(t *testing.T) {
	f := newFixture(t)
	mine, cookie := signIn(t, f.Manager)
	stranger := person()
	stranger.UserID = "33333333-3333-4333-8333-333333333333"
	start(t, f, stranger)
	const many = 660
	for range many {
		start(t, f, person())
	}
	if list, err := f.List(t.Context(), mine); err != nil || len(list) != many+1 {
		t.Fatalf("%d sessions are listed, %v", len(list), err)
	}
	ended, err := f.EndOthers(t.Context(), mine)
	if err != nil || len(ended) != many || ended[0].TokenID != "token-1" {
		t.Errorf("%d sessions ended, %v", len(ended), err)
	}
	for _, info := range ended {
		if info.ID == mine.ID() || info.ID == stranger.ID() {
			t.Errorf("%s ended", info.ID)
		}
	}
	if keys := f.store.Keys(); len(keys) != 4 { // two sessions and their entries
		t.Errorf("left in the store: %q", keys)
	}
	wantSession(t, f.Manager, cookie, true)
}

// slow is a store that takes its time to delete a group, and fails for one.
type slow struct {
	*kv.Memory
	takes    time.Duration
	fails    string
	inFlight atomic.Int64
	most     atomic.Int64
}

var errSlow = errors.New("the group cannot be deleted")

func (s *slow) DeleteGroup(ctx context.Context, group string) error {
	s.most.Store(max(s.most.Load(), s.inFlight.Add(1)))
	defer s.inFlight.Add(-1)
	<-time.After(s.takes)
	if s.fails != "" && strings.Contains(group, s.fails) {
		return errSlow
	}
	return s.Memory.DeleteGroup(ctx, group)
}

// With a store of 10 ms a call, 260 sessions end in 170 ms, sixteen at a time; a
// session that cannot be ended does not keep the others.
func TestEndOthersConcurrent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		store := &slow{Memory: f.store, takes: 10 * time.Millisecond}
		m := newManager(t, store, f.clock.Now)
		mine, _ := signIn(t, m)
		failing, _ := signIn(t, m)
		store.fails = failing.ID()
		for range 259 {
			signIn(t, m)
		}
		began := time.Now()
		ended, err := m.EndOthers(t.Context(), mine)
		if took := time.Since(began); took != 170*time.Millisecond || store.most.Load() != 16 {
			t.Errorf("it took %v, with %d calls at a time", took, store.most.Load())
		}
		if !errors.Is(err, errSlow) || len(ended) != 259 {
			t.Errorf("%d sessions ended, %v", len(ended), err)
		}
		if list, err := m.List(t.Context(), mine); err != nil || len(list) != 2 {
			t.Errorf("%d sessions are left, %v", len(list), err)
		}
		f.store.Fail(errSlow)
		if ended, err := m.EndOthers(t.Context(), mine); !errors.Is(err, errSlow) || len(ended) > 0 {
			t.Errorf("without a store: %v, %v", ended, err)
		}
	})
}

// The index is stored in plain, and holds neither token nor name.
func TestListSecrets(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	list, err := f.List(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(cookie.Value, ".")
	for _, hidden := range []string{canary[:12], secret, s.Email, s.UserID} {
		if strings.Contains(string(plain), hidden) {
			t.Errorf("%.10q is in the list", hidden)
		}
	}
}
