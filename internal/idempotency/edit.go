package idempotency

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// maxRecord is the size, in bytes, up to which operations are added to a record:
// some 500 of them. It leaves a quarter of what a kv.Store takes for the outcomes
// of those that are pending.
const maxRecord = 192 << 10

// Acquire adds an operation as pending, for ttl, and returns it. Of any number of
// concurrent calls with one id, in any number of processes, one succeeds.
// ErrConflict; ErrFull. After another error the operation may have been added, and
// must not be carried out: it becomes an orphan.
func (l *Log[T]) Acquire(ctx context.Context, op Operation[T], ttl time.Duration) (Operation[T], error) {
	if indexOf(l.operations, op.ID) >= 0 {
		return op, ErrConflict
	}
	now := l.store.now()
	op.State, op.Acquired, op.Updated, op.Expires, op.Epoch = Pending, now, now, now.Add(ttl), l.store.epoch
	operations, err := makeRoom(l.operations, op)
	if err != nil {
		return op, err
	}
	written, err := l.write(ctx, operations)
	if err == nil && !written {
		err = ErrConflict
	}
	if err == nil {
		l.remember(op.ID)
	}
	return op, err
}

// Reject adds an operation that has failed before it began, for ttl, so that a
// form that is sent again gets the same answer. An operation that already has the
// id stays as it is: then added is false, and Find returns it. ErrFull.
func (l *Log[T]) Reject(ctx context.Context, op Operation[T], ttl time.Duration) (added bool, err error) {
	now := l.store.now()
	op.State, op.Acquired, op.Updated, op.Expires = Failed, now, now, now.Add(ttl)
	err = l.Edit(ctx, func(all []Operation[T]) ([]Operation[T], error) {
		if added = indexOf(all, op.ID) < 0; !added {
			return nil, nil
		}
		return makeRoom(all, op)
	})
	l.remember(op.ID)
	return added && err == nil, err
}

// makeRoom returns the operations with a new one. Where they are too large for a
// record it drops determinate ones that are not keyed, the earliest first.
func makeRoom[T any](earlier []Operation[T], op Operation[T]) ([]Operation[T], error) {
	all := append(slices.Clone(earlier), op)
	surplus := sizeOf(all) - maxRecord
	all = slices.DeleteFunc(all, func(old Operation[T]) bool {
		if surplus <= 0 || old.Keyed || !old.State.Determinate() || old.ID == op.ID {
			return false
		}
		surplus -= sizeOf(old) + len(",")
		return true
	})
	if surplus > 0 {
		return nil, ErrFull
	}
	return all, nil
}

// sizeOf returns the encoded size in bytes; zero for what cannot be encoded, which
// write refuses.
func sizeOf(v any) int {
	encoded, _ := json.Marshal(v)
	return len(encoded)
}

// Edit changes the operations atomically. change gets a copy of the operations
// that there are and returns those that are to be, or nil to leave them; it is
// called again, with the present ones, when the record has changed meanwhile. It
// must not change their data in place. Edit returns change's error as it is. After
// an error of the store the operations may have been changed or not; Edit can be
// repeated.
func (l *Log[T]) Edit(ctx context.Context, change func([]Operation[T]) ([]Operation[T], error)) error {
	for {
		operations, err := change(slices.Clone(l.operations))
		if err != nil || operations == nil {
			return err
		}
		written, err := l.write(ctx, operations)
		if err != nil || written {
			return err
		}
		if err := l.reload(ctx); err != nil {
			return err
		}
	}
}

// Complete records the outcome of an operation. What is known only grows, in the
// order of the states: an indeterminate operation can turn out to have failed or
// to be done, and an outcome that says less than is known, or the same, changes
// nothing: then recorded is false, and Find returns what is known.
//
// change sets the data of the operation, which is an element of all, and returns
// the operations that are to be, as for [Log.Edit]; its error ends Complete. An
// operation that the store has lost meanwhile is put back first, so that its form
// is not carried out again.
func (l *Log[T]) Complete(ctx context.Context, op Operation[T], state State, change func(op *Operation[T], all []Operation[T]) ([]Operation[T], error)) (recorded bool, err error) {
	err = l.Edit(ctx, func(all []Operation[T]) ([]Operation[T], error) {
		recorded = false
		i := indexOf(all, op.ID)
		if i < 0 {
			all, i = putBack(all, op)
		}
		if state.rank() <= all[i].State.rank() {
			return nil, nil
		}
		all[i].State, all[i].Updated = state, l.store.now()
		recorded = true
		return change(&all[i], all)
	})
	l.remember(op.ID)
	return recorded && err == nil, err
}

// putBack inserts an operation where it was, and returns its index.
func putBack[T any](all []Operation[T], op Operation[T]) ([]Operation[T], int) {
	i := slices.IndexFunc(all, func(other Operation[T]) bool { return other.Acquired.After(op.Acquired) })
	if i < 0 {
		i = len(all)
	}
	return slices.Insert(all, i, op), i
}
