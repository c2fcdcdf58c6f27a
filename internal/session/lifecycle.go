package session

import (
	"context"
	"errors"
	"net/http"

	"github.com/gorilla/sessions"
)

// Start signs a browser in: s gets a new id, times and an absolute limit (the
// earlier of Config.Max from now and s.Expires, if that is set), is stored,
// and its cookie is set on w. A session that the request came with is deleted
// before, with all that belongs to it; a caller that owns its token loads it
// first. After an error nobody is signed in and no cookie is set.
func (m *Manager) Start(w http.ResponseWriter, r *http.Request, s *Session) error {
	now := m.now()
	started := *s
	started.Started, started.LastUsed = now, now
	started.Expires = now.Add(m.max)
	if !s.Expires.IsZero() {
		started.Expires = earlier(started.Expires, s.Expires.UTC().Round(0))
	}
	if !now.Before(started.Expires) {
		return errors.New("session: it would have run out before it starts")
	}
	gs, err := m.of(r)
	if err != nil {
		return err
	}
	if before, ok := holding(gs); ok {
		if err := m.store.forget(r.Context(), before.session.UserID, gs.ID); err != nil {
			return err
		}
	}
	h := &held{session: started}
	gs.ID, gs.IsNew, gs.Values = "", true, map[any]any{heldKey{}: h}
	// Not zero, which would be a cookie without an end.
	gs.Options.MaxAge = max(1, int(started.Expires.Sub(now).Seconds()))
	if err := m.store.Save(r, w, gs); err != nil {
		delete(gs.Values, heldKey{})
		return err
	}
	*s = h.session
	return nil
}

// Load returns the session of a request, or ErrNoSession; another error means
// that the store is in trouble. It writes the last use at most once a minute,
// and then with a compare-and-swap, which cannot bring a session back that
// ends at the same moment. If that write fails the session is returned all the
// same: it costs idle time, and Backend.Ping is there to tell of a store that
// cannot be written.
func (m *Manager) Load(w http.ResponseWriter, r *http.Request) (*Session, error) {
	gs, err := m.of(r)
	if err != nil {
		return nil, err
	}
	h, ok := holding(gs)
	now := m.now()
	if !ok || !h.session.alive(now, m.idle) {
		return nil, ErrNoSession
	}
	// Also when the clock went back, so that the idle time counts from now.
	if now.Sub(h.session.LastUsed).Abs() >= m.touch {
		h.session.LastUsed = now
		_ = m.store.Save(r, w, gs)
	}
	loaded := h.session
	return &loaded, nil
}

// End signs a browser out: it deletes the session's record, its operations and
// its vault, and has the browser forget the cookie. Only who can open a
// session can end it. Without a session it is no error; after one the cookie
// is kept, so that signing out can be tried again.
func (m *Manager) End(w http.ResponseWriter, r *http.Request) error {
	gs, err := m.of(r)
	if err != nil {
		return err
	}
	gs.Options.MaxAge = -1
	return m.store.Save(r, w, gs)
}

func (m *Manager) of(r *http.Request) (*sessions.Session, error) {
	return m.store.Get(r, m.store.cookies.name(r))
}

// stands returns ErrNoSession if the session has been ended since it was
// loaded. Who writes a record for a session asks afterwards, and takes the
// record away again: End may have been faster.
func (m *Manager) stands(ctx context.Context, s *Session) error {
	_, err := m.backend.Get(ctx, recordKey(s.id))
	if errors.Is(err, ErrNotFound) {
		return ErrNoSession
	}
	return err
}
