package kv

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory is a Store whose records end with the process.
type Memory struct {
	now func() time.Time

	mu      sync.Mutex
	records map[string]memoryRecord // nil after Close
	failure error
}

type memoryRecord struct {
	value   []byte
	expires time.Time
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty store. now is the clock by which records expire.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{now: now, records: map[string]memoryRecord{}}
}

// Fail makes every call return err, until Fail is called with nil.
func (m *Memory) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failure = err
}

// Keys returns the keys of all records, expired ones among them.
func (m *Memory) Keys() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for key := range m.records {
		keys = append(keys, key)
	}
	return keys
}

// Get implements Store.
func (m *Memory) Get(ctx context.Context, key string) (value []byte, err error) {
	err = m.locked(ctx, func() error {
		found, ok := m.live(key)
		if !ok {
			return ErrNotFound
		}
		value = bytes.Clone(found)
		return nil
	})
	return value, err
}

// Put implements Store.
func (m *Memory) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	return m.locked(ctx, func() error {
		m.records[key] = memoryRecord{bytes.Clone(value), expires}
		return nil
	})
}

// PutIfAbsent implements Store.
func (m *Memory) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (stored bool, err error) {
	err = m.locked(ctx, func() error {
		if _, ok := m.live(key); !ok {
			m.records[key], stored = memoryRecord{bytes.Clone(value), expires}, true
		}
		return nil
	})
	return stored, err
}

// CompareAndSwap implements Store.
func (m *Memory) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (swapped bool, err error) {
	err = m.locked(ctx, func() error {
		if found, ok := m.live(key); ok && bytes.Equal(found, old) {
			m.records[key], swapped = memoryRecord{bytes.Clone(value), expires}, true
		}
		return nil
	})
	return swapped, err
}

// Delete implements Store.
func (m *Memory) Delete(ctx context.Context, keys ...string) error {
	if err := checkOneGroup(keys); err != nil {
		return err
	}
	return m.locked(ctx, func() error {
		for _, key := range keys {
			delete(m.records, key)
		}
		return nil
	})
}

// DeleteGroup implements Store.
func (m *Memory) DeleteGroup(ctx context.Context, group string) error {
	if err := checkGroup(group); err != nil {
		return err
	}
	return m.locked(ctx, func() error {
		maps.DeleteFunc(m.records, func(key string, _ memoryRecord) bool { return groupOf(key) == group })
		return nil
	})
}

// List implements Store.
func (m *Memory) List(ctx context.Context, prefix, after string, limit int) (list []Record, err error) {
	if err := checkPrefix(prefix); err != nil {
		return nil, err
	}
	err = m.locked(ctx, func() error {
		for _, key := range slices.Sorted(maps.Keys(m.records)) {
			if value, ok := m.live(key); ok && strings.HasPrefix(key, prefix) && key > after && len(list) < limit {
				list = append(list, Record{Key: key, Value: bytes.Clone(value)})
			}
		}
		return nil
	})
	return list, err
}

// Ping implements Store.
func (m *Memory) Ping(ctx context.Context) error {
	return m.locked(ctx, func() error { return nil })
}

// Close implements Store.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records = nil
	return nil
}

func (m *Memory) locked(ctx context.Context, work func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case m.failure != nil:
		return m.failure
	case m.records == nil:
		return errors.New("kv: the store is closed")
	}
	return work()
}

func (m *Memory) live(key string) (value []byte, ok bool) {
	record, ok := m.records[key]
	return record.value, ok && m.now().Before(record.expires)
}
