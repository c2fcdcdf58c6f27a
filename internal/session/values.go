package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"keydeck/internal/kv"
)

// maxValue bounds a value, in bytes: values are for a key pair, not for files.
const maxValue = 32 << 10

// Values keeps values for a short while, sealed so that only the session's own
// cookie opens them.
type Values struct {
	manager *Manager
	session *Session
}

// Values returns the sealed values of a session.
func (m *Manager) Values(s *Session) Values { return Values{m, s} }

// sealedValue is a value as it is sealed. Until is inside as well, so that who
// writes to the store cannot make it last.
type sealedValue struct {
	Until time.Time
	Value []byte
}

// Set keeps a value under a name for ttl, but not longer than the session, and
// returns until when. It replaces an earlier value of the name. ErrNoSession, and
// nothing is kept, if the session has ended.
func (v Values) Set(ctx context.Context, name string, value []byte, ttl time.Duration) (until time.Time, err error) {
	key, err := v.key(name)
	if err != nil {
		return time.Time{}, err
	}
	if len(value) > maxValue {
		return time.Time{}, fmt.Errorf("session: a value of %d bytes is too large", len(value))
	}
	until = earlier(v.manager.now().Add(ttl), v.session.Expires)
	plain, err := json.Marshal(sealedValue{until, value})
	if err != nil {
		return time.Time{}, err
	}
	sealed, err := v.session.keys.seal(forValues, key, plain)
	if err != nil {
		return time.Time{}, err
	}
	if err := v.manager.backend.Put(ctx, key, sealed, until); err != nil {
		return time.Time{}, fmt.Errorf("session: writing a value: %w", err)
	}
	// Another error than this does not matter: the value is kept, and a secret that
	// cannot be had again must not be dropped for want of an answer.
	if err := v.manager.Exists(ctx, v.session); errors.Is(err, ErrNoSession) {
		return time.Time{}, errors.Join(err, v.manager.backend.Delete(context.WithoutCancel(ctx), key))
	}
	return until, nil
}

// Get returns a value and until when it is kept, or [kv.ErrNotFound].
func (v Values) Get(ctx context.Context, name string) (value []byte, until time.Time, err error) {
	key, err := v.key(name)
	if err != nil {
		return nil, time.Time{}, err
	}
	sealed, err := v.manager.backend.Get(ctx, key)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("session: reading a value: %w", err)
	}
	plain, err := v.session.keys.open(forValues, key, sealed)
	if err != nil {
		return nil, time.Time{}, err
	}
	var found sealedValue
	if err := json.Unmarshal(plain, &found); err != nil {
		return nil, time.Time{}, errUnsealed
	}
	if !v.manager.now().Before(found.Until) {
		return nil, time.Time{}, kv.ErrNotFound
	}
	return found.Value, found.Until, nil
}

// Delete drops a value; if there is none it is no error.
func (v Values) Delete(ctx context.Context, name string) error {
	key, err := v.key(name)
	if err != nil {
		return err
	}
	if err := v.manager.backend.Delete(ctx, key); err != nil {
		return fmt.Errorf("session: deleting a value: %w", err)
	}
	return nil
}

// key hides the name, which may say which key a value is for.
func (v Values) key(name string) (string, error) {
	if v.session == nil || v.session.keys == nil {
		return "", errUnloaded
	}
	hidden, err := v.session.keys.mac(forNames, name, "value")
	return groupOf(v.session.id) + "value/" + hidden, err
}
