package idempotency

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"keydeck/internal/kv"
)

// Log is the operations of one subject as they were last read or written. A Log is
// not safe for concurrent use; the Logs of one subject are.
type Log[T any] struct {
	store      *Store[T]
	key        string
	exists     bool   // there is a record
	record     []byte // as the store has it
	operations []Operation[T]
}

// Operations returns the operations, the earliest acquired first. Their data is
// shared with the Log.
func (l *Log[T]) Operations() []Operation[T] { return slices.Clone(l.operations) }

// Find returns an operation: as it was read, or, where the store has lost it, as
// this process remembers it.
func (l *Log[T]) Find(id string) (Operation[T], bool) {
	if i := indexOf(l.operations, id); i >= 0 {
		return l.operations[i], true
	}
	op, found := l.store.recent.Get(l.key + id)
	if !found || !l.store.now().Before(op.Expires) {
		return Operation[T]{}, false
	}
	return op, true
}

// remember keeps the keyed operations of this process that a form may repeat: a
// store that evicts records, against advice, must not make them happen twice.
func (l *Log[T]) remember(id string) {
	if i := indexOf(l.operations, id); i >= 0 && l.operations[i].Keyed {
		l.store.recent.Add(l.key+id, l.operations[i])
	}
}

func indexOf[T any](operations []Operation[T], id string) int {
	return slices.IndexFunc(operations, func(op Operation[T]) bool { return op.ID == id })
}

// reload reads the record. After an error the Log is as it was.
func (l *Log[T]) reload(ctx context.Context) error {
	record, err := l.store.kv.Get(ctx, l.key)
	exists := !errors.Is(err, kv.ErrNotFound)
	if exists && err != nil {
		return fmt.Errorf("idempotency: reading: %w", err)
	}
	var operations []Operation[T]
	if exists && json.Unmarshal(record, &operations) != nil {
		operations = nil // the next write replaces the record
	}
	now := l.store.now()
	l.exists, l.record = exists, record
	l.operations = slices.DeleteFunc(operations, func(op Operation[T]) bool {
		return op.State.rank() == 0 || !now.Before(op.Expires)
	})
	return nil
}

// write replaces the record that was read. It reports false if there is another
// one meanwhile. After an error the record may have been written or not.
func (l *Log[T]) write(ctx context.Context, operations []Operation[T]) (written bool, err error) {
	record, err := json.Marshal(operations)
	if err != nil {
		return false, fmt.Errorf("idempotency: encoding: %w", err)
	}
	var expires time.Time
	for _, op := range operations {
		if op.Expires.After(expires) {
			expires = op.Expires
		}
	}
	if l.exists {
		written, err = l.store.kv.CompareAndSwap(ctx, l.key, l.record, record, expires)
	} else {
		written, err = l.store.kv.PutIfAbsent(ctx, l.key, record, expires)
	}
	if err != nil {
		return false, fmt.Errorf("idempotency: writing: %w", err)
	}
	if written {
		l.exists, l.record, l.operations = true, record, operations
	}
	return written, nil
}
