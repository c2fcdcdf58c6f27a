package pages

import "keydeck/internal/keys"

const fullOwner = "All five places are taken: a successor needs one of this user’s keys to be deleted first."

func (v OwnedKey) canDeactivate() bool {
	return v.Can.Toggle && v.Key.Activity != keys.Inactive && v.State == StateActive
}

// stateText says what the state of the key means where it leaked.
func (v OwnedKey) stateText() string {
	switch v.State {
	case StateActive:
		if v.OnlyActive {
			return "The key is active: whoever has its secret can use it now. It is the only active key of its owner, who cannot use " +
				"object storage without one: deactivating it asks first."
		}
		return "The key is active: whoever has its secret can use it now. Its owner has other active keys, which keep working."
	case StateInactive:
		return "The key is deactivated: nobody can use it until it is activated again."
	case StateDeactivating:
		return "The key is being deactivated, which takes a few seconds."
	case StateUnknown:
		return "Whether the key is active is not known at the moment."
	default:
		return ""
	}
}

func (v OwnedKey) successorHint() string {
	if v.Self {
		return "A successor takes the place of this key; it stays as it is until you deactivate or delete it."
	}
	return "A successor takes the place of this key. Its owner signs in and copies it: its secret is not shown here."
}
