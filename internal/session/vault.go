package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// maxKept bounds a kept value, in bytes: the vault is for a key pair and for
// what is under way, not for files.
const maxKept = 32 << 10

// kept is a value as it is sealed. Until is inside as well, so that who writes
// to the store cannot make it last.
type kept struct {
	Until time.Time
	Value []byte
}

// Keep keeps a value under a name for ttl, but not longer than the session,
// sealed so that only the session's own cookie opens it. It says until when.
// What was kept under the name before is replaced. If the session has been
// ended, nothing is kept and it is ErrNoSession.
func (m *Manager) Keep(ctx context.Context, s *Session, name string, value []byte, ttl time.Duration) (until time.Time, err error) {
	key, err := vaultKey(s, name)
	if err != nil {
		return time.Time{}, err
	}
	sealed, until, err := m.sealKept(s, key, value, ttl)
	if err != nil {
		return time.Time{}, err
	}
	if err := m.backend.Put(ctx, key, sealed, until); err != nil {
		return time.Time{}, fmt.Errorf("session: keeping a value: %w", err)
	}
	// Another error than this does not matter: the value is kept, and a secret
	// that cannot be had again must not be dropped for want of an answer.
	if err := m.stands(ctx, s); errors.Is(err, ErrNoSession) {
		return time.Time{}, errors.Join(err, m.backend.Delete(context.WithoutCancel(ctx), key))
	}
	return until, nil
}

// Revise changes what is kept under a name, atomically, and keeps it for ttl
// from now: change gets the present value, nil if there is none, and may be
// called again when somebody else has changed it meanwhile. A nil result
// changes nothing. ErrNoSession as with Keep.
func (m *Manager) Revise(ctx context.Context, s *Session, name string, ttl time.Duration, change func(old []byte) []byte) error {
	key, err := vaultKey(s, name)
	if err != nil {
		return err
	}
	for {
		old, sealed, err := m.readKept(ctx, s, key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		value := change(old.Value)
		if value == nil {
			return nil
		}
		if sealed == nil { // the first one: of several at once, one stores it
			var stored bool
			if stored, err = m.keepFirst(ctx, s, key, value, ttl); err != nil || stored {
				return err
			}
			continue
		}
		fresh, until, err := m.sealKept(s, key, value, ttl)
		if err != nil {
			return err
		}
		swapped, err := m.backend.CompareAndSwap(ctx, key, sealed, fresh, until)
		if err != nil {
			return fmt.Errorf("session: revising a value: %w", err)
		}
		if swapped {
			return nil
		}
	}
}

func (m *Manager) keepFirst(ctx context.Context, s *Session, key string, value []byte, ttl time.Duration) (bool, error) {
	sealed, until, err := m.sealKept(s, key, value, ttl)
	if err != nil {
		return false, err
	}
	stored, err := m.backend.PutIfAbsent(ctx, key, sealed, until)
	if err != nil {
		return false, fmt.Errorf("session: keeping a value: %w", err)
	}
	if err := m.stands(ctx, s); errors.Is(err, ErrNoSession) {
		return false, errors.Join(err, m.backend.Delete(context.WithoutCancel(ctx), key))
	}
	return stored, nil
}

// Recall returns a kept value and until when it is kept, or ErrNotFound.
func (m *Manager) Recall(ctx context.Context, s *Session, name string) (value []byte, until time.Time, err error) {
	key, err := vaultKey(s, name)
	if err != nil {
		return nil, time.Time{}, err
	}
	k, _, err := m.readKept(ctx, s, key)
	return k.Value, k.Until, err
}

func (m *Manager) sealKept(s *Session, key string, value []byte, ttl time.Duration) (sealed []byte, until time.Time, err error) {
	if len(value) > maxKept {
		return nil, time.Time{}, fmt.Errorf("session: a value of %d bytes is too large to be kept", len(value))
	}
	until = earlier(m.now().Add(ttl), s.Expires)
	plain, err := json.Marshal(kept{until, value})
	if err != nil {
		return nil, time.Time{}, err
	}
	sealed, err = s.keys.seal(forVault, key, plain)
	return sealed, until, err
}

func (m *Manager) readKept(ctx context.Context, s *Session, key string) (k kept, sealed []byte, err error) {
	sealed, err = m.backend.Get(ctx, key)
	if err != nil {
		return kept{}, nil, fmt.Errorf("session: recalling a value: %w", err)
	}
	plain, err := s.keys.open(forVault, key, sealed)
	if err != nil {
		return kept{}, nil, err
	}
	if err := json.Unmarshal(plain, &k); err != nil {
		return kept{}, nil, errUnsealed
	}
	if !m.now().Before(k.Until) {
		return kept{}, sealed, ErrNotFound
	}
	return k, sealed, nil
}

// Forget drops a kept value; if there is none it is no error.
func (m *Manager) Forget(ctx context.Context, s *Session, name string) error {
	key, err := vaultKey(s, name)
	if err != nil {
		return err
	}
	if err := m.backend.Delete(ctx, key); err != nil {
		return fmt.Errorf("session: forgetting a value: %w", err)
	}
	return nil
}

// vaultKey hides the name, which may say which key a value is for.
func vaultKey(s *Session, name string) (string, error) {
	if s == nil || s.keys == nil {
		return "", errUnloaded
	}
	hidden, err := s.keys.mac(forNames, name, "vault")
	return prefixOf(s.id) + "vault/" + hidden, err
}
