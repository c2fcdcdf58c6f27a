package sandbox

func listGroups(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	groups, err := narrow(c, c.state.groupsOf(c.now, c.caller.contract), groupFields)
	if err != nil {
		return reply{}, err
	}
	return ok(collection(c, "groups", "/um/groups", depth, groups, c.groupResource))
}

// Members see the groups they are in through their own record only.
func getGroup(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	return ok(c.groupResource(g, 0))
}

// listGroupUsers gives all members, or a page where the query has one. The
// official model of the answer has no links.
func listGroupUsers(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	members, err := narrow(c, c.state.members(c.now, c.caller.contract, g), userFields)
	if err != nil {
		return reply{}, err
	}
	if query := c.r.URL.Query(); query.Has("offset") || query.Has("limit") {
		p, err := c.page(100)
		if err != nil {
			return reply{}, err
		}
		members = cut(p, members)
	}
	return ok(collection(c, g.id+"/users", "/um/groups/"+g.id+"/users", depth, members, c.userResource))
}

func (c *call) group() (*group, error) {
	if err := c.needAdministrator(); err != nil {
		return nil, err
	}
	for _, g := range c.state.groupsOf(c.now, c.caller.contract) {
		if g.id == c.vars[0] {
			return g, nil
		}
	}
	return nil, notFound()
}
