package sandbox

func listGroups(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	depth, err := c.depth()
	if err != nil {
		return reply{}, err
	}
	return ok(collection(c, "groups", "/um/groups", depth, c.state.groups, c.groupResource))
}

// Members see the groups they are in through their own record only.
func getGroup(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	return ok(c.groupResource(g, 0))
}

func listGroupUsers(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	return c.userPage(g.id+"/users", "/um/groups/"+g.id+"/users", g)
}

func (c *call) group() (*group, error) {
	if err := c.needAdministrator(); err != nil {
		return nil, err
	}
	for _, g := range c.state.groups {
		if g.id == c.vars[0] {
			return g, nil
		}
	}
	return nil, notFound()
}
