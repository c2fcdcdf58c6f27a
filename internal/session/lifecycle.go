package session

import (
	"context"
	"errors"
	"net/http"

	"keydeck/internal/kv"

	"github.com/gorilla/sessions"
)

// Start signs a browser in: s gets a new id, times and an absolute limit (the
// earlier of Config.Max from now and s.Expires, if that is set), is stored, and
// its cookie is set on w. Every session that the request's cookies open is ended
// before, with all records that belong to it.
// After an error there is no session and no cookie is set.
func (m *Manager) Start(w http.ResponseWriter, r *http.Request, s *Session) error {
	now := m.now()
	started := *s
	started.Started, started.LastUsed = now, now
	started.Expires = now.Add(m.max)
	started.TokenExpires = s.TokenExpires.UTC().Round(0)
	if !s.Expires.IsZero() {
		started.Expires = earlier(started.Expires, s.Expires.UTC().Round(0))
	}
	if !now.Before(started.Expires) {
		return errors.New("session: it would expire before it starts")
	}
	gs, err := m.of(r)
	if err != nil {
		return err
	}
	if err := m.store.deleteOpen(r.Context(), gs); err != nil {
		return err
	}
	e := &entry{session: started}
	gs.ID, gs.IsNew, gs.Values = "", true, map[any]any{entryKey{}: e, openKey{}: []*entry{e}}
	// Not zero, which means a cookie without an expiry.
	gs.Options.MaxAge = max(1, int(started.Expires.Sub(now).Seconds()))
	if err := m.store.Save(r, w, gs); err != nil {
		clear(gs.Values)
		return err
	}
	*s = e.session
	return nil
}

// Load returns the session of a request, or ErrNoSession; another error is a
// failure of the store. It writes the last use at most once a minute, with a
// compare-and-swap, which does not bring back a session that is ended meanwhile.
// An error of that write is ignored: it costs idle time only, and kv.Store.Ping
// reports a store that cannot be written.
func (m *Manager) Load(w http.ResponseWriter, r *http.Request) (*Session, error) {
	gs, err := m.of(r)
	if err != nil {
		return nil, err
	}
	e, ok := entryOf(gs)
	now := m.now()
	if !ok || !e.session.alive(now, m.idle) {
		return nil, ErrNoSession
	}
	// Abs: after the clock has gone back, idle time counts from the new time.
	if now.Sub(e.session.LastUsed).Abs() >= m.touch {
		e.session.LastUsed = now
		_ = m.store.Save(r, w, gs)
	}
	loaded := e.session
	return &loaded, nil
}

// End signs a browser out: it deletes every session that the request's cookies
// open, with all records that belong to it, and expires the cookie. The cookie must open the session: its id alone
// does not end it. A request without a session is not an error. After an error
// the cookie stays, so that signing out can be repeated.
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

// Exists returns ErrNoSession if the session has been ended since it was loaded.
// It is called after a record has been written for a session, which is then
// deleted again: End may have come before the write.
func (m *Manager) Exists(ctx context.Context, s *Session) error {
	_, err := m.backend.Get(ctx, recordKey(s.id))
	if errors.Is(err, kv.ErrNotFound) {
		return ErrNoSession
	}
	return err
}
