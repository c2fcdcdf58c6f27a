package session

import (
	"context"
	"errors"
	"fmt"
)

// Claim asks to carry out the operation of a request id, which has passed
// CheckRequestID. Of any number of callers, in any number of processes, one is
// told that it is mine; the others get what is known of it so far, and may
// Await the rest. If the session has been ended it is ErrNoSession.
func (m *Manager) Claim(ctx context.Context, s *Session, requestID string) (op Operation, mine bool, err error) {
	key, err := operationKey(s, requestID)
	if err != nil {
		return Operation{}, false, err
	}
	op, mine, err = m.take(ctx, s, key)
	if err == nil && mine {
		if err = m.stands(ctx, s); err != nil {
			// Nothing has been carried out; an operation that stayed pending
			// would look like it.
			err = errors.Join(err, m.backend.Delete(context.WithoutCancel(ctx), key))
		}
	}
	if err != nil {
		return Operation{}, false, fmt.Errorf("session: claiming: %w", err)
	}
	return op, mine, nil
}

// take stores a pending operation where there is none or a released one, or
// returns the one that is there.
func (m *Manager) take(ctx context.Context, s *Session, key string) (op Operation, mine bool, err error) {
	fresh := Operation{Outcome: Outcome{State: OpPending}, Claimed: m.now(), Opening: m.opening}
	sealed, err := sealOperation(s, key, fresh)
	if err != nil {
		return Operation{}, false, err
	}
	expires := fresh.Claimed.Add(operationLife)
	for {
		mine, err = m.backend.PutIfAbsent(ctx, key, sealed, expires)
		if err != nil || mine {
			return fresh, mine, err
		}
		found, raw, err := m.readOperation(ctx, s, key)
		switch {
		case errors.Is(err, ErrNotFound):
			continue // it has expired in between
		case err != nil || found.State != opReleased:
			return found, false, err
		}
		mine, err = m.backend.CompareAndSwap(ctx, key, raw, sealed, expires)
		if err != nil || mine {
			return fresh, mine, err
		}
	}
}

// Finish records how an operation went: done, failed or unclear. What is known
// only grows, in that order backwards: an unclear operation can turn out to
// have failed or to be done, and whoever looks and finds less than is known
// already changes nothing, which is no error. ErrNotFound if it is not claimed
// or its session has been ended.
func (m *Manager) Finish(ctx context.Context, s *Session, requestID string, o Outcome) error {
	if o.State.rank() <= OpPending.rank() {
		return fmt.Errorf("session: an operation cannot be finished as %q", o.State)
	}
	return m.advance(ctx, s, requestID, func(op *Operation) bool {
		if o.State.rank() <= op.State.rank() {
			return false
		}
		op.Outcome = o
		return true
	})
}

// Note leaves a note with a pending operation, in place of an earlier one. It
// outlives a crash of whoever left it. ErrNotFound as with Finish.
func (m *Manager) Note(ctx context.Context, s *Session, requestID string, note []byte) error {
	return m.advance(ctx, s, requestID, func(op *Operation) bool {
		if op.State != OpPending {
			return false
		}
		op.Note = note
		return true
	})
}

// Operation returns what is known of the operation of a request id, without
// claiming it. ErrNotFound if it is not claimed, or was released.
func (m *Manager) Operation(ctx context.Context, s *Session, requestID string) (Operation, error) {
	key, err := operationKey(s, requestID)
	if err != nil {
		return Operation{}, err
	}
	op, _, err := m.readOperation(ctx, s, key)
	if err == nil && op.State == opReleased {
		err = ErrNotFound
	}
	if err != nil {
		return Operation{}, err
	}
	return op, nil
}

// Release gives an operation back that was surely not carried out: the same
// request id may claim it again. One that has failed or is done stays so.
// ErrNotFound as with Finish.
func (m *Manager) Release(ctx context.Context, s *Session, requestID string) error {
	return m.advance(ctx, s, requestID, func(op *Operation) bool {
		if op.State != OpPending && op.State != OpUnclear {
			return false
		}
		op.Outcome = Outcome{State: opReleased}
		return true
	})
}

// advance changes an operation, atomically, unless change reports that there
// is nothing to do.
func (m *Manager) advance(ctx context.Context, s *Session, requestID string, change func(*Operation) bool) error {
	key, err := operationKey(s, requestID)
	if err != nil {
		return err
	}
	for {
		op, raw, err := m.readOperation(ctx, s, key)
		if err != nil || !change(&op) {
			return err
		}
		sealed, err := sealOperation(s, key, op)
		if err != nil {
			return err
		}
		swapped, err := m.backend.CompareAndSwap(ctx, key, raw, sealed, m.now().Add(operationLife))
		if err != nil {
			return fmt.Errorf("session: writing an operation: %w", err)
		}
		if swapped {
			return nil
		}
	}
}

func (m *Manager) readOperation(ctx context.Context, s *Session, key string) (op Operation, sealed []byte, err error) {
	sealed, err = m.backend.Get(ctx, key)
	if err != nil {
		return Operation{}, nil, fmt.Errorf("session: reading an operation: %w", err)
	}
	plain, err := s.keys.open(forOperation, key, sealed)
	if err != nil {
		return Operation{}, nil, err
	}
	op, err = decodeOperation(plain)
	op.CutOff = op.State == OpPending && op.Opening != "" && op.Opening != m.opening
	return op, sealed, err
}

func sealOperation(s *Session, key string, op Operation) ([]byte, error) {
	plain, err := encodeOperation(op)
	if err != nil {
		return nil, err
	}
	return s.keys.seal(forOperation, key, plain)
}

// operationKey hides the request id and bounds its length.
func operationKey(s *Session, requestID string) (string, error) {
	if s == nil || s.keys == nil {
		return "", errUnloaded
	}
	name, err := s.keys.mac(forNames, requestID, "operation")
	return prefixOf(s.id) + "operation/" + name, err
}
