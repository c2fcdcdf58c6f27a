package sandbox

import "cmp"

type regionBody struct {
	ID         string           `json:"id"`
	Type       string           `json:"type"`
	Href       string           `json:"href"`
	Metadata   struct{}         `json:"metadata"`
	Properties regionProperties `json:"properties"`
}

type regionProperties struct {
	Version        int              `json:"version"`
	Endpoint       string           `json:"endpoint"`
	Website        string           `json:"website"`
	Capability     regionCapability `json:"capability"`
	StorageClasses []string         `json:"storageClasses"`
	Location       string           `json:"location"`
	Ownership      string           `json:"bucketOwnership"`
}

type regionCapability struct {
	IAM      bool `json:"iam"`
	S3Select bool `json:"s3select"`
}

// listRegions needs a token, but no privilege.
func listRegions(c *call) (reply, error) {
	p, err := c.page(1000)
	if err != nil {
		return reply{}, err
	}
	body := collectionBody[regionBody]{
		ID: seededUUID("collection", "regions"), Type: "collection", Href: c.url("/regions"),
		Items: []regionBody{}, Offset: p.offset, Limit: p.limit, Links: c.links(p, len(regionTable)),
	}
	for _, r := range cut(p, regionTable) {
		body.Items = append(body.Items, c.regionBody(r))
	}
	return ok(body)
}

func getRegion(c *call) (reply, error) {
	for _, r := range regionTable {
		if r.id == c.vars[0] {
			return ok(c.regionBody(r))
		}
	}
	return reply{}, notFound()
}

func (c *call) regionBody(r region) regionBody {
	return regionBody{
		ID: r.id, Type: "region", Href: c.url("/regions/" + r.id),
		Properties: regionProperties{
			Version: 2, Endpoint: cmp.Or(c.storageHost, r.endpoint), Website: r.website,
			Capability:     regionCapability{IAM: r.contractOwned},
			StorageClasses: []string{"standard"}, Location: r.location, Ownership: r.ownership(),
		},
	}
}
