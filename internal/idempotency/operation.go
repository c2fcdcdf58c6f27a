package idempotency

import (
	"errors"
	"slices"
	"time"
)

// State is what is known of an operation.
type State string

// The states, from the least known to the most. What is known only grows: see
// [Log.Complete].
const (
	Pending       State = "pending"       // acquired, and not completed
	Indeterminate State = "indeterminate" // it may have been carried out or not
	Failed        State = "failed"        // it was not carried out
	Done          State = "done"          // it was carried out
)

// rank orders the states by how much is known. It is zero for an unknown state.
func (s State) rank() int {
	return slices.Index([]State{Pending, Indeterminate, Failed, Done}, s) + 1
}

// Determinate reports whether the outcome is known.
func (s State) Determinate() bool { return s == Failed || s == Done }

// Operation is something that must happen at most once. T is the caller's data.
type Operation[T any] struct {
	ID    string
	State State
	// Keyed operations have the idempotency key of a form as their id. The form
	// may be sent again, so they are kept until they expire; others make room for
	// new operations once they are determinate.
	Keyed    bool      `json:",omitzero"`
	Acquired time.Time // when it began
	Updated  time.Time // when its state last changed
	Expires  time.Time
	// Epoch is that of the store when the operation was acquired; empty for a store
	// that several processes share.
	Epoch string `json:",omitzero"`
	Data  T
}

var (
	// ErrConflict is returned by [Log.Acquire] when the operations have changed
	// since they were loaded: load them again and decide anew.
	ErrConflict = errors.New("idempotency: the operations have changed since they were loaded")
	// ErrFull is returned when a subject has too many operations.
	ErrFull = errors.New("idempotency: too many operations")
	// ErrNotFound is returned for an operation that does not exist or has expired.
	ErrNotFound = errors.New("idempotency: no such operation")
)
