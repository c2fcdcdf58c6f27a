package kv

import (
	"bytes"
	"context"

	bolt "go.etcd.io/bbolt"
)

// Bounds of one step of a sweep, in records: a long read keeps pages from being
// reused, and a long write delays requests.
const (
	sweepRead   = 2000
	sweepDelete = 200
)

// Sweep removes expired records, in small steps between which other calls
// proceed, and returns their number. It ends early with ctx.
func (b *Bolt) Sweep(ctx context.Context) (removed int, err error) {
	var from []byte
	for {
		expired, next, err := b.expired(ctx, from)
		if err != nil {
			return removed, err
		}
		n, err := b.removeExpired(ctx, expired)
		removed += n
		if err != nil || next == nil {
			return removed, err
		}
		from = next
	}
}

// expired reads records from a key on. It returns the keys of expired ones and
// the key to continue from, nil at the end.
func (b *Bolt) expired(ctx context.Context, from []byte) (keys [][]byte, next []byte, err error) {
	err = b.read(ctx, func(records *bolt.Bucket) error {
		cursor := records.Cursor()
		read := 0
		for key, stored := cursor.Seek(from); key != nil; key, stored = cursor.Next() {
			if read == sweepRead || len(keys) == sweepDelete {
				next = bytes.Clone(key)
				return nil
			}
			read++
			if _, ok := b.live(stored); !ok {
				keys = append(keys, bytes.Clone(key))
			}
		}
		return nil
	})
	return keys, next, err
}

// removeExpired deletes the records that are still expired: one may have been
// written anew meanwhile.
func (b *Bolt) removeExpired(ctx context.Context, keys [][]byte) (removed int, err error) {
	if len(keys) == 0 {
		return 0, nil
	}
	_, err = b.write(ctx, func(records *bolt.Bucket) error {
		still := keys[:0]
		for _, key := range keys {
			stored := records.Get(key)
			if _, ok := b.live(stored); !ok && stored != nil {
				still = append(still, key)
			}
		}
		removed = len(still)
		return deleteAll(records, still)
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}
