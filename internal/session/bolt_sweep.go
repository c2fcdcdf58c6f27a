package session

import (
	"bytes"
	"context"

	bolt "go.etcd.io/bbolt"
)

// Bounds for one step of a sweep, so that neither a long read keeps pages from
// being reused nor a long write keeps requests waiting.
const (
	sweepLook   = 2000
	sweepDelete = 200
)

// Sweep removes expired records, in small steps between which other calls get
// their turn, and returns how many. It ends early with ctx.
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

// expired looks at records from a key on. It returns the keys of expired ones,
// and where to go on, or nil at the end.
func (b *Bolt) expired(ctx context.Context, from []byte) (keys [][]byte, next []byte, err error) {
	err = b.read(ctx, func(records *bolt.Bucket) error {
		cursor := records.Cursor()
		looked := 0
		for key, stored := cursor.Seek(from); key != nil; key, stored = cursor.Next() {
			if looked == sweepLook || len(keys) == sweepDelete {
				next = bytes.Clone(key)
				return nil
			}
			looked++
			if _, ok := b.live(stored); !ok {
				keys = append(keys, bytes.Clone(key))
			}
		}
		return nil
	})
	return keys, next, err
}

// removeExpired looks again before it deletes: a record may have been written
// anew since it was seen.
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
