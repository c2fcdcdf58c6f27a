package session_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"keydeck/internal/session"
)

func done(key string) session.Outcome {
	return session.Outcome{State: session.OpDone, AccessKey: key}
}

func (f fixture) wantClaim(t *testing.T, s *session.Session, id string, want bool, state session.OpState) session.Operation {
	t.Helper()
	op, mine, err := f.Claim(t.Context(), s, id)
	if err != nil || mine != want || op.State != state {
		t.Errorf("Claim = %+v, %v, %v; want %v, %v", op, mine, err, state, want)
	}
	return op
}

func (f fixture) wantFinish(t *testing.T, s *session.Session, id string, o session.Outcome) {
	t.Helper()
	if err := f.Finish(t.Context(), s, id, o); err != nil {
		t.Errorf("Finish(%v): %v", o, err)
	}
}

func TestAnOperationIsClaimedOnce(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	other, _ := signIn(t, f.Manager)
	f.wantClaim(t, s, "id", true, session.OpPending)
	f.clock.Advance(time.Second)
	if op := f.wantClaim(t, s, "id", false, session.OpPending); !op.Claimed.Equal(t0) {
		t.Errorf("claimed at %v", op.Claimed)
	}
	f.wantClaim(t, s, "another id", true, session.OpPending)
	f.wantClaim(t, other, "id", true, session.OpPending)
	f.wantFinish(t, s, "id", session.Outcome{State: session.OpDone, AccessKey: "AKIA1", Message: "Made."})
	op := f.wantClaim(t, s, "id", false, session.OpDone)
	if op.AccessKey != "AKIA1" || op.Message != "Made." || !op.Claimed.Equal(t0) {
		t.Errorf("%+v", op)
	}
	f.wantClaim(t, other, "id", false, session.OpPending)
}

func TestWhatIsKnownOfAnOperationOnlyGrows(t *testing.T) {
	states := []session.OpState{session.OpUnclear, session.OpFailed, session.OpDone}
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	for i, first := range states {
		for j, second := range states {
			id := fmt.Sprint(i, j)
			f.wantClaim(t, s, id, true, session.OpPending)
			f.wantFinish(t, s, id, session.Outcome{State: first, AccessKey: "first"})
			f.wantFinish(t, s, id, session.Outcome{State: second, AccessKey: "second"})
			op := f.wantClaim(t, s, id, false, states[max(i, j)])
			if grew := op.AccessKey == "second"; grew != (j > i) {
				t.Errorf("%v then %v: %+v", first, second, op)
			}
		}
	}
	for _, state := range []session.OpState{"", "released", "pending", "nonsense"} {
		if err := f.Finish(t.Context(), s, "00", session.Outcome{State: state}); err == nil {
			t.Errorf("finished as %q", state)
		}
	}
}

func TestARelease(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	f.wantClaim(t, s, "id", true, session.OpPending)
	if err := f.Release(t.Context(), s, "id"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Await(t.Context(), s, "id"); !errors.Is(err, session.ErrNotFound) {
		t.Errorf("Await after Release: %v", err)
	}
	f.clock.Advance(time.Second)
	if op := f.wantClaim(t, s, "id", true, session.OpPending); !op.Claimed.Equal(t0.Add(time.Second)) {
		t.Errorf("claimed at %v", op.Claimed)
	}
	f.wantFinish(t, s, "id", done("AKIA1"))
	if err := f.Release(t.Context(), s, "id"); err != nil {
		t.Fatal(err)
	}
	f.wantClaim(t, s, "id", false, session.OpDone)
}

func TestOperationsThatAreNotThere(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	finish := func() error { return f.Finish(t.Context(), s, "id", done("AKIA1")) }
	for i := range 2 {
		if err := finish(); !errors.Is(err, session.ErrNotFound) {
			t.Errorf("Finish: %v", err)
		}
		if err := f.Release(t.Context(), s, "id"); !errors.Is(err, session.ErrNotFound) {
			t.Errorf("Release: %v", err)
		}
		if i == 0 { // then again, with the session gone while it was carried out
			f.wantClaim(t, s, "id", true, session.OpPending)
			if err := f.End(httptest.NewRecorder(), request(t, cookie)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, _, err := f.Claim(t.Context(), s, "id"); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("Claim after End: %v", err)
	}
	if keys := f.store.Keys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	if _, _, err := f.Claim(t.Context(), person(), "id"); err == nil {
		t.Error("claimed for a session from nowhere")
	}
}

// An operation must be remembered for as long as its request id is good.
func TestAnOperationOutlivesItsRequestID(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	id := f.IssueRequestID(s, "generate")
	f.wantClaim(t, s, id, true, session.OpPending)
	f.wantFinish(t, s, id, done("AKIA1"))
	minutes := 0
	for ; f.CheckRequestID(s, "generate", id) == nil; minutes++ {
		f.wantClaim(t, s, id, false, session.OpDone)
		f.clock.Advance(time.Minute)
		wantSession(t, f.Manager, cookie, true)
	}
	if minutes != 60 {
		t.Errorf("the id was good for %d minutes", minutes)
	}
}

func TestLongMessagesAreCut(t *testing.T) {
	f := newFixture(t)
	s, _ := signIn(t, f.Manager)
	f.wantClaim(t, s, "id", true, session.OpPending)
	f.wantFinish(t, s, "id", session.Outcome{State: session.OpFailed, Message: "x" + strings.Repeat("é", 4000)})
	op := f.wantClaim(t, s, "id", false, session.OpFailed)
	if len(op.Message) != 999 || strings.Trim(op.Message, "xé") != "" {
		t.Errorf("%d bytes: %q", len(op.Message), op.Message)
	}
}
