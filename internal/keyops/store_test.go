package keyops_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"keydeck/internal/kv"
)

// storeCall is a call of the store.
type storeCall struct{ method, key string }

func (c storeCall) operations() bool { return strings.HasPrefix(c.key, "operations/") }
func (c storeCall) value() bool      { return strings.Contains(c.key, "/value/") }
func (c storeCall) record() bool     { return strings.HasSuffix(c.key, "/record") }
func (c storeCall) writes() bool     { return c.method != "get" }

// store is a store whose calls can fail, with an epoch.
type store struct {
	kv.Store
	epoch string

	mu sync.Mutex
	// fail returns the error of a call, and whether it did its work all the same.
	fail func(storeCall) (worked bool, err error)
}

var errDown = errors.New("store down")

func (s *store) Epoch() string { return s.epoch }

// failing has the calls that match fail before their work.
func (s *store) failing(match func(storeCall) bool) {
	s.set(func(c storeCall) (bool, error) {
		if match(c) {
			return false, errDown
		}
		return false, nil
	})
}

func (s *store) set(fail func(storeCall) (bool, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}

func (s *store) heal() { s.set(nil) }

func (s *store) call(c storeCall, work func() error) error {
	s.mu.Lock()
	fail := s.fail
	s.mu.Unlock()
	if fail == nil {
		return work()
	}
	worked, err := fail(c)
	if err == nil || worked {
		err = errors.Join(err, work())
	}
	return err
}

func (s *store) Get(ctx context.Context, key string) (value []byte, err error) {
	err = s.call(storeCall{"get", key}, func() (err error) { value, err = s.Store.Get(ctx, key); return err })
	return value, err
}

func (s *store) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	return s.call(storeCall{"put", key}, func() error { return s.Store.Put(ctx, key, value, expires) })
}

func (s *store) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (stored bool, err error) {
	err = s.call(storeCall{"add", key}, func() (err error) {
		stored, err = s.Store.PutIfAbsent(ctx, key, value, expires)
		return err
	})
	return stored, err
}

func (s *store) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (swapped bool, err error) {
	err = s.call(storeCall{"swap", key}, func() (err error) {
		swapped, err = s.Store.CompareAndSwap(ctx, key, old, value, expires)
		return err
	})
	return swapped, err
}

func (s *store) Delete(ctx context.Context, names ...string) error {
	return s.call(storeCall{"delete", names[0]}, func() error { return s.Store.Delete(ctx, names...) })
}
