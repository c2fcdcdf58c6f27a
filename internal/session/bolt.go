package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
)

var (
	boltRecords = []byte("records")
	boltMeta    = []byte("keydeck sessions")
	boltFormat  = []byte("format")
	boltPing    = []byte("ping")

	// errNothingToDo rolls a write transaction back that would change
	// nothing: to commit it would cost a disk flush.
	errNothingToDo = errors.New("nothing to do")
)

// Bolt is the embedded Backend: one file, one process. A value is stored
// behind its expiry, in milliseconds since 1970. A call that writes returns
// when the disk has it, and does not end with its context before.
type Bolt struct {
	db      *bolt.DB
	path    string
	opening string
	now     func() time.Time
	damaged atomic.Bool // found out while it was open
}

var _ interface {
	Backend
	exclusive
} = (*Bolt)(nil)

// Opening implements exclusive: the file is locked while it is open.
func (b *Bolt) Opening() string { return b.opening }

// Get implements Backend.
func (b *Bolt) Get(ctx context.Context, key string) (value []byte, err error) {
	err = b.read(ctx, func(records *bolt.Bucket) error {
		found, ok := b.live(records.Get([]byte(key)))
		if !ok {
			return ErrNotFound
		}
		value = bytes.Clone(found) // the file's memory is ours only in here
		return nil
	})
	return value, err
}

// Put implements Backend.
func (b *Bolt) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	_, err := b.write(ctx, func(records *bolt.Bucket) error {
		return records.Put([]byte(key), boltValue(value, expires))
	})
	return err
}

// PutIfAbsent implements Backend.
func (b *Bolt) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (bool, error) {
	return b.write(ctx, func(records *bolt.Bucket) error {
		if _, ok := b.live(records.Get([]byte(key))); ok {
			return errNothingToDo
		}
		return records.Put([]byte(key), boltValue(value, expires))
	})
}

// CompareAndSwap implements Backend.
func (b *Bolt) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	return b.write(ctx, func(records *bolt.Bucket) error {
		if found, ok := b.live(records.Get([]byte(key))); !ok || !bytes.Equal(found, old) {
			return errNothingToDo
		}
		return records.Put([]byte(key), boltValue(value, expires))
	})
}

// Delete implements Backend.
func (b *Bolt) Delete(ctx context.Context, key string) error {
	_, err := b.write(ctx, func(records *bolt.Bucket) error {
		if records.Get([]byte(key)) == nil {
			return errNothingToDo
		}
		return records.Delete([]byte(key))
	})
	return err
}

// DeletePrefix implements Backend, in one transaction.
func (b *Bolt) DeletePrefix(ctx context.Context, prefix string) error {
	if groupOf(prefix) == "" {
		return errNoGroup
	}
	_, err := b.write(ctx, func(records *bolt.Bucket) error {
		var keys [][]byte // first, since deleting moves a cursor
		cursor := records.Cursor()
		for key, _ := cursor.Seek([]byte(prefix)); bytes.HasPrefix(key, []byte(prefix)); key, _ = cursor.Next() {
			keys = append(keys, bytes.Clone(key))
		}
		return deleteAll(records, keys)
	})
	return err
}

// List implements Backend.
func (b *Bolt) List(ctx context.Context, prefix string, limit int) (list []Record, err error) {
	if groupOf(prefix) == "" {
		return nil, errNoGroup
	}
	err = b.read(ctx, func(records *bolt.Bucket) error {
		cursor := records.Cursor()
		for key, stored := cursor.Seek([]byte(prefix)); bytes.HasPrefix(key, []byte(prefix)) && len(list) < limit; key, stored = cursor.Next() {
			if value, ok := b.live(stored); ok {
				list = append(list, Record{string(key), bytes.Clone(value)})
			}
		}
		return nil
	})
	return list, err
}

// Close implements Backend. A damaged database is left to the end of the
// process: its Close could wait for ever for what was given up.
func (b *Bolt) Close() error {
	if b.damaged.Load() {
		return nil
	}
	return b.named(b.db.Close())
}

func (b *Bolt) read(ctx context.Context, work func(*bolt.Bucket) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.named(b.guard(func() error {
		return b.db.View(func(tx *bolt.Tx) error { return work(tx.Bucket(boltRecords)) })
	}))
}

// write reports whether work has changed something.
func (b *Bolt) write(ctx context.Context, work func(*bolt.Bucket) error) (changed bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	err = b.guard(func() error {
		return b.db.Update(func(tx *bolt.Tx) error { return work(tx.Bucket(boltRecords)) })
	})
	if errors.Is(err, errNothingToDo) {
		return false, nil
	}
	return err == nil, b.named(err)
}

// named says which file an error is about.
func (b *Bolt) named(err error) error {
	if err == nil || errors.Is(err, ErrNotFound) {
		return err
	}
	return fmt.Errorf("session store %s: %w", b.path, err)
}

// live returns the value of a stored record that has not expired.
func (b *Bolt) live(stored []byte) (value []byte, ok bool) {
	if len(stored) < 8 {
		return nil, false
	}
	expires := int64(binary.BigEndian.Uint64(stored))
	return stored[8:], b.now().UnixMilli() < expires
}

func boltValue(value []byte, expires time.Time) []byte {
	stored := make([]byte, 8, 8+len(value))
	binary.BigEndian.PutUint64(stored, uint64(expires.UnixMilli()))
	return append(stored, value...)
}

func deleteAll(records *bolt.Bucket, keys [][]byte) error {
	if len(keys) == 0 {
		return errNothingToDo
	}
	for _, key := range keys {
		if err := records.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
