package kv

import (
	"context"
	"fmt"
	"runtime/debug"

	bolt "go.etcd.io/bbolt"
)

// pingSize is more than a session takes. On a full disk, small records still fit
// into pages of the file that have become free.
const pingSize = 16 << 10

// Ping implements Store with a write to the disk.
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

// guard turns the panics and faults of bolt on a file that was damaged while it
// was open into an error, as openChecked does. Afterwards bolt is not called
// again: it may hold a lock.
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
