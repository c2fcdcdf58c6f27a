package keys

import (
	"slices"
	"time"
)

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
// where a key works; of one that only the Cloud API told of, its age does.
func (k Key) WorksIn(region string) bool {
	switch {
	case len(k.Regions) > 0:
		return slices.Contains(k.Regions, region)
	case k.Created.IsZero() || !k.Created.Before(contractOwnedSince):
		return true
	default:
		return UserOwnedRegion(region)
	}
}

// EndpointsOf are the regions of a catalogue that a key works in and whose
// endpoint is known.
func EndpointsOf(k Key, catalogue []Region) []Region {
	return slices.DeleteFunc(slices.Clone(catalogue), func(r Region) bool {
		return r.Endpoint == "" || !k.WorksIn(r.ID)
	})
}
