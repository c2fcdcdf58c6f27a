package session_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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

	want := func(ids ...string) []session.Listed {
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
		"somebody else's": stranger.ID(), "nobody's": strings.Repeat("a", 32), "none": "", "a path": "../" + other.ID()[3:],
		"with more behind it": other.ID() + "/record", "in capitals": strings.ToUpper(other.ID()),
	} {
		if _, err := f.EndOther(t.Context(), mine, id); !errors.Is(err, session.ErrNotFound) {
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
	if _, err := f.EndOther(t.Context(), mine, other.ID()); !errors.Is(err, session.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
}

// Whoever can write to the store cannot have one line of the list stand for
// another session.
func TestALineOfTheListIsItsOwn(t *testing.T) {
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
		if _, err := f.EndOther(t.Context(), other, mine.ID()); !errors.Is(err, session.ErrNotFound) {
			t.Errorf("%.20q: %v", planted, err)
		}
		if list, err := f.List(t.Context(), other); err != nil || len(list) != 1 {
			t.Errorf("%.20q: listed %v, %v", planted, list, err)
		}
	}
	wantSession(t, f.Manager, otherCookie, true)
}

// A session that was ended half-way is none, and is not listed for long.
func TestWhatWasEndedHalfway(t *testing.T) {
	f := newFixture(t)
	mine, _ := signIn(t, f.Manager)
	other, _ := signIn(t, f.Manager)
	if err := f.store.DeletePrefix(t.Context(), "session/"+other.ID()+"/"); err != nil {
		t.Fatal(err)
	}
	before := len(f.store.Keys())
	if list, err := f.List(t.Context(), mine); err != nil || len(list) != 1 {
		t.Errorf("listed %v, %v", list, err)
	}
	if after := len(f.store.Keys()); after != before-1 {
		t.Errorf("%d records, then %d", before, after)
	}
}

func TestJournal(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	stranger := person()
	stranger.UserID = "33333333-3333-4333-8333-333333333333"
	start(t, f, stranger)
	for i := range 250 {
		f.clock.Advance(time.Second)
		if err := f.Journal(t.Context(), s, fmt.Appendf(nil, "%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := f.Journaled(t.Context(), s)
	if err != nil || len(entries) != 200 || string(entries[0]) != "249" || string(entries[199]) != "50" {
		t.Errorf("%d entries, %v: %s", len(entries), err, entries)
	}
	kept := 0
	for _, key := range f.store.Keys() {
		if strings.Contains(key, "/journal/") {
			kept++
		}
	}
	if kept != 200 {
		t.Errorf("%d are kept, want 200", kept)
	}
	if entries, err := f.Journaled(t.Context(), stranger); err != nil || len(entries) > 0 {
		t.Errorf("a stranger reads %q, %v", entries, err)
	}
	f.clock.Advance(30 * 24 * time.Hour)
	if entries, err := f.Journaled(t.Context(), s); err != nil || len(entries) > 0 {
		t.Errorf("after thirty days: %q, %v", entries, err)
	}
}

// The list is plain, and holds neither token nor name.
func TestTheListHoldsNoSecret(t *testing.T) {
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
