package pages

import (
	"cmp"
	"time"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

// Rotation is a rotation that is under way: both keys, and what remains.
type Rotation struct {
	Links    links.KeyLinks
	For      string // whose keys, by name; empty for one's own
	Listing  keys.Listing
	Old, New keys.Key // with an access key alone where the list does not have them
	Progress map[string]keys.Progress
	Tested   time.Time // when a test with the new pair passed; zero if none has
	InUse    time.Time // when the person said that their tools use the new key; zero if they have not
	Error    string    // about the box that was not ticked
	Now      time.Time
	Poll     string // the address to look at again while a key is changing; empty when none is
	PollIn   string // how long to wait before, as htmx writes it
}

// KeyRotation is a rotation in the list of keys.
type KeyRotation struct {
	Old, New string // access keys
	OldState KeyState
}

// name is what the rotated key is for, as either key tells; else the old key itself.
func (v Rotation) name() string {
	return cmp.Or(v.Old.Description, v.New.Description, shortened(v.Old.AccessKey))
}

func (v Rotation) oldState() KeyState { return KeyStateIn(v.Listing, v.Progress, v.Old.AccessKey) }
func (v Rotation) newState() KeyState { return KeyStateIn(v.Listing, v.Progress, v.New.AccessKey) }

// rotationStep is a step of a rotation.
type rotationStep int

// The steps, in order.
const (
	stepGenerate rotationStep = iota
	stepUse
	stepDeactivate
	stepDelete

	rotationSteps int = iota
)

// done reports whether a step is ticked: by what the APIs say of the keys, and that
// of use by a test that has passed or by the person's word alone.
func (v Rotation) done(step rotationStep) bool {
	switch step {
	case stepGenerate:
		s := v.newState()
		return s == StateActive || s == StateInactive || s == StateActivating || s == StateDeactivating
	case stepUse:
		return !v.Tested.IsZero() || !v.InUse.IsZero()
	case stepDeactivate:
		s := v.oldState()
		return s == StateInactive || s == StateFailed || s.gone()
	default:
		return v.oldState() == StateDeleted
	}
}

// current is the first step that is not ticked, and none if all are.
func (v Rotation) current() rotationStep {
	for step := stepGenerate; int(step) < rotationSteps; step++ {
		if !v.done(step) {
			return step
		}
	}
	return rotationStep(rotationSteps)
}

// ready reports whether the new key can take the place of the old one: it is
// available, active and in use.
func (v Rotation) ready() bool { return v.newState() == StateActive && v.done(stepUse) }

// The acts on the old key that are offered.
func (v Rotation) canDeactivate() bool {
	return v.ready() && v.oldState() == StateActive && v.Listing.Capabilities(v.Old).Toggle
}

func (v Rotation) canActivate() bool {
	return v.oldState() == StateInactive && v.Listing.Capabilities(v.Old).Toggle
}

func (v Rotation) canDelete() bool {
	return v.ready() && v.done(stepDeactivate) && !v.oldState().gone() && v.Listing.Capabilities(v.Old).Delete
}
