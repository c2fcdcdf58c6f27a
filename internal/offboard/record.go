// Package offboard removes the access of a user who leaves: it deactivates or deletes
// their keys, takes them out of groups and deactivates their account.
//
// What is done is a record, which is written before and after each step. A step is
// looked up before it is asked for and before it is called done. Groups and the account
// wait for the keys: an API may refuse to change the keys of a user who has lost the
// privilege. A process works on a record under a lease; where it ends before the work
// has, a person has another one go on.
//
// The package knows neither HTTP nor pages.
package offboard

import (
	"errors"
	"slices"
	"time"

	"keydeck/internal/keyops"
)

var (
	// ErrNotFound is returned for a record that does not exist or has expired.
	ErrNotFound = errors.New("offboard: no such record")

	// errTaken ends a run whose lease another process has taken.
	errTaken = errors.New("offboard: taken over")
)

// Kind is what a step changes.
type Kind string

// The kinds of a [Step], in the order in which they are done.
const (
	DeactivateKey     Kind = "deactivate-key"
	DeleteKey         Kind = "delete-key"
	LeaveGroup        Kind = "leave-group"
	DeactivateAccount Kind = "deactivate-account"
)

// ofKey reports whether a step is about a key.
func (k Kind) ofKey() bool { return k == DeactivateKey || k == DeleteKey }

// State is what is known of a step.
type State string

// The states of a [Step].
const (
	Waiting State = ""        // not asked for yet
	Asked   State = "asked"   // an API may be carrying it out
	Done    State = "done"    // the API shows it
	Failed  State = "failed"  // surely not carried out
	Unknown State = "unknown" // asked for, and not seen after a while
)

// Step is one thing that is done.
type Step struct {
	Kind    Kind      `json:"k"`
	ID      string    `json:"i"`          // the access key, or the id of the group or user
	Name    string    `json:"n,omitzero"` // of the group
	State   State     `json:"s,omitzero"`
	Before  bool      `json:"b,omitzero"` // with Done: it was so before it was asked for
	Failure string    `json:"f,omitzero"` // with Failed: why, a name of keyops
	Message string    `json:"m,omitzero"` // with Failed: the API's words
	At      time.Time `json:"t,omitzero"` // when the state was found
	Request string    `json:"r,omitzero"` // id of the HTTP request that asked for it
}

// Reason returns why a step has failed.
func (s Step) Reason() error { return keyops.FailureOf(keyops.Deactivate, s.Failure, s.Message) }

// Person is somebody as they were when the record was begun.
type Person struct {
	ID    string `json:"i"`
	Email string `json:"e,omitzero"`
	Name  string `json:"n,omitzero"`
}

// Record is the removal of one user's access.
type Record struct {
	By    Person `json:"by"`
	Of    Person `json:"of"`
	Steps []Step `json:"steps"`

	Worker  string    `json:"worker,omitzero"` // who works on it; empty if nobody does
	Lease   time.Time `json:"lease,omitzero"`  // until then
	Failure string    `json:"failure,omitzero"`
	Message string    `json:"message,omitzero"` // with Failure: the API's words

	Begun   time.Time `json:"-"`
	Running bool      `json:"-"` // it goes on by itself
}

// Err returns why the last run has stopped, or nil.
func (r Record) Err() error {
	if r.Failure == "" {
		return nil
	}
	return keyops.FailureOf(keyops.Deactivate, r.Failure, r.Message)
}

// Count returns how many steps are in one of the states.
func (r Record) Count(states ...State) int {
	n := 0
	for _, s := range r.Steps {
		if slices.Contains(states, s.State) {
			n++
		}
	}
	return n
}

// Finished reports whether every step is done.
func (r Record) Finished() bool { return r.Count(Done) == len(r.Steps) }

// keysDone reports whether no step about a key is left.
func (r Record) keysDone() bool {
	return !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Kind.ofKey() && s.State != Done })
}

func (r Record) clone() Record {
	r.Steps = slices.Clone(r.Steps)
	return r
}
