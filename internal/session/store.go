package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"keydeck/internal/kv"

	"github.com/gorilla/sessions"
)

// store implements sessions.Store for the Manager. It reads, writes and deletes
// sealed records and sets cookies; it does not know the limits of a session.
type store struct {
	backend kv.Store
	cookies cookies
	random  io.Reader
	idle    time.Duration
}

var _ sessions.Store = (*store)(nil)

// entry is what the Values of a sessions.Session hold, under entryKey.
type entry struct {
	session Session
	sealed  []byte // the record in the store
}

type entryKey struct{}

// openKey is where the Values hold every entry that the request's cookies open.
type openKey struct{}

func entryOf(gs *sessions.Session) (*entry, bool) {
	e, ok := gs.Values[entryKey{}].(*entry)
	return e, ok
}

// openEntries returns every entry that the request's cookies open.
func openEntries(gs *sessions.Session) []*entry {
	open, _ := gs.Values[openKey{}].([]*entry)
	return open
}

// groupOf returns the group of all records that belong to a session; they are
// deleted with it.
func groupOf(id string) string { return "session/" + id + "/" }

func recordKey(id string) string { return groupOf(id) + "record" }

// Get implements sessions.Store. It reads the record once a request.
func (s *store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New implements sessions.Store. A cookie that opens no record counts as none.
// When two cookies open one each, neither counts: one of them was planted, and
// which one the request does not say. An error is a failure of the store.
func (s *store) New(r *http.Request, name string) (*sessions.Session, error) {
	gs := sessions.NewSession(s, name)
	gs.IsNew = true
	gs.Options = &sessions.Options{
		Path: s.cookies.path, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.cookies.secure(r),
	}
	var open []*entry
	for _, c := range s.cookies.readCookies(r, name) {
		e, err := s.read(r.Context(), c)
		switch {
		case err == nil:
			open = append(open, e)
		case !errors.Is(err, kv.ErrNotFound) && !errors.Is(err, errUnsealed):
			return gs, fmt.Errorf("session: reading: %w", err)
		}
	}
	gs.Values[openKey{}] = open
	if len(open) == 1 {
		gs.ID, gs.IsNew = open[0].session.id, false
		gs.Values[entryKey{}] = open[0]
	}
	return gs, nil
}

func (s *store) read(ctx context.Context, c credential) (*entry, error) {
	keys, err := newKeyring(c)
	if err != nil {
		return nil, err
	}
	return s.readSealed(ctx, c.id, keys)
}

// readSealed reads a session's record and opens it.
func (s *store) readSealed(ctx context.Context, id string, keys *keyring) (*entry, error) {
	sealed, err := s.backend.Get(ctx, recordKey(id))
	if err != nil {
		return nil, err
	}
	plain, err := keys.open(forRecord, recordKey(id), sealed)
	if err != nil {
		return nil, err
	}
	session, err := decodeSession(plain)
	if err != nil {
		return nil, errUnsealed
	}
	session.id, session.keys = id, keys
	return &entry{session: *session, sealed: sealed}, nil
}

// Save implements sessions.Store. A new session gets an id and a cookie; a
// negative MaxAge deletes the session and all records that belong to it;
// otherwise its record is written, unless another request has written or deleted
// it since it was read.
func (s *store) Save(r *http.Request, w http.ResponseWriter, gs *sessions.Session) error {
	e, ok := entryOf(gs)
	switch {
	case gs.Options.MaxAge < 0:
		return s.remove(r.Context(), w, gs)
	case !ok:
		return nil
	case gs.IsNew:
		return s.create(r.Context(), w, gs, e)
	}
	_, err := s.swap(r.Context(), e)
	return err
}

func (s *store) create(ctx context.Context, w http.ResponseWriter, gs *sessions.Session, e *entry) error {
	c, err := newCredential(s.random)
	if err != nil {
		return fmt.Errorf("session: no randomness: %w", err)
	}
	if e.session.keys, err = newKeyring(c); err != nil {
		return err
	}
	e.session.id = c.id
	if e.sealed, err = s.seal(&e.session); err != nil {
		return err
	}
	// The index first: a session that is not in it cannot be ended from another
	// one.
	if err := s.putIndex(ctx, e.session.UserID, infoOf(&e.session)); err != nil {
		return err
	}
	stored, err := s.backend.PutIfAbsent(ctx, recordKey(c.id), e.sealed, s.expiry(&e.session))
	switch {
	case err != nil:
		return fmt.Errorf("session: writing: %w", err)
	case !stored:
		return errors.New("session: the new id is taken")
	}
	gs.ID, gs.IsNew = c.id, false
	http.SetCookie(w, newCookie(gs, c.cookieValue()))
	return nil
}

// swap writes a changed session, and reports whether it did: not if another
// request has written or deleted its record since it was read.
func (s *store) swap(ctx context.Context, e *entry) (bool, error) {
	sealed, err := s.seal(&e.session)
	if err != nil {
		return false, err
	}
	swapped, err := s.backend.CompareAndSwap(ctx, recordKey(e.session.id), e.sealed, sealed, s.expiry(&e.session))
	if err != nil {
		return false, fmt.Errorf("session: writing: %w", err)
	}
	if !swapped {
		return false, nil
	}
	e.sealed = sealed
	return true, s.putIndex(ctx, e.session.UserID, infoOf(&e.session))
}

func (s *store) remove(ctx context.Context, w http.ResponseWriter, gs *sessions.Session) error {
	if err := s.deleteOpen(ctx, gs); err != nil {
		return err
	}
	gs.ID, gs.IsNew = "", true
	clear(gs.Values)
	http.SetCookie(w, newCookie(gs, ""))
	return nil
}

// deleteOpen ends every session that the request's cookies open, so that a planted
// cookie is worth nothing afterwards.
func (s *store) deleteOpen(ctx context.Context, gs *sessions.Session) error {
	for _, e := range openEntries(gs) {
		if err := s.delete(ctx, e.session.UserID, infoOf(&e.session)); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) seal(session *Session) ([]byte, error) {
	plain, err := encodeSession(session)
	if err != nil {
		return nil, err
	}
	return session.keys.seal(forRecord, recordKey(session.id), plain)
}

// expiry is when the session reaches one of its limits if it is not used again.
func (s *store) expiry(session *Session) time.Time {
	return earlier(session.LastUsed.Add(s.idle), session.Expires)
}

// newCookie replaces sessions.NewCookie, which reads the system's clock.
func newCookie(gs *sessions.Session, value string) *http.Cookie {
	return &http.Cookie{
		Name: gs.Name(), Value: value, Path: gs.Options.Path, MaxAge: gs.Options.MaxAge,
		Secure: gs.Options.Secure, HttpOnly: gs.Options.HttpOnly, SameSite: gs.Options.SameSite,
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
