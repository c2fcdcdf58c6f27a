package session_test

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"keydeck/internal/session"
)

func TestCorrect(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, cookie := signIn(t, f.Manager)
	r, w := request(t, cookie), httptest.NewRecorder()
	s, err := f.Load(w, r)
	if err != nil {
		t.Fatal(err)
	}
	promote := func(s *session.Session) { s.Email, s.Role = "present@keydeck.example", "administrator" }
	if err := f.Correct(w, r, s, promote); err != nil || s.Role != "administrator" {
		t.Errorf("got role %q, %v", s.Role, err)
	}
	later, err := load(t, f.Manager, cookie)
	if err != nil || later.Email != "present@keydeck.example" || later.Role != "administrator" || later.Name != s.Name || !later.Token.Equal(s.Token) {
		t.Errorf("the next request loads %+v, %v", later, err)
	}
	if err := f.End(httptest.NewRecorder(), request(t, cookie)); err != nil {
		t.Fatal(err)
	}
	if err := f.Correct(w, r, s, promote); err != nil {
		t.Errorf("of a session that has ended: %v", err)
	}
	if _, err := load(t, f.Manager, cookie); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("it is back: %v", err)
	}
	if err := f.Correct(w, request(t), s, promote); !errors.Is(err, session.ErrNoSession) {
		t.Errorf("without a cookie: %v", err)
	}
}

func TestEndedElsewhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	mine, here := signIn(t, f.Manager)
	other, there := signIn(t, f.Manager)
	ended, err := f.EndOther(t.Context(), mine, other.ID())
	if err != nil || f.NoteEnded(t.Context(), ended) != nil {
		t.Fatalf("ending it: %v", err)
	}
	if got, err := f.EndedElsewhere(request(t, there)); !got || err != nil {
		t.Errorf("the session that was ended: %v, %v", got, err)
	}
	forged := *there
	forged.Value = "x"
	if got, err := f.EndedElsewhere(request(t, &forged)); got || err != nil {
		t.Errorf("a malformed cookie: %v, %v", got, err)
	}
	if got, err := f.EndedElsewhere(request(t)); got || err != nil {
		t.Errorf("no cookie: %v, %v", got, err)
	}
	if got, err := f.EndedElsewhere(request(t, here)); got || err != nil {
		t.Errorf("the session that ended it: %v, %v", got, err)
	}
	f.clock.Advance(25 * time.Hour)
	if got, err := f.EndedElsewhere(request(t, there)); got || err != nil {
		t.Errorf("after a day: %v, %v", got, err)
	}
	f.store.Fail(errors.New("disk full"))
	if got, err := f.EndedElsewhere(request(t, there)); got || err == nil {
		t.Errorf("without a store: %v, %v", got, err)
	}
}
