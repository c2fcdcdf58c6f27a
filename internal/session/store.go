package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
)

// store is the gorilla/sessions.Store under the Manager. It reads, writes and
// deletes sealed records and sets cookies; whether a session is still within
// its limits is the Manager's to say.
type store struct {
	backend Backend
	cookies cookies
	random  io.Reader
	idle    time.Duration
}

var _ sessions.Store = (*store)(nil)

// heldKey is where a gorilla session's Values hold our own, as *held.
type heldKey struct{}

type held struct {
	session Session
	sealed  []byte // the record as the store has it
}

func holding(gs *sessions.Session) (*held, bool) {
	h, ok := gs.Values[heldKey{}].(*held)
	return h, ok
}

// recordKey and prefixOf: all that belongs to a session begins with prefixOf,
// so that it can be deleted with it.
func recordKey(id string) string { return prefixOf(id) + "record" }

func prefixOf(id string) string { return "session/" + id + "/" }

// Get implements sessions.Store: the record is read once a request.
func (s *store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New implements sessions.Store. A cookie that opens no record is like no
// cookie; an error means that the store is in trouble.
func (s *store) New(r *http.Request, name string) (*sessions.Session, error) {
	gs := sessions.NewSession(s, name)
	gs.IsNew = true
	gs.Options = &sessions.Options{
		Path: s.cookies.path, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.cookies.secure(r),
	}
	c, ok := s.cookies.presented(r, name)
	if !ok {
		return gs, nil
	}
	h, err := s.read(r.Context(), c)
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, errUnsealed):
		return gs, nil
	case err != nil:
		return gs, fmt.Errorf("session: reading: %w", err)
	}
	gs.ID, gs.IsNew = c.id, false
	gs.Values[heldKey{}] = h
	return gs, nil
}

func (s *store) read(ctx context.Context, c credential) (*held, error) {
	sealed, err := s.backend.Get(ctx, recordKey(c.id))
	if err != nil {
		return nil, err
	}
	keys, err := newKeyring(c)
	if err != nil {
		return nil, err
	}
	plain, err := keys.open(forRecord, recordKey(c.id), sealed)
	if err != nil {
		return nil, err
	}
	session, err := decodeSession(plain)
	if err != nil {
		return nil, errUnsealed
	}
	session.id, session.keys = c.id, keys
	return &held{session: *session, sealed: sealed}, nil
}

// Save implements sessions.Store. A new session gets an id and a cookie; a
// negative MaxAge deletes it with all that belongs to it; otherwise what
// changed is written, unless somebody else wrote or deleted it first.
func (s *store) Save(r *http.Request, w http.ResponseWriter, gs *sessions.Session) error {
	h, ok := holding(gs)
	switch {
	case gs.Options.MaxAge < 0:
		return s.remove(r.Context(), w, gs)
	case !ok:
		return nil
	case gs.IsNew:
		return s.create(r.Context(), w, gs, h)
	}
	return s.change(r.Context(), h)
}

func (s *store) create(ctx context.Context, w http.ResponseWriter, gs *sessions.Session, h *held) error {
	c, err := newCredential(s.random)
	if err != nil {
		return fmt.Errorf("session: no randomness: %w", err)
	}
	if h.session.keys, err = newKeyring(c); err != nil {
		return err
	}
	h.session.id = c.id
	if h.sealed, err = s.seal(&h.session); err != nil {
		return err
	}
	// Listed first: a session that could not be listed could not be ended from
	// elsewhere.
	if err := s.list(ctx, &h.session); err != nil {
		return err
	}
	stored, err := s.backend.PutIfAbsent(ctx, recordKey(c.id), h.sealed, s.expiry(&h.session))
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

func (s *store) change(ctx context.Context, h *held) error {
	sealed, err := s.seal(&h.session)
	if err != nil {
		return err
	}
	swapped, err := s.backend.CompareAndSwap(ctx, recordKey(h.session.id), h.sealed, sealed, s.expiry(&h.session))
	if err != nil {
		return fmt.Errorf("session: writing: %w", err)
	}
	if !swapped {
		return nil
	}
	h.sealed = sealed
	return s.list(ctx, &h.session)
}

func (s *store) remove(ctx context.Context, w http.ResponseWriter, gs *sessions.Session) error {
	if h, ok := holding(gs); ok {
		if err := s.forget(ctx, h.session.UserID, gs.ID); err != nil {
			return err
		}
	}
	gs.ID, gs.IsNew = "", true
	delete(gs.Values, heldKey{})
	http.SetCookie(w, newCookie(gs, ""))
	return nil
}

func (s *store) seal(session *Session) ([]byte, error) {
	plain, err := encodeSession(session)
	if err != nil {
		return nil, err
	}
	return session.keys.seal(forRecord, recordKey(session.id), plain)
}

// expiry lets the backend forget the record when nobody may use it any more.
func (s *store) expiry(session *Session) time.Time {
	return earlier(session.LastUsed.Add(s.idle), session.Expires)
}

// newCookie is our own and not gorilla's, which reads the clock by itself.
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
