package keyops

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keys"
)

// Kind is what a change does.
type Kind string

// The kinds of change.
const (
	Create     Kind = "create"
	Renew      Kind = "renew"
	Activate   Kind = "activate"
	Deactivate Kind = "deactivate"
	Describe   Kind = "describe"
	Delete     Kind = "delete"

	// rotation is no change but a record: a key and its successor.
	rotation Kind = "rotation"
)

// Change is what is stored of a change: enough to find out its outcome later, by
// whichever process looks next. It holds no secret.
type Change struct {
	Kind      Kind
	AccessKey string `json:",omitzero"` // the key it changes or, once known, has created
	// Predecessor is the key that a created one is to replace.
	Predecessor string `json:",omitzero"`
	Session     string `json:",omitzero"` // whose it is
	Actor       string `json:",omitzero"` // a digest of the user id

	// The checkpoint: what there was right before the API was called.
	ExistingKeys      []string `json:",omitzero"` // of a creation
	DescriptionDigest string   `json:",omitzero"` // of the new description
	SecretFingerprint string   `json:",omitzero"` // of the secret about to be replaced

	Cloud     bool   `json:",omitzero"` // the Cloud API carries it out, asynchronously
	RequestID string `json:",omitzero"` // of the Cloud API, for a change that it has accepted

	// Tested and InUse are the evidence of a rotation.
	Tested time.Time `json:",omitzero"`
	InUse  time.Time `json:",omitzero"`

	// Failure and Message say why it failed: the kind of error, and the API's own
	// words.
	Failure string `json:",omitzero"`
	Message string `json:",omitzero"`

	// Shown is how much of the outcome its person has been shown.
	Shown Stage `json:",omitzero"`

	found bool // by looking, after the answer was lost
}

// operation is a change under way, or one that has come to an end.
type operation = idempotency.Operation[Change]

// log is the operations on the keys of one person.
type log = idempotency.Log[Change]

// digest tells texts apart in a record that anyone with the store can read.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// desired returns what a change makes of a key, for one that an API carries out
// asynchronously.
func (k Kind) desired() (state keys.DesiredState, asynchronous bool) {
	switch k {
	case Activate:
		return keys.DesiredActive, true
	case Deactivate:
		return keys.DesiredInactive, true
	case Delete:
		return keys.DesiredDeleted, true
	case Create, Renew, Describe, rotation:
		return 0, false
	default:
		return 0, false
	}
}

// pendingChanges returns the changes among operations that may still be carried
// out, at most one for each key: the last that has not failed.
func pendingChanges(operations []operation) []keys.PendingChange {
	last := map[string]keys.PendingChange{}
	for _, op := range operations {
		if _, asynchronous := op.Data.Kind.desired(); !asynchronous || op.State == idempotency.Failed {
			continue
		}
		last[op.Data.AccessKey] = pendingOf(op)
	}
	var pending []keys.PendingChange
	for _, p := range last {
		pending = append(pending, p)
	}
	slices.SortFunc(pending, func(a, b keys.PendingChange) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.AccessKey, b.AccessKey))
	})
	return pending
}

func pendingOf(op operation) keys.PendingChange {
	desired, _ := op.Data.Kind.desired()
	return keys.PendingChange{
		AccessKey: op.Data.AccessKey, Desired: desired, At: op.Acquired, Change: keys.Change{RequestID: op.Data.RequestID},
	}
}

// Lifetimes of what is stored.
const (
	// formTTL outlasts a form: were its operation forgotten before, the same form
	// could be carried out again.
	formTTL = 2 * time.Hour
	// changeTTL is for changes that no form can repeat. They count for the rules
	// until their outcome is in the lists.
	changeTTL = 20 * time.Minute
	// rotationTTL lets a rotation take a month.
	rotationTTL = 30 * 24 * time.Hour
)
