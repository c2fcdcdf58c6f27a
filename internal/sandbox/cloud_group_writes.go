package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
)

// groupWrite is a group's properties. Booleans that are left out are false: a
// PUT replaces all of them.
type groupWrite struct {
	name       string
	privileges map[string]bool
}

func (c *call) readGroup(of *group) (groupWrite, error) {
	in := groupWrite{privileges: map[string]bool{}}
	id := ""
	if of != nil {
		id = of.id
	}
	var properties map[string]json.RawMessage
	if err := c.readProperties(id, &properties); err != nil {
		return in, err
	}
	for name, raw := range properties {
		var err error
		switch read := groupFields[name]; {
		case name == "name":
			err = json.Unmarshal(raw, &in.name)
		case read == nil:
			return in, unprocessable("properties." + name + ": there is no such property")
		default:
			var granted bool
			err = json.Unmarshal(raw, &granted)
			in.privileges[name] = granted
		}
		if err != nil {
			return in, unprocessable("properties." + name + ": wrong type")
		}
	}
	if strings.TrimSpace(in.name) == "" {
		return in, unprocessable("properties.name: is required")
	}
	for _, g := range c.state.groups {
		if g != of && g.contract == c.caller.contract && g.name == in.name {
			return in, refuse(http.StatusUnprocessableEntity, "[VDC-7-2] The group name is already in use")
		}
	}
	return in, nil
}

func (in groupWrite) apply(g *group) { g.name, g.privileges = in.name, in.privileges }

func createGroup(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	in, err := c.readGroup(nil)
	if err != nil {
		return reply{}, err
	}
	g := &group{id: c.newUUID(), contract: c.caller.contract}
	in.apply(g)
	req := c.newRequest(g.target(), "Group created")
	g.visible = req.settles
	c.state.groups = append(c.state.groups, g)
	return c.requested(http.StatusAccepted, req, c.groupResource(g, 0)), nil
}

func updateGroup(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	in, err := c.readGroup(g)
	if err != nil {
		return reply{}, err
	}
	req := c.newRequest(g.target(), "Group updated")
	c.schedule(req, func(s *state) {
		s.granting(req.settles, s.members(req.settles, g.contract, g), func() { in.apply(g) })
	})
	shown := *g
	in.apply(&shown)
	return c.requested(http.StatusAccepted, req, c.groupResource(&shown, 0)), nil
}

// deleteGroup takes the group's privileges from its members.
func deleteGroup(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	req := c.newRequest(g.target(), "Group deleted")
	c.schedule(req, func(s *state) { s.removeGroup(g) })
	return c.requested(http.StatusAccepted, req, nil), nil
}

// addMember takes a body of {"id"} alone. Adding a member again changes
// nothing, which is not found documented.
func addMember(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	var in struct {
		ID string `json:"id"`
	}
	if err := c.readJSON(&in); err != nil {
		return reply{}, err
	}
	u := c.state.usersByID[in.ID]
	switch {
	case in.ID == "":
		return reply{}, unprocessable("id: is required")
	case u == nil || c.now.Before(u.visible) || u.contract(c.caller.contract.number) == nil:
		return reply{}, unprocessable("id: there is no such user")
	}
	req := c.newRequest(g.target(), "User added to the group")
	c.schedule(req, func(s *state) {
		if g := s.groupNamed(g.id); g != nil {
			s.granting(req.settles, []*user{u}, func() { u.join(g) })
		}
	})
	return c.requested(http.StatusAccepted, req, c.userResource(u, 0)), nil
}

// removeMember accepts a user who is no member.
func removeMember(c *call) (reply, error) {
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	u := c.state.usersByID[c.vars[1]]
	if u == nil || u.contract(c.caller.contract.number) == nil {
		return reply{}, notFound()
	}
	req := c.newRequest(g.target(), "User removed from the group")
	c.schedule(req, func(*state) { u.leave(g) })
	return c.requested(http.StatusAccepted, req, nil), nil
}
