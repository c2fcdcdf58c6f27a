package sandbox

import "net/http"

func listUsers(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	p, err := c.page(100)
	if err != nil {
		return reply{}, err
	}
	users, err := narrow(c, c.state.members(c.now, c.caller.contract, nil), userFields)
	if err != nil {
		return reply{}, err
	}
	return ok(paged(collection(c, "users", "/um/users", depth, cut(p, users), c.userResource), p, c.links(p, len(users))))
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
	groups, err := narrow(c, u.groups, groupFields)
	if err != nil {
		return reply{}, err
	}
	return ok(collection(c, u.id+"/groups", "/um/users/"+u.id+"/groups", depth, groups, c.groupResource))
}

// user finds the user in the path. Users other than administrators read their
// own record only, and do not learn which others exist.
func (c *call) user() (*user, error) {
	if c.vars[0] != c.caller.user.id {
		if err := c.needAdministrator(); err != nil {
			return nil, err
		}
	}
	u := c.state.usersByID[c.vars[0]]
	if u == nil || c.now.Before(u.visible) || u.contract(c.caller.contract.number) == nil {
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
