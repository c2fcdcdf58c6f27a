package pages

import (
	"cmp"

	"keydeck/internal/keys"
	"keydeck/views/layout"
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
		return "Deactivated"
	default:
		return "Unknown"
	}
}

// changingWords say what an API is making of a key.
func changingWords(desired keys.DesiredState) string {
	switch desired {
	case keys.DesiredActive:
		return "Being activated"
	case keys.DesiredInactive:
		return "Being deactivated"
	default:
		return "Being deleted"
	}
}

// failedWords say what came of a change that failed.
func failedWords(p keys.Progress) string {
	words := map[keys.DesiredState]string{
		keys.DesiredActive:   "The key could not be activated.",
		keys.DesiredInactive: "The key could not be deactivated.",
		keys.DesiredDeleted:  "The key could not be deleted.",
	}[p.Desired]
	if p.Message != "" {
		return words + " The API says: “" + p.Message + "”"
	}
	return words + " The API did not say why. Try again."
}

// onlyActiveWarning and onlyActiveConsequence are what the only active key
// takes with it.
func onlyActiveWarning(v KeyForm) string {
	if v.Key.Activity == keys.ActivityUnknown {
		return "No other key is known to be active"
	}
	if v.For != "" {
		return "This is the user's only active key"
	}
	return "This is your only active key"
}

func onlyActiveConsequence(v KeyForm) string {
	const rest = " access to all buckets. The objects remain, and so do their costs. " +
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
	case v.Key.Status == keys.StatusFailed:
		return "This key could not be made"
	case v.Key.Activity == keys.Active:
		return "This key is active"
	default:
		return "It is not known whether this key is in use"
	}
}

func deleteConsequence(v KeyForm) string {
	const consequence = "Access through this key is revoked and cannot be restored."
	const rest = " The objects in the buckets remain, and so do their costs. " +
		"While there are buckets, the API may refuse to delete the only key."
	switch {
	case v.Last && v.Key.Activity != keys.Active:
		return consequence + " No key is left then: access to buckets takes a new one." + rest
	case v.Last && v.For != "":
		return consequence + " Without any key the user loses access to all buckets." + rest
	case v.Last:
		return consequence + " Without any key you lose access to all buckets." + rest
	default:
		return consequence + " Every tool that uses it stops working."
	}
}

// renewWarning and renewConsequence are what a new secret does to the present one.
func renewWarning(key keys.Key) string {
	if key.Activity == keys.Inactive {
		return "The current secret is lost for good"
	}
	return "The current secret stops working at once"
}

func renewConsequence(key keys.Key) string {
	const rest = " The key itself and its description stay the same."
	if key.Activity == keys.Inactive {
		return "This key is deactivated, and stays so. Once it is active again, tools need the new secret." + rest
	}
	return "Every tool that uses this key fails until it is given the new secret." + rest
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

func bucketWords(r keys.Region) string {
	if r.UserOwned() {
		return "user-owned"
	}
	return "contract-owned"
}

// Flash is what the next page says of what was done here alone.
func Flash(what, accessKey string) *layout.Notice {
	short := shortened(accessKey)
	words := map[string]string{
		"saved":   "The pair of key " + short + " is saved: this console keeps it no longer.",
		"rotated": "The rotation is finished: the old key is deleted, and key " + short + " is in its place.",
		"left":    "You have left the rotation. That has changed no key.",
		"end":     "The session is ended, and its token is deleted if it was created for it.",
	}[what]
	if words == "" {
		return nil
	}
	return &layout.Notice{Kind: "success", Title: words}
}
