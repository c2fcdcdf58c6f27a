package session

import (
	"context"
	"fmt"
	"runtime/debug"

	bolt "go.etcd.io/bbolt"
)

// pingSize is more than a session takes. A disk that is full still takes what
// fits into pages of the file that have become free.
const pingSize = 16 << 10

// Ping implements Backend with a real write to the disk.
func (b *Bolt) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.named(b.guard(func() error {
		return b.db.Update(func(tx *bolt.Tx) error {
			return tx.Bucket(boltMeta).Put(boltPing, boltValue(make([]byte, pingSize), b.now()))
		})
	}))
}

// guard turns what bolt does with a file that was damaged under it into an
// error, as openChecked does. Nothing more is asked of it after that: whatever
// panicked may hold its locks.
func (b *Bolt) guard(work func() error) (err error) {
	if b.damaged.Load() {
		return errDamaged
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			b.damaged.Store(true)
			err = fmt.Errorf("%w: %v", errDamaged, p)
		}
	}()
	return work()
}
