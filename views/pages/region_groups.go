package pages

import (
	"slices"

	"keydeck/internal/keys"
)

// regionGroup is the endpoints for one kind of buckets.
type regionGroup struct {
	label   string
	regions []keys.Region
}

// regionGroups sorts the regions by the buckets that they are for. Within a kind
// they stay in order.
func regionGroups(regions []keys.Region) []regionGroup {
	var groups []regionGroup
	for _, region := range regions {
		label := bucketLabel(bucketWords(region))
		i := slices.IndexFunc(groups, func(g regionGroup) bool { return g.label == label })
		if i < 0 {
			i, groups = len(groups), append(groups, regionGroup{label: label})
		}
		groups[i].regions = append(groups[i].regions, region)
	}
	return groups
}
