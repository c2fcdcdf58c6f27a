package session_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"keydeck/internal/secret"
	"keydeck/internal/session"
)

// withToken starts a session whose token expires an hour from now.
func withToken(t *testing.T, f fixture, id string) *session.Session {
	t.Helper()
	s := person()
	s.TokenID, s.TokenExpires = id, f.clock.Now().Add(time.Hour)
	start(t, f, s)
	return s
}

// TestSessions: the entry of a session with a token of ours outlives it, as long
// as the token lives, and never counts as a session.
func TestSessions(t *testing.T) {
	f := newFixture(t)
	mine := withToken(t, f, "mine")
	withToken(t, f, "idle")
	other := withToken(t, f, "other")
	want := func(wantLive, wantOver int) []session.Info {
		t.Helper()
		live, over, err := f.Sessions(t.Context(), mine.UserID)
		if err != nil || len(live) != wantLive || len(over) != wantOver {
			t.Fatalf("%d live and %d over, %v; want %d and %d", len(live), len(over), err, wantLive, wantOver)
		}
		if list, err := f.List(t.Context(), mine); err != nil || len(list) != wantLive {
			t.Errorf("%d are listed, %v", len(list), err)
		}
		return over
	}
	want(3, 0)
	if _, err := f.EndOther(t.Context(), mine, other.ID()); err != nil {
		t.Fatal(err)
	}
	if over := want(2, 1); over[0].TokenID != "other" {
		t.Errorf("ended %+v", over)
	}
	if _, err := f.EndOther(t.Context(), mine, other.ID()); err == nil {
		t.Error("ended twice")
	}
	f.clock.Advance(31 * time.Minute)
	over := want(0, 3)
	if err := f.Forget(t.Context(), mine.UserID, over[0].ID, over[1].ID); err != nil {
		t.Fatal(err)
	}
	want(0, 1)
	f.clock.Advance(30 * time.Minute)
	want(0, 0)
}

func TestReplaceToken(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	later := t0.Add(2 * time.Hour)
	replace := func(s *session.Session, want bool) {
		t.Helper()
		if replaced, err := f.ReplaceToken(t.Context(), s, secret.New("other"), "token-2", later); err != nil || replaced != want {
			t.Errorf("replaced %v, %v; want %v", replaced, err, want)
		}
	}
	replace(s, true)
	replace(s, false) // its token is not the session's any more
	loaded, err := load(t, f.Manager, cookie)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Token.Reveal() != "other" || loaded.TokenID != "token-2" || !loaded.TokenExpires.Equal(later) {
		t.Errorf("the session has %s until %v", loaded.TokenID, loaded.TokenExpires)
	}
	if live, _, err := f.Sessions(t.Context(), s.UserID); err != nil || live[0].TokenID != "token-2" {
		t.Errorf("the index has %v, %v", live, err)
	}
	if err := f.End(httptest.NewRecorder(), request(t, cookie)); err != nil {
		t.Fatal(err)
	}
	replace(loaded, false)
	if has, err := f.Has(t.Context(), loaded.ID()); err != nil || has {
		t.Errorf("it was brought back: %v", err)
	}
}
