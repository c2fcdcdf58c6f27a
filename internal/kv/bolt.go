package kv

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

	// errUnchanged rolls back a write transaction that changes nothing: a
	// commit costs a disk flush.
	errUnchanged = errors.New("nothing to change")
)

// Bolt is the embedded Store: one file, one process. A value is stored after
// its expiry, which takes 8 bytes, in milliseconds since 1970. A write returns
// when it is on the disk, even if its context ends before.
type Bolt struct {
	db      *bolt.DB
	path    string
	epoch   string
	now     func() time.Time
	damaged atomic.Bool // while it was open
}

var _ interface {
	Store
	Exclusive
} = (*Bolt)(nil)

// Epoch implements [Exclusive]: the file is locked while it is open.
func (b *Bolt) Epoch() string { return b.epoch }

// Get implements Store.
func (b *Bolt) Get(ctx context.Context, key string) (value []byte, err error) {
	err = b.read(ctx, func(records *bolt.Bucket) error {
		found, ok := b.live(records.Get([]byte(key)))
		if !ok {
			return ErrNotFound
		}
		value = bytes.Clone(found) // bolt's memory is valid in the transaction only
		return nil
	})
	return value, err
}

// Put implements Store.
func (b *Bolt) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	_, err := b.write(ctx, func(records *bolt.Bucket) error {
		return records.Put([]byte(key), boltValue(value, expires))
	})
	return err
}

// PutIfAbsent implements Store.
func (b *Bolt) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (bool, error) {
	return b.write(ctx, func(records *bolt.Bucket) error {
		if _, ok := b.live(records.Get([]byte(key))); ok {
			return errUnchanged
		}
		return records.Put([]byte(key), boltValue(value, expires))
	})
}

// CompareAndSwap implements Store.
func (b *Bolt) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (bool, error) {
	return b.write(ctx, func(records *bolt.Bucket) error {
		if found, ok := b.live(records.Get([]byte(key))); !ok || !bytes.Equal(found, old) {
			return errUnchanged
		}
		return records.Put([]byte(key), boltValue(value, expires))
	})
}

// Delete implements Store.
func (b *Bolt) Delete(ctx context.Context, keys ...string) error {
	if err := checkOneGroup(keys); err != nil {
		return err
	}
	_, err := b.write(ctx, func(records *bolt.Bucket) error {
		var present [][]byte
		for _, key := range keys {
			if records.Get([]byte(key)) != nil {
				present = append(present, []byte(key))
			}
		}
		return deleteAll(records, present)
	})
	return err
}

// DeleteGroup implements Store, in one transaction.
func (b *Bolt) DeleteGroup(ctx context.Context, group string) error {
	if err := checkGroup(group); err != nil {
		return err
	}
	_, err := b.write(ctx, func(records *bolt.Bucket) error {
		var keys [][]byte // collected first, since deleting moves a cursor
		cursor := records.Cursor()
		for key, _ := cursor.Seek([]byte(group)); bytes.HasPrefix(key, []byte(group)); key, _ = cursor.Next() {
			keys = append(keys, bytes.Clone(key))
		}
		return deleteAll(records, keys)
	})
	return err
}

// List implements Store.
func (b *Bolt) List(ctx context.Context, prefix, after string, limit int) (list []Record, err error) {
	if err := checkPrefix(prefix); err != nil {
		return nil, err
	}
	first := prefix
	if after >= prefix {
		first = after + "\x00" // the least key that is greater
	}
	err = b.read(ctx, func(records *bolt.Bucket) error {
		cursor := records.Cursor()
		for key, stored := cursor.Seek([]byte(first)); bytes.HasPrefix(key, []byte(prefix)) && len(list) < limit; key, stored = cursor.Next() {
			if value, ok := b.live(stored); ok {
				list = append(list, Record{string(key), bytes.Clone(value)})
			}
		}
		return nil
	})
	return list, err
}

// Close implements Store. A damaged database is closed by the end of the
// process: after a panic bolt may still hold a lock that its Close waits for.
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

// write runs work in a transaction and reports whether it was committed: work
// returns errUnchanged if there is nothing to write.
func (b *Bolt) write(ctx context.Context, work func(*bolt.Bucket) error) (changed bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	err = b.guard(func() error {
		return b.db.Update(func(tx *bolt.Tx) error { return work(tx.Bucket(boltRecords)) })
	})
	if errors.Is(err, errUnchanged) {
		return false, nil
	}
	return err == nil, b.named(err)
}

// named adds the path of the file to an error.
func (b *Bolt) named(err error) error {
	if err == nil || errors.Is(err, ErrNotFound) {
		return err
	}
	return fmt.Errorf("store %s: %w", b.path, err)
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
		return errUnchanged
	}
	for _, key := range keys {
		if err := records.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
