package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/secret"
)

// maxReplaceAttempts is above the number of requests that write a session's last
// use at the same time.
const maxReplaceAttempts = 8

// ReplaceToken gives a session another token, and reports whether it did: not when
// the session has ended, nor when its token is not that of s any more. The session
// may come from an earlier request.
func (m *Manager) ReplaceToken(ctx context.Context, s *Session, token secret.Value, id string, expires time.Time) (bool, error) {
	if s.keys == nil {
		return false, errUnloaded
	}
	for range maxReplaceAttempts {
		e, err := m.store.readSealed(ctx, s.id, s.keys)
		switch {
		case errors.Is(err, kv.ErrNotFound):
			return false, nil
		case err != nil:
			return false, fmt.Errorf("session: reading: %w", err)
		case e.session.TokenID != s.TokenID || !e.session.alive(m.now(), m.idle):
			return false, nil
		}
		e.session.Token, e.session.TokenID, e.session.TokenExpires = token, id, expires.UTC().Round(0)
		replaced, err := m.store.swap(ctx, e)
		if err != nil || replaced {
			return replaced, err
		}
	}
	return false, nil
}

// Has reports whether there is a record of a session, whatever its limits.
func (m *Manager) Has(ctx context.Context, id string) (bool, error) {
	_, err := m.backend.Get(ctx, recordKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// CookieIDs returns the ids in a request's session cookies, whether or not there
// are such sessions. An id opens nothing.
func (m *Manager) CookieIDs(r *http.Request) []string {
	var ids []string
	for _, c := range m.store.cookies.readCookies(r, m.store.cookies.name(r)) {
		ids = append(ids, c.id)
	}
	return ids
}
