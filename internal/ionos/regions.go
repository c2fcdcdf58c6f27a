package ionos

import (
	"context"
	"strings"

	management "github.com/ionos-cloud/sdk-go-bundle/products/objectstoragemanagement/v2"
	"github.com/ionos-cloud/sdk-go-bundle/shared"

	"keydeck/internal/keys"
)

// Regions implements keys.Store.
func (s session) Regions(ctx context.Context) ([]keys.Region, error) {
	list, x, err := ask(ctx, s, listRegions, func(ctx context.Context) (management.RegionReadList, *shared.APIResponse, error) {
		return s.client.management.RegionsApi.RegionsGet(ctx).Limit(ownKeysPage).Execute()
	})
	if err != nil {
		return nil, err
	}
	if list.Items == nil {
		return nil, x.unreadable("has no items")
	}
	regions := make([]keys.Region, 0, len(list.Items))
	for _, item := range list.Items {
		regions = append(regions, keys.Region{
			ID:       item.Id,
			Location: item.Properties.Location,
			Endpoint: hostName(item.Properties.Endpoint),
			Plain:    strings.HasPrefix(item.Properties.Endpoint, "http://"),
		})
	}
	return regions, nil
}

// hostName takes off what would make an address of an endpoint.
func hostName(endpoint string) string {
	if _, host, found := strings.Cut(endpoint, "://"); found {
		endpoint = host
	}
	host, _, _ := strings.Cut(endpoint, "/")
	return host
}
