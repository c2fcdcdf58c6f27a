package session_test

import (
	"errors"
	"path/filepath"
	"testing"

	"keydeck/internal/session"
)

// TestANoteOutlivesACrash: whoever carries an operation out leaves a note and
// is no more. The next process knows both.
func TestANoteOutlivesACrash(t *testing.T) {
	f := newFixture(t)
	path := filepath.Join(t.TempDir(), "s.db")
	b := openBolt(t, path, f.clock.Now)
	m := newManager(t, b, f.clock.Now)
	s, cookie := signIn(t, m)
	if _, _, err := m.Claim(t.Context(), s, "id"); err != nil {
		t.Fatal(err)
	}
	if err := m.Note(t.Context(), s, "id", []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := m.Note(t.Context(), s, "id", []byte("note")); err != nil {
		t.Fatal(err)
	}
	if op, err := m.Operation(t.Context(), s, "id"); err != nil || op.CutOff || string(op.Note) != "note" {
		t.Errorf("before: %+v, %v", op, err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	m = newManager(t, openBolt(t, path, f.clock.Now), f.clock.Now)
	if s, err := load(t, m, cookie); err != nil {
		t.Fatal(err)
	} else if op, mine, err := m.Claim(t.Context(), s, "id"); err != nil || mine || !op.CutOff || string(op.Note) != "note" {
		t.Errorf("after: %+v, mine %v, %v", op, mine, err)
	} else if err := m.Finish(t.Context(), s, "id", done("AKIA1")); err != nil {
		t.Error(err)
	} else if op, err := m.Operation(t.Context(), s, "id"); err != nil || op.CutOff || op.Outcome != done("AKIA1") {
		t.Errorf("finished: %+v, %v", op, err)
	}
}

// TestOperationsThatAreShared are never cut off for another process to see: it
// may be carrying them out.
func TestOperationsThatAreShared(t *testing.T) {
	f := newFixture(t)
	s, cookie := signIn(t, f.Manager)
	if _, err := f.Operation(t.Context(), s, "id"); !errors.Is(err, session.ErrNotFound) {
		t.Errorf("not claimed: %v", err)
	}
	if err := f.Note(t.Context(), s, "id", nil); !errors.Is(err, session.ErrNotFound) {
		t.Errorf("a note on nothing: %v", err)
	}
	if _, _, err := f.Claim(t.Context(), s, "id"); err != nil {
		t.Fatal(err)
	}
	other := newManager(t, f.store, f.clock.Now)
	if s, err := load(t, other, cookie); err != nil {
		t.Fatal(err)
	} else if op, err := other.Operation(t.Context(), s, "id"); err != nil || op.CutOff || op.State != session.OpPending {
		t.Errorf("seen from elsewhere: %+v, %v", op, err)
	}
	if err := f.Release(t.Context(), s, "id"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Operation(t.Context(), s, "id"); !errors.Is(err, session.ErrNotFound) {
		t.Errorf("released: %v", err)
	}
}
