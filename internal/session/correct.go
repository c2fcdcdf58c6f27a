package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"keydeck/internal/kv"
)

// Correct changes what a session holds of its person, who may get another name,
// e-mail address or role while signed in. correct is applied to s, which Load has
// returned for the request, and to what is stored. Another request that writes
// the session at the same time wins; then the next Correct stores it.
func (m *Manager) Correct(w http.ResponseWriter, r *http.Request, s *Session, correct func(*Session)) error {
	correct(s)
	gs, err := m.of(r)
	if err != nil {
		return err
	}
	e, ok := entryOf(gs)
	if !ok || e.session.id != s.id {
		return ErrNoSession
	}
	correct(&e.session)
	return m.store.Save(r, w, gs)
}

// noteTTL bounds how long it is known that a session was ended from another one.
const noteTTL = 24 * time.Hour

func noteKey(id string) string { return "ended/" + id }

// NoteEnded records that a session was ended from another one, so that its browser
// can see why. The record outlives the session's records by a day at most.
func (m *Manager) NoteEnded(ctx context.Context, ended Info) error {
	if err := m.backend.Put(ctx, noteKey(ended.ID), []byte("1"), m.now().Add(noteTTL)); err != nil {
		return fmt.Errorf("session: noting an end: %w", err)
	}
	return nil
}

// EndedElsewhere reports whether the session that a request's cookie names was
// ended from another one.
func (m *Manager) EndedElsewhere(r *http.Request) (bool, error) {
	cookie, err := r.Cookie(m.store.cookies.name(r))
	if err != nil {
		return false, nil // no cookie
	}
	c, ok := parseCookie(cookie.Value)
	if !ok {
		return false, nil
	}
	_, err = m.backend.Get(r.Context(), noteKey(c.id))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Idle returns how long a session may be unused before it ends.
func (m *Manager) Idle() time.Duration { return m.idle }

// Max returns the absolute limit of sessions.
func (m *Manager) Max() time.Duration { return m.max }
