// Package keybatch makes one change of many keys: it activates, deactivates or
// deletes them, or creates the first ones of many users, each at most once, and looks
// each up before it is done.
//
// A batch is a record of its own. A process works on it under a lease that it
// renews; when the process ends, the next one that loads the batch goes on. The
// changes themselves are those of package keyops, which keeps each of them from
// being carried out twice: a batch only remembers how far it has come.
//
// Of a creation, the API's answer names the key; where it was lost, the list does.
//
// The package knows neither HTTP nor pages.
package keybatch

import (
	"errors"
	"slices"
	"time"

	"keydeck/internal/keyops"
)

// MaxKeys is how many keys a batch can have.
const MaxKeys = 500

var (
	// ErrNotFound is returned for a batch that does not exist or has expired.
	ErrNotFound = errors.New("keybatch: no such batch")
	// ErrTooLarge is returned for a batch that does not fit into a record.
	ErrTooLarge = errors.New("keybatch: too large")

	// errUnsettled ends a run whose changes have not all come to an end.
	errUnsettled = errors.New("keybatch: changes not settled")
	// errTaken ends a run whose lease another process has taken.
	errTaken = errors.New("keybatch: taken over")
)

// State is what is known of one key.
type State string

// The states of an [Item].
const (
	Waiting  State = ""         // not asked for yet
	Accepted State = "accepted" // an API carries it out
	Done     State = "done"     // the list shows it
	Refused  State = "refused"  // or failed: not carried out
	Unknown  State = "unknown"  // it may have been carried out or not
)

// Item is one key of a batch.
type Item struct {
	AccessKey string `json:"k,omitzero"` // of a creation: empty until it is done
	State     State  `json:"s,omitzero"`
	Attempt   int    `json:"n,omitzero"` // the last one; a throttled change takes several
	Failure   string `json:"f,omitzero"` // why it was refused: a name of keyops
	Message   string `json:"m,omitzero"` // the API's words
}

// Owner is whose keys some of a batch are.
type Owner struct {
	UserID string `json:"u"`
	Email  string `json:"e,omitzero"`
	Name   string `json:"a,omitzero"`
	// Lockout: the person has been told that no key, or no active one, is left, and
	// has confirmed it.
	Lockout bool   `json:"l,omitzero"`
	Keys    []Item `json:"i"`
}

// Batch is one change of many keys.
type Batch struct {
	Kind   keyops.Kind `json:"kind"`
	Owners []Owner     `json:"owners"`
	Group  string      `json:"group,omitzero"` // of a creation: whose members the users are

	Worker  string    `json:"worker,omitzero"` // who works on it; empty if nobody does
	Lease   time.Time `json:"lease,omitzero"`  // until then
	Failure string    `json:"failure,omitzero"`
	Message string    `json:"message,omitzero"` // with Failure: the API's words
	Stopped time.Time `json:"stopped,omitzero"` // when a run ended early

	Asked   time.Time `json:"-"` // when it began
	Settled bool      `json:"-"` // all that was asked for has come to its end
	Running bool      `json:"-"` // it goes on by itself
	Ended   bool      `json:"-"` // it is too old to go on
}

// unsettled is stored as the failure of a run whose changes did not come to an end.
const unsettled = "unsettled"

// Err returns why the last run has stopped, or nil.
func (b Batch) Err() error {
	if b.Failure == "" || b.Failure == unsettled {
		return nil
	}
	return keyops.FailureOf(b.Kind, b.Failure, b.Message)
}

// Reason returns why a key was refused.
func (b Batch) Reason(i Item) error { return keyops.FailureOf(b.Kind, i.Failure, i.Message) }

// Count returns how many keys are in one of the states.
func (b Batch) Count(states ...State) int {
	n := 0
	for _, o := range b.Owners {
		for _, i := range o.Keys {
			if slices.Contains(states, i.State) {
				n++
			}
		}
	}
	return n
}

// Len returns how many keys there are.
func (b Batch) Len() int {
	n := 0
	for _, o := range b.Owners {
		n += len(o.Keys)
	}
	return n
}

// clone copies what a run changes.
func (b Batch) clone() Batch {
	b.Owners = slices.Clone(b.Owners)
	for i, o := range b.Owners {
		b.Owners[i].Keys = slices.Clone(o.Keys)
	}
	return b
}

// Bounds of what is stored of texts, in bytes.
const (
	maxText    = 80
	maxMessage = 120
)
