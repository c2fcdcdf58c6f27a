package keys

import (
	"cmp"
	"slices"
)

// Listing is a user's keys, as far as the APIs returned them.
type Listing struct {
	Keys            []Key  // newest first; those of unknown age last
	CanonicalUserID string // empty until the first key exists, or when unknown
	ContractUserID  string
	Managed         bool   // of a user who is looked after: the Cloud API alone tells of them
	OwnerRead       bool   // the owner's record was read too: see WithOwner
	NoPrivilege     bool   // the API that makes keys refuses the person
	Refusal         error  // with NoPrivilege: how it refuses
	Missing         Source // the API that returned no list; zero when both did
	Cause           error  // why it did not
}

// WithOwner adds what the owner's record says. The keys come first: the API may
// leave the Canonical User ID out of either.
func (l Listing) WithOwner(u User) Listing {
	l.CanonicalUserID = cmp.Or(l.CanonicalUserID, u.CanonicalUserID)
	l.OwnerRead = true
	return l
}

// NoCanonicalUserID reports whether the owner is known to have no Canonical User
// ID: neither a record nor a key that could have one is unread.
func (l Listing) NoCanonicalUserID() bool {
	return l.CanonicalUserID == "" && l.OwnerRead && l.Missing == 0 && len(l.Keys) == 0
}

// Failed returns why an API returned no list, or nil if it did.
func (l Listing) Failed(api Source) error {
	switch {
	case l.NoPrivilege && api == Management:
		return l.Refusal
	case l.Missing == api:
		return l.Cause
	default:
		return nil
	}
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
// or failed, does not count.
func (l Listing) Last(accessKey string) bool {
	return !slices.ContainsFunc(l.Keys, func(k Key) bool {
		return k.AccessKey != accessKey && k.usable()
	})
}

// OnlyActive reports whether no other key is known to be active.
func (l Listing) OnlyActive(accessKey string) bool {
	return !slices.ContainsFunc(l.Keys, func(k Key) bool {
		return k.AccessKey != accessKey && k.Activity == Active && k.usable()
	})
}

// Settled reports whether every key is in a state that lasts by itself.
func (l Listing) Settled() bool {
	return !slices.ContainsFunc(l.Keys, func(k Key) bool { return !k.Settled() })
}

// NewListing sorts keys and takes from them what they say of their owner.
func NewListing(owner Owner, list []Key) Listing {
	l := Listing{Keys: slices.Clone(list), ContractUserID: owner.ContractUserID(), Managed: owner.Managed}
	slices.SortStableFunc(l.Keys, func(a, b Key) int {
		// A zero time is before all others, and so comes last by itself.
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.AccessKey, b.AccessKey))
	})
	for i, k := range l.Keys {
		if trimmed(k.Description) == "" {
			l.Keys[i].Description = "" // another client may have set a blank one
		}
		l.CanonicalUserID = cmp.Or(l.CanonicalUserID, k.CanonicalUserID)
	}
	return l
}

// Merge joins the halves of the same keys. The Cloud API knows whether a key is
// active, and nothing else that the Management API does not know better; a key
// that only one of them returned stays with what is known.
func Merge(management, cloud []Key) []Key {
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

// Successors returns the keys that may have been created to replace a key: newer
// ones with the same description. No API tells the descriptions of a managed user's
// keys: any newer key may be one.
func (l Listing) Successors(accessKey string) []Key {
	old, found := l.Find(accessKey)
	if !found {
		return nil
	}
	var newer []Key
	for _, k := range l.Keys {
		if k.AccessKey != accessKey && k.usable() && k.Description == NormalizeDescription(old.Description) && k.Created.After(old.Created) {
			newer = append(newer, k)
		}
	}
	return newer
}
