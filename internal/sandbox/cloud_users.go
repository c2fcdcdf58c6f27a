package sandbox

import "net/http"

type contractProperties struct {
	ContractNumber int64  `json:"contractNumber"`
	Owner          string `json:"owner"`
	Status         string `json:"status"`
	RegDomain      string `json:"regDomain"`
}

// listContracts is open to every user: it tells them who owns the contract.
func listContracts(c *call) (reply, error) {
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	list := collection(c, "contracts", "/contracts", depth, c.caller.user.contracts, func(in *contract, _ int) resource {
		return resource{
			ID: in.String(), Type: "contract", Href: c.url(cloudBase + "/contracts/" + in.String()),
			Properties: contractProperties{in.number, in.owner.email, "BILLABLE", registrationDomain},
		}
	})
	return ok(list)
}

func listUsers(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	return c.userPage("users", "/um/users", nil)
}

// userPage lists a contract's users, of one group if it is not nil.
func (c *call) userPage(id, path string, g *group) (reply, error) {
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	p, err := c.page(100)
	if err != nil {
		return reply{}, err
	}
	members := c.state.members(c.caller.contract, g)
	list := collection(c, id, path, depth, cut(p, members), c.userResource)
	around := c.links(p, len(members))
	list.Offset, list.Limit, list.Links = &p.offset, &p.limit, &around
	return ok(list)
}

func getUser(c *call) (reply, error) {
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	u, err := c.user()
	if err != nil {
		return reply{}, err
	}
	return ok(c.userResource(u, depth))
}

func listUserGroups(c *call) (reply, error) {
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	u, err := c.user()
	if err != nil {
		return reply{}, err
	}
	return ok(collection(c, u.id+"/groups", "/um/users/"+u.id+"/groups", depth, u.groups, c.groupResource))
}

// user finds the user in the path. Who is no administrator reads their own
// record only, and is not told which others exist.
func (c *call) user() (*user, error) {
	if c.vars[0] != c.caller.user.id {
		if err := c.needAdministrator(); err != nil {
			return nil, err
		}
	}
	u := c.state.usersByID[c.vars[0]]
	if u == nil || u.contract(c.caller.contract.number) == nil {
		return nil, notFound()
	}
	return u, nil
}

// needAdministrator: that others are refused is expected, not documented.
func (c *call) needAdministrator() error {
	if c.caller.user.administrator() {
		return nil
	}
	return refuse(http.StatusForbidden, "[VDC-5-52] Access denied: administrator rights are required")
}

func (c *call) depth() (int, error) { return c.number("depth", 0, 0, 10) }
