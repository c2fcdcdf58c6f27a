package keys

import (
	"slices"
	"time"
)

// Ownership is whose the buckets of a region are.
type Ownership int

// The kinds of buckets, by their owner.
const (
	OwnershipUnknown Ownership = iota // the API does not say
	UserOwned                         // they belong to the user who made them
	ContractOwned                     // they belong to the contract, and not to the user who made them
)

// UserOwned reports whether the region holds user-owned buckets, and not
// contract-owned ones. Where the API does not say, the region's id does.
func (r Region) UserOwned() bool {
	if r.Ownership == OwnershipUnknown {
		return UserOwnedRegion(r.ID)
	}
	return r.Ownership == UserOwned
}

// URL is the address of the region's S3 endpoint.
func (r Region) URL() string {
	if r.Plain {
		return "http://" + r.Endpoint
	}
	return "https://" + r.Endpoint
}

// contractOwnedSince is the day from which on new keys open contract-owned
// buckets too: the contract's section 5.
var contractOwnedSince = time.Date(2024, time.April, 25, 0, 0, 0, 0, time.UTC)

// WorksIn reports whether a key is made for a region. The Management API says
// where a key works; for one that only the Cloud API lists, its age does.
func (k Key) WorksIn(r Region) bool {
	switch {
	case len(k.Regions) > 0:
		return slices.Contains(k.Regions, r.ID)
	case k.Created.IsZero() || !k.Created.Before(contractOwnedSince):
		return true
	default:
		return r.UserOwned()
	}
}

// EndpointsOf are the regions of a catalogue that a key works in and whose
// endpoint is known.
func EndpointsOf(k Key, catalogue []Region) []Region {
	return slices.DeleteFunc(slices.Clone(catalogue), func(r Region) bool {
		return r.Endpoint == "" || !k.WorksIn(r)
	})
}
