package session

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Listed is a session as its person may know it. It comes from a plain record
// beside the sealed one, which only the session's own cookie opens.
type Listed struct {
	ID       string
	Contract string

	// For whoever ends the session to end its token as well.
	TokenID   string
	TokenOurs bool

	Address, Browser           string
	Started, LastUsed, Expires time.Time
}

// mostListed bounds what is looked at. Nobody has so many browsers; who has
// sees those of them that were begun at a random.
const mostListed = 200

// personKey begins the keys of what is kept for a person and not for one of
// their sessions. The user id is hidden, and so may be any text.
func personKey(userID, kind string) string {
	sum := sha256.Sum256([]byte("keydeck 1 person\x00" + userID))
	return "person/" + base32Lower.EncodeToString(sum[:20]) + "/" + kind + "/"
}

func listedKey(userID, id string) string { return personKey(userID, "session") + id }

func listedOf(s *Session) Listed {
	return Listed{
		ID: s.id, Contract: s.Contract, TokenID: s.TokenID, TokenOurs: s.TokenOurs,
		Address: s.Address, Browser: s.Browser, Started: s.Started, LastUsed: s.LastUsed, Expires: s.Expires,
	}
}

// list notes a session for its person's list, or that it was used.
func (s *store) list(ctx context.Context, session *Session) error {
	plain, err := json.Marshal(listedOf(session))
	if err != nil {
		return err
	}
	if err := s.backend.Put(ctx, listedKey(session.UserID, session.id), plain, s.expiry(session)); err != nil {
		return fmt.Errorf("session: listing: %w", err)
	}
	return nil
}

// forget deletes a session with all that belongs to it. What is left when it is
// interrupted is no session any more, or is cleared away by List.
func (s *store) forget(ctx context.Context, userID, id string) error {
	if err := s.backend.DeletePrefix(ctx, prefixOf(id)); err != nil {
		return fmt.Errorf("session: deleting: %w", err)
	}
	if err := s.backend.Delete(ctx, listedKey(userID, id)); err != nil {
		return fmt.Errorf("session: deleting: %w", err)
	}
	return nil
}

// List returns the sessions of a session's person, itself among them: the one
// used last first.
func (m *Manager) List(ctx context.Context, s *Session) ([]Listed, error) {
	records, err := m.backend.List(ctx, personKey(s.UserID, "session"), mostListed)
	if err != nil {
		return nil, fmt.Errorf("session: listing: %w", err)
	}
	var list []Listed
	for _, r := range records {
		var listed Listed
		if json.Unmarshal(r.Value, &listed) != nil || r.Key != listedKey(s.UserID, listed.ID) {
			continue // another version's, or put there by somebody
		}
		_, err := m.backend.Get(ctx, recordKey(listed.ID))
		switch {
		case errors.Is(err, ErrNotFound): // it was ended half-way
			_ = m.backend.Delete(ctx, r.Key)
		case err != nil:
			return nil, fmt.Errorf("session: listing: %w", err)
		default:
			list = append(list, listed)
		}
	}
	slices.SortStableFunc(list, func(a, b Listed) int { return b.LastUsed.Compare(a.LastUsed) })
	return list, nil
}

// EndOther ends a session of the same person, and says which it was.
// ErrNotFound if there is none of this id, or it is somebody else's.
func (m *Manager) EndOther(ctx context.Context, s *Session, id string) (Listed, error) {
	if len(id) != idLetters || !isBase32(id) {
		return Listed{}, ErrNotFound
	}
	plain, err := m.backend.Get(ctx, listedKey(s.UserID, id))
	if err != nil {
		return Listed{}, fmt.Errorf("session: ending: %w", err)
	}
	var listed Listed
	if json.Unmarshal(plain, &listed) != nil || listed.ID != id {
		return Listed{}, ErrNotFound
	}
	return listed, m.store.forget(ctx, s.UserID, id)
}

const (
	// journalLife is how long an entry is kept.
	journalLife = 30 * 24 * time.Hour
	// mostJournaled is how many are kept for a person.
	mostJournaled = 200
)

// Journal keeps an entry for a session's person, who may read it in each of
// their sessions for thirty days. It is not sealed: nothing secret may be in
// it.
func (m *Manager) Journal(ctx context.Context, s *Session, entry []byte) error {
	prefix := personKey(s.UserID, "journal")
	nonce, err := newCredential(m.random)
	if err != nil {
		return fmt.Errorf("session: no randomness: %w", err)
	}
	now := m.now()
	// The newest first.
	key := fmt.Sprintf("%s%015d-%s", prefix, 1e15-now.UnixMilli(), nonce.id)
	if err := m.backend.Put(ctx, key, entry, now.Add(journalLife)); err != nil {
		return fmt.Errorf("session: writing the journal: %w", err)
	}
	// A few at a time: each entry takes along one that is too many.
	records, err := m.backend.List(ctx, prefix, mostJournaled+10)
	if err != nil {
		return fmt.Errorf("session: reading the journal: %w", err)
	}
	for _, r := range records[min(mostJournaled, len(records)):] {
		if err := m.backend.Delete(ctx, r.Key); err != nil {
			return fmt.Errorf("session: clearing the journal: %w", err)
		}
	}
	return nil
}

// Journaled returns the entries of a session's person, the newest first.
func (m *Manager) Journaled(ctx context.Context, s *Session) ([][]byte, error) {
	records, err := m.backend.List(ctx, personKey(s.UserID, "journal"), mostJournaled)
	if err != nil {
		return nil, fmt.Errorf("session: reading the journal: %w", err)
	}
	entries := make([][]byte, len(records))
	for i, r := range records {
		entries[i] = r.Value
	}
	return entries, nil
}
