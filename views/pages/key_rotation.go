package pages

import "keydeck/internal/keys"

// oldInactive reports whether the old key opens nothing any more.
func (v Rotation) oldInactive() bool { return v.Old.Activity == keys.Inactive }

// canDeactivate: the switch of the old key stays away while it is thrown.
func (v Rotation) canDeactivate() bool { return v.canToggle() && !v.oldInactive() }

func (v Rotation) canActivate() bool { return v.canToggle() && v.oldInactive() }

func (v Rotation) canToggle() bool {
	progress, changing := v.Progress[v.Old.AccessKey]
	return !v.OldGone && v.Listing.Offers(v.Old).Toggle && (!changing || progress.Failed)
}

func (v Rotation) endWords() string {
	if v.OldGone {
		return "Finish"
	}
	return "Leave the rotation"
}

func (v Rotation) endHint() string {
	if v.OldGone {
		return "The new key has taken the old one's place."
	}
	return "Leaving changes neither key. Closing this keeps the rotation at hand on the page of your keys."
}

func activityTone(activity keys.Activity) string {
	if activity == keys.Active {
		return "success"
	}
	return "neutral"
}
