package pages

import "keydeck/internal/keys"

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

// canCopy reports whether the secret of a key can be had: the Cloud API gives
// it, for keys that are there to stay.
func canCopy(l keys.Listing, key keys.Key) bool {
	return l.Missing != keys.Cloud && key.Status != keys.StatusDestroying && key.Status != keys.StatusFailed
}
