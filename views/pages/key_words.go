package pages

import (
	"cmp"

	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/links"
)

// How much of a long key is shown at either end.
const (
	keyHead = 8
	keyTail = 6
)

// shortened shows the ends of a long key; what is hardly longer stays whole.
func shortened(accessKey string) string {
	if len(accessKey) <= keyHead+keyTail+8 {
		return accessKey
	}
	return accessKey[:keyHead] + "…" + accessKey[len(accessKey)-keyTail:]
}

func scopeWords(scope keys.Scope) string {
	switch scope {
	case keys.ScopeAllBuckets:
		return "all buckets"
	case keys.ScopeUserOwned:
		return "user-owned buckets only"
	default:
		return "unknown"
	}
}

func activityWords(activity keys.Activity) string {
	switch activity {
	case keys.Active:
		return "Active"
	case keys.Inactive:
		return "Not active"
	default:
		return "Unknown"
	}
}

// noDescription tells a key without description from one whose description is
// not known.
func noDescription(key keys.Key) string {
	if key.KnownFrom.Has(keys.Management) {
		return "none"
	}
	return "unknown"
}

// cannotGenerate says why no key can be generated, or "".
func cannotGenerate(l keys.Listing) string {
	switch {
	case l.NoPrivilege:
		return "Object storage is not enabled for you."
	case l.Missing == keys.Management:
		return "The API that makes keys does not answer."
	case l.Full():
		return "Five keys are the limit. Delete one first."
	default:
		return ""
	}
}

// changingWords say what an API is making of a key.
func changingWords(wish keys.Wish) string {
	switch wish {
	case keys.WishActive:
		return "Being activated"
	case keys.WishInactive:
		return "Being deactivated"
	default:
		return "Being deleted"
	}
}

// failedWords say what came of a change that failed.
func failedWords(p keys.Progress) string {
	words := map[keys.Wish]string{
		keys.WishActive:   "The key could not be activated.",
		keys.WishInactive: "The key could not be deactivated.",
		keys.WishGone:     "The key could not be deleted.",
	}[p.Wish]
	if p.Message != "" {
		return words + " The API says: “" + p.Message + "”"
	}
	return words + " The API did not say why. Try again."
}

// onlyActiveWarning and onlyActiveConsequence are what the only active key
// takes with it.
func onlyActiveWarning(v KeyForm) string {
	if v.For != "" {
		return "This is the user's only active key"
	}
	return "This is your only active key"
}

func onlyActiveConsequence(v KeyForm) string {
	const rest = " access to all buckets. The objects stay where they are and go on costing what they cost. " +
		"The key can be activated again here at any time."
	if v.For != "" {
		return "Without an active key the user loses" + rest
	}
	return "Without an active key you lose" + rest
}

// deleteWarning is why deleting a key takes more than a click.
func deleteWarning(v KeyForm) string {
	switch {
	case v.Last && v.For != "":
		return "This is the user's last key"
	case v.Last:
		return "This is your last key"
	case v.Key.Activity == keys.Active:
		return "This key is active"
	default:
		return "It is not known whether this key is in use"
	}
}

func deleteConsequence(v KeyForm) string {
	const consequence = "Access through this key is revoked and cannot be restored."
	const rest = " access to all buckets, whose objects stay and go on costing what they cost. " +
		"While there are buckets, the API may refuse to delete the only key."
	switch {
	case v.Last && v.For != "":
		return consequence + " Without any key the user loses" + rest
	case v.Last:
		return consequence + " Without any key you lose" + rest
	default:
		return consequence + " Every tool that uses it stops working."
	}
}

// places are where the regions are, as people call them.
var places = map[string]string{
	"de":           "Frankfurt",
	"eu-central-2": "Berlin",
	"eu-central-3": "Berlin",
	"eu-central-4": "Frankfurt",
	"eu-south-2":   "Logroño",
	"us-central-1": "Lenexa",
}

// placeWords name the place of a region; one that is new is called as the API
// calls it.
func placeWords(r keys.Region) string { return cmp.Or(places[r.ID], r.Location, r.ID) }

func bucketWords(region string) string {
	if keys.UserOwnedRegion(region) {
		return "user-owned"
	}
	return "contract-owned"
}

// Said is what is told of a change on the next page, and how it is taken back
// where it can be.
func Said(what, accessKey string, to links.KeyLinks) *layout.Notice {
	short := shortened(accessKey)
	words := map[string]string{
		"activate":   "Key " + short + " is being activated.",
		"deactivate": "Key " + short + " is being deactivated.",
		"describe":   "The description of key " + short + " was changed.",
		"delete":     "Key " + short + " is being deleted.",
		"saved":      "The pair of key " + short + " is saved: this console keeps it no longer.",
		"rotated":    "The rotation is finished: key " + short + " has taken over.",
		"left":       "You have left the rotation. Both keys are as they were.",
		"end":        "The session is ended, and its token with it if it was made for it.",
	}[what]
	if words == "" {
		return nil
	}
	undo := map[string]string{"activate": to.Deactivate(accessKey), "deactivate": to.Activate(accessKey)}[what]
	return &layout.Notice{Kind: "success", Title: words, UndoHref: undo}
}
