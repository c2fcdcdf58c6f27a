package keys

import (
	"cmp"
	"slices"
)

// Listing is somebody's keys, as far as the APIs told of them.
type Listing struct {
	Keys            []Key  // newest first; those of unknown age last
	CanonicalUserID string // empty until the first key exists, or when unknown
	ContractUserID  string
	NoPrivilege     bool   // the person may not use object storage, says the API now
	Missing         Source // the API that did not answer; zero when both did
	Cause           error  // why it did not
}

// Full reports whether no further key can be made.
func (l Listing) Full() bool { return len(l.Keys) >= MaxPerUser }

// Find returns the key with an access key.
func (l Listing) Find(accessKey string) (Key, bool) {
	i := slices.IndexFunc(l.Keys, func(k Key) bool { return k.AccessKey == accessKey })
	if i < 0 {
		return Key{}, false
	}
	return l.Keys[i], true
}

// Last reports whether no other key would be left. One that is being deleted,
// or could not be made, does not count.
func (l Listing) Last(accessKey string) bool {
	return !slices.ContainsFunc(l.Keys, func(k Key) bool {
		return k.AccessKey != accessKey && k.stays()
	})
}

// OnlyActive reports whether no other key is known to be active.
func (l Listing) OnlyActive(accessKey string) bool {
	return !slices.ContainsFunc(l.Keys, func(k Key) bool {
		return k.AccessKey != accessKey && k.Activity == Active && k.stays()
	})
}

// Settled reports whether every key is in a state that lasts by itself.
func (l Listing) Settled() bool {
	return !slices.ContainsFunc(l.Keys, func(k Key) bool { return !k.Settled() })
}

// newListing puts keys in order and takes from them what they say of their
// owner.
func newListing(owner Owner, list []Key) Listing {
	l := Listing{Keys: slices.Clone(list), ContractUserID: owner.ContractUserID()}
	slices.SortStableFunc(l.Keys, func(a, b Key) int {
		// A zero time is before all others, and so comes last by itself.
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.AccessKey, b.AccessKey))
	})
	for _, k := range l.Keys {
		l.CanonicalUserID = cmp.Or(l.CanonicalUserID, k.CanonicalUserID)
	}
	return l
}

// join puts the halves of the same keys together. The Cloud API knows whether
// a key is active, and nothing else that the other does not know better; a key
// that only one of them told of stays with what is known.
func join(management, cloud []Key) []Key {
	joined := slices.Clone(management)
	at := make(map[string]int, len(joined))
	for i, k := range joined {
		at[k.AccessKey] = i
	}
	for _, half := range cloud {
		i, known := at[half.AccessKey]
		if !known {
			joined = append(joined, half)
			continue
		}
		k := &joined[i]
		k.Activity = half.Activity
		k.KnownFrom |= half.KnownFrom
		k.CanonicalUserID = cmp.Or(k.CanonicalUserID, half.CanonicalUserID)
		if k.Created.IsZero() {
			k.Created = half.Created
		}
	}
	return joined
}
