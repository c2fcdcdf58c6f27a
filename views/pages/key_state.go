package pages

import "keydeck/internal/keys"

// KeyState is what a sentence about a key depends on: how it stands with it, or
// what an API is making of it.
type KeyState int

// The states. A key that is not in a list is deleted only if the list is whole.
const (
	StateUnknown KeyState = iota
	StateBeingMade
	StateActive
	StateInactive
	StateActivating
	StateDeactivating
	StateDeleting
	StateDeleted
	StateFailed // it could not be made

	keyStates int = iota
)

// KeyStateIn returns the state of a key by a list and the changes in progress.
func KeyStateIn(l keys.Listing, progress map[string]keys.Progress, accessKey string) KeyState {
	k, found := l.Find(accessKey)
	p, changing := progress[accessKey]
	switch {
	case !found && l.Missing != 0:
		return StateUnknown
	case !found:
		return StateDeleted
	case k.Status == keys.StatusDestroying:
		return StateDeleting
	case k.Status == keys.StatusFailed:
		return StateFailed
	case changing && !p.Failed:
		return map[keys.DesiredState]KeyState{
			keys.DesiredActive: StateActivating, keys.DesiredInactive: StateDeactivating, keys.DesiredDeleted: StateDeleting,
		}[p.Desired]
	case k.Status == keys.StatusProvisioning:
		return StateBeingMade
	default:
		return map[keys.Activity]KeyState{keys.Active: StateActive, keys.Inactive: StateInactive}[k.Activity]
	}
}

// gone reports whether the key is deleted, or about to be.
func (s KeyState) gone() bool { return s == StateDeleted || s == StateDeleting }

// badge returns the state in a word or two, and its tone.
func (s KeyState) badge() (tone, words string) {
	switch s {
	case StateBeingMade:
		return "info", "Being made"
	case StateActive:
		return "success", "Active"
	case StateInactive:
		return "neutral", activityWords(keys.Inactive)
	case StateActivating:
		return "info", changingWords(keys.DesiredActive)
	case StateDeactivating:
		return "info", changingWords(keys.DesiredInactive)
	case StateDeleting:
		return "warning", changingWords(keys.DesiredDeleted)
	case StateDeleted:
		return "neutral", "Deleted"
	case StateFailed:
		return "danger", "Failed"
	default:
		return "neutral", "Unknown"
	}
}
