package ionos

import (
	"context"
	"encoding/json"
	"net"
	"net/netip"
	"strings"

	management "github.com/ionos-cloud/sdk-go-bundle/products/objectstoragemanagement/v2"
	"github.com/ionos-cloud/sdk-go-bundle/shared"

	"keydeck/internal/keys"
)

// Regions implements keys.Store.
func (s session) Regions(ctx context.Context) ([]keys.Region, error) {
	list, c, err := do(ctx, s, listRegions, func(ctx context.Context) (management.RegionReadList, *shared.APIResponse, error) {
		return s.client.management.RegionsApi.RegionsGet(ctx).Limit(ownKeysPage).Execute()
	})
	if err != nil {
		return nil, err
	}
	items, err := itemsOf(&list.Items, c)
	if err != nil {
		return nil, err
	}
	ownership := ownerships(c.body)
	regions := make([]keys.Region, 0, len(items))
	for _, item := range items {
		regions = append(regions, keys.Region{
			ID:        item.Id,
			Location:  item.Properties.Location,
			Endpoint:  hostName(item.Properties.Endpoint),
			Plain:     speaksHTTP(item.Properties.Endpoint),
			Ownership: ownership[item.Id],
		})
	}
	return unique(regions, func(r keys.Region) string { return r.ID }), nil
}

// ownerships returns whose the buckets of the regions in a response are, by the
// regions' ids. The field is documented, and not in the SDK's model; a value that
// cannot be read is as one that is not there.
func ownerships(body []byte) map[string]keys.Ownership {
	var list struct {
		Items []struct {
			ID         string `json:"id"`
			Properties struct {
				BucketOwnership string `json:"bucketOwnership"`
			} `json:"properties"`
		} `json:"items"`
	}
	// An error leaves out what has another type, and no more.
	_ = json.Unmarshal(body, &list)
	found := map[string]keys.Ownership{}
	for _, item := range list.Items {
		found[item.ID] = ownershipWords[item.Properties.BucketOwnership]
	}
	return found
}

// ownershipWords are the values of bucketOwnership. The documentation has the
// first; the second is formed after it.
var ownershipWords = map[string]keys.Ownership{
	"user-owned":     keys.UserOwned,
	"contract-owned": keys.ContractOwned,
}

// speaksHTTP reports whether an endpoint speaks http. The API names bare hosts, so a
// loopback address, which is the sandbox's, is taken for one that does.
func speaksHTTP(endpoint string) bool {
	if scheme, _, found := strings.Cut(endpoint, "://"); found {
		return scheme == "http"
	}
	host, _, err := net.SplitHostPort(endpoint)
	if err != nil {
		host = endpoint
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && address.IsLoopback() || host == "localhost"
}

// hostName returns the host of an endpoint, without scheme and path.
func hostName(endpoint string) string {
	if _, host, found := strings.Cut(endpoint, "://"); found {
		endpoint = host
	}
	host, _, _ := strings.Cut(endpoint, "/")
	return host
}
