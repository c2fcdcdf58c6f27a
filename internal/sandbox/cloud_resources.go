package sandbox

import (
	"encoding/base64"
	"net/http"
)

// resourceTypes are those of the Cloud API. The sandbox has no resources, so
// every list of them is empty.
var resourceTypes = map[string]bool{
	"datacenter": true, "snapshot": true, "image": true, "ipblock": true, "pcc": true, "backupunit": true, "k8s": true,
}

// noResources answers with an empty collection. Its id and address end in the
// last segment of the path, such as owns, resources or shares.
func noResources(c *call, id, path string) (reply, error) {
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	none, err := narrow(c, []resource{}, resourceFields)
	if err != nil {
		return reply{}, err
	}
	return ok(collection(c, id, path, depth, none, func(r resource, _ int) resource { return r }))
}

func listOwned(c *call) (reply, error) {
	u, err := c.user()
	if err != nil {
		return reply{}, err
	}
	return noResources(c, u.id+"/owns", "/um/users/"+u.id+"/owns")
}

func listGroupResources(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	return noResources(c, g.id+"/resources", "/um/groups/"+g.id+"/resources")
}

func listGroupShares(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	return noResources(c, g.id+"/shares", "/um/groups/"+g.id+"/shares")
}

func listResources(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	return noResources(c, "resources", "/um/resources")
}

func listResourcesOfType(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	if !resourceTypes[c.vars[0]] {
		return reply{}, notFound()
	}
	return noResources(c, "resources/"+c.vars[0], "/um/resources/"+c.vars[0])
}

// getResource finds none, since there are none.
func getResource(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	return reply{}, notFound()
}

// getSingleSignOn gives the address at which an owner or administrator reaches
// the storage of a user. The page behind it stands in for the vendor's.
func getSingleSignOn(c *call) (reply, error) {
	u, err := c.user()
	if err != nil {
		return reply{}, err
	}
	if !u.privilegedFor(c.now) {
		return reply{}, noPrivilege()
	}
	ticket := base64.RawURLEncoding.EncodeToString(c.randomBytes(18))
	return ok(map[string]string{"ssoUrl": c.url("/sso/object-storage/" + ticket)})
}

// showSingleSignOn is where the vendor shows a person's buckets.
func showSingleSignOn(*call) (reply, error) {
	return reply{status: http.StatusOK, body: map[string]string{"page": "The vendor's web interface of the object storage is not part of the sandbox."}}, nil
}
