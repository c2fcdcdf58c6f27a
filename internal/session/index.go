package session

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"keydeck/internal/kv"
	"keydeck/internal/parallel"
)

// Info describes a session to its person. It is stored in plain, in an
// index of the person's sessions, since the sealed record opens with the
// session's own cookie only.
type Info struct {
	ID       string
	Contract string

	TokenID      string // of the token to revoke when the session is ended
	TokenOurs    bool   // see Session.TokenOurs
	TokenExpires time.Time
	// TokenContract: the contract that calls with the token name, or "".
	TokenContract string

	Address, Browser           string
	Started, LastUsed, Expires time.Time

	// Ended: the session was ended, and its token may be left to revoke.
	Ended bool `json:",omitempty"`
}

// over reports whether the session has ended or reached one of its limits.
func (i Info) over(now time.Time, idle time.Duration) bool {
	return i.Ended || !now.Before(i.Expires) || now.Sub(i.LastUsed) >= idle
}

const (
	indexPage = 200 // sessions read by one call of the store
	// indexConcurrency bounds the concurrent calls for a person's sessions.
	indexConcurrency = 16
	// startTimeout is longer than Start takes between the entry in the index
	// and the record of a session.
	startTimeout = time.Minute
)

// hashUserID hides a user id in keys of the store, and makes them of any text.
func hashUserID(userID string) string {
	sum := sha256.Sum256([]byte("keydeck 1 person\x00" + userID))
	return base32Lower.EncodeToString(sum[:20])
}

func indexPrefix(userID string) string { return "person/" + hashUserID(userID) + "/session/" }

func indexKey(userID, id string) string { return indexPrefix(userID) + id }

func infoOf(s *Session) Info {
	named := ""
	if s.ContractNamed {
		named = s.Contract
	}
	return Info{
		TokenContract: named,
		ID:            s.id, Contract: s.Contract, TokenID: s.TokenID, TokenOurs: s.TokenOurs, TokenExpires: s.TokenExpires,
		Address: s.Address, Browser: s.Browser, Started: s.Started, LastUsed: s.LastUsed, Expires: s.Expires,
	}
}

// putIndex writes a session's entry in the index. It outlives the session if its
// token does, which is then left to revoke: see Manager.Sessions.
func (s *store) putIndex(ctx context.Context, userID string, info Info) error {
	plain, err := json.Marshal(info)
	if err != nil {
		return err
	}
	expires := earlier(info.LastUsed.Add(s.idle), info.Expires)
	if info.TokenOurs && info.TokenExpires.After(expires) {
		expires = info.TokenExpires
	}
	if err := s.backend.Put(ctx, indexKey(userID, info.ID), plain, expires); err != nil {
		return fmt.Errorf("session: writing the index: %w", err)
	}
	return nil
}

// delete ends a session: it deletes all records that belong to it, and closes its
// entry in the index. If it fails in between, the session has ended, and List
// closes the entry.
func (s *store) delete(ctx context.Context, userID string, info Info) error {
	if err := s.deleteRecords(ctx, info.ID); err != nil {
		return err
	}
	return s.closeIndex(ctx, userID, info)
}

// closeIndex marks the entry of a session that has ended, or deletes it if there
// is no token to revoke.
func (s *store) closeIndex(ctx context.Context, userID string, info Info) error {
	if !info.TokenOurs || info.TokenID == "" || info.TokenExpires.IsZero() {
		return s.deleteIndex(ctx, indexKey(userID, info.ID))
	}
	info.Ended = true
	return s.putIndex(ctx, userID, info)
}

func (s *store) deleteRecords(ctx context.Context, id string) error {
	if err := s.backend.DeleteGroup(ctx, groupOf(id)); err != nil {
		return fmt.Errorf("session: deleting: %w", err)
	}
	return nil
}

func (s *store) deleteIndex(ctx context.Context, keys ...string) error {
	if err := s.backend.Delete(ctx, keys...); err != nil {
		return fmt.Errorf("session: deleting from the index: %w", err)
	}
	return nil
}

// List returns all sessions of a session's person, itself among them: the last
// used one first.
func (m *Manager) List(ctx context.Context, s *Session) ([]Info, error) {
	indexed, _, err := m.Sessions(ctx, s.UserID)
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(indexed))
	parallel.Each(indexed, indexConcurrency, func(i int, info Info) {
		_, errs[i] = m.backend.Get(ctx, recordKey(info.ID))
	})
	var list []Info
	for i, info := range indexed {
		switch {
		case errs[i] == nil:
			list = append(list, info)
		case !errors.Is(errs[i], kv.ErrNotFound):
			return nil, fmt.Errorf("session: listing: %w", errs[i])
		case m.now().Sub(info.Started) > startTimeout: // deleted in part
			_ = m.store.closeIndex(ctx, s.UserID, info) // else the next List does it
		}
	}
	slices.SortStableFunc(list, func(a, b Info) int { return b.LastUsed.Compare(a.LastUsed) })
	return list, nil
}

// Sessions returns the entries of a person's sessions: of those within their
// limits, a few of which may have ended all the same, and of those that have ended
// or reached a limit and whose tokens may be left to revoke. It reads the index
// alone.
func (m *Manager) Sessions(ctx context.Context, userID string) (live, over []Info, err error) {
	indexed, err := m.readIndex(ctx, userID)
	if err != nil {
		return nil, nil, err
	}
	now := m.now()
	for _, info := range indexed {
		if info.over(now, m.idle) {
			over = append(over, info)
		} else {
			live = append(live, info)
		}
	}
	return live, over, nil
}

// Forget deletes the entries of sessions that have ended, once their tokens are
// revoked.
func (m *Manager) Forget(ctx context.Context, userID string, ids ...string) error {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = indexKey(userID, id)
	}
	return m.store.deleteIndex(ctx, keys...)
}

// readIndex returns the entries of a person's sessions.
func (m *Manager) readIndex(ctx context.Context, userID string) (list []Info, err error) {
	for after := ""; ; {
		page, err := m.backend.List(ctx, indexPrefix(userID), after, indexPage)
		if err != nil {
			return nil, fmt.Errorf("session: reading the index: %w", err)
		}
		for _, r := range page {
			if info, err := decodeInfo(r.Value); err == nil && r.Key == indexKey(userID, info.ID) {
				list = append(list, info)
			}
		}
		if len(page) < indexPage {
			return list, nil
		}
		after = page[len(page)-1].Key
	}
}

func decodeInfo(plain []byte) (info Info, err error) {
	err = json.Unmarshal(plain, &info)
	return info, err
}

// EndOther ends a session of the same person and returns its description. It
// returns kv.ErrNotFound if the person has no session of this id.
func (m *Manager) EndOther(ctx context.Context, s *Session, id string) (Info, error) {
	if len(id) != idLetters || !isBase32(id) {
		return Info{}, kv.ErrNotFound
	}
	plain, err := m.backend.Get(ctx, indexKey(s.UserID, id))
	if err != nil {
		return Info{}, fmt.Errorf("session: ending: %w", err)
	}
	info, err := decodeInfo(plain)
	if err != nil || info.ID != id || info.over(m.now(), m.idle) {
		return Info{}, kv.ErrNotFound
	}
	return info, m.store.delete(ctx, s.UserID, info)
}

// EndOthers ends all sessions of a session's person but the session itself, and
// returns those that it has ended, with an error as well: their tokens are left
// to revoke. A session that starts during the call may go on.
func (m *Manager) EndOthers(ctx context.Context, s *Session) (ended []Info, err error) {
	others, _, err := m.Sessions(ctx, s.UserID)
	if err != nil {
		return nil, err
	}
	others = slices.DeleteFunc(others, func(info Info) bool { return info.ID == s.id })
	errs := make([]error, len(others))
	parallel.Each(others, indexConcurrency, func(i int, info Info) {
		errs[i] = m.store.delete(ctx, s.UserID, info)
	})
	for i, info := range others {
		if errs[i] == nil {
			ended = append(ended, info)
		}
	}
	return ended, cmp.Or(errs...)
}
