package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// minPassword is the password policy of a contract as delivered, in characters.
const minPassword = 5

// userProperties that are left out of a PUT are not kept: what the service
// makes of them is not found documented, and a careless caller loses them.
type userWrite struct {
	Firstname         *string `json:"firstname"`
	Lastname          *string `json:"lastname"`
	Email             *string `json:"email"`
	Password          *string `json:"password"`
	Administrator     bool    `json:"administrator"`
	ForceSecAuth      bool    `json:"forceSecAuth"`
	SecAuthActive     *bool   `json:"secAuthActive"`
	Active            *bool   `json:"active"`
	S3CanonicalUserID any     `json:"s3CanonicalUserId"` // read-only, and ignored
}

// readProperties decodes the properties of a body into a value. Unknown ones are
// refused, since they could not be carried out.
func (c *call) readProperties(id string, into any) error {
	var in struct {
		ID         *string         `json:"id"`
		Properties json.RawMessage `json:"properties"`
	}
	if err := c.readJSON(&in); err != nil {
		return err
	}
	if len(in.Properties) == 0 {
		return unprocessable("properties: is required")
	}
	if in.ID != nil && id != "" && *in.ID != id {
		return unprocessable("id: must be the one in the path")
	}
	decoder := json.NewDecoder(bytes.NewReader(in.Properties))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return unprocessable("properties: " + strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

func unprocessable(message string) *refusal {
	return refuse(http.StatusUnprocessableEntity, "[VDC-8-5] "+message)
}

// readUser reads and checks the properties of a user, of one that exists or nil.
func (c *call) readUser(of *user) (userWrite, error) {
	var in userWrite
	id := ""
	if of != nil {
		id = of.id
	}
	if err := c.readProperties(id, &in); err != nil {
		return in, err
	}
	for name, value := range map[string]*string{"firstname": in.Firstname, "lastname": in.Lastname, "email": in.Email} {
		if value == nil || strings.TrimSpace(*value) == "" {
			return in, unprocessable("properties." + name + ": is required")
		}
	}
	switch {
	case !strings.Contains(*in.Email, "@") || strings.ContainsAny(*in.Email, " \t\r\n"):
		return in, unprocessable("properties.email: must be an e-mail address")
	case c.state.emailTaken(*in.Email, of):
		return in, refuse(http.StatusUnprocessableEntity, "[VDC-7-3] The e-mail address is already in use")
	case of == nil && in.Password == nil:
		return in, unprocessable("properties.password: is required")
	case in.Password != nil && utf8.RuneCountInString(*in.Password) < minPassword:
		return in, refuse(http.StatusUnprocessableEntity, "[VDC-7-9] The password does not meet the contract's password policy: at least 5 characters")
	case in.SecAuthActive != nil && *in.SecAuthActive != (of != nil && of.secAuthActive):
		return in, unprocessable("properties.secAuthActive: is set by the user alone")
	}
	return in, nil
}

// emailTaken counts addresses that users are about to get.
func (s *state) emailTaken(email string, by *user) bool {
	return slices.ContainsFunc(s.users, func(u *user) bool {
		return u != by && (strings.EqualFold(u.email, email) || strings.EqualFold(u.nextEmail, email))
	})
}

func createUser(c *call) (reply, error) {
	if err := c.needAdministrator(); err != nil {
		return reply{}, err
	}
	in, err := c.readUser(nil)
	if err != nil {
		return reply{}, err
	}
	u := &user{id: c.newUUID(), contracts: []*contract{c.caller.contract}, created: c.now, createdBy: c.caller.user, active: true}
	in.apply(u)
	req := c.newRequest(u.target(), "User created")
	u.visible = req.settles
	c.state.addUser(u)
	body := c.userResource(u, 0)
	body.Entities = nil
	return c.requested(http.StatusAccepted, req, body), nil
}

// updateUser replaces all properties. The answer shows them; the user follows
// when the request is done.
func updateUser(c *call) (reply, error) {
	u, err := c.changeableUser()
	if err != nil {
		return reply{}, err
	}
	in, err := c.readUser(u)
	if err != nil {
		return reply{}, err
	}
	active := in.Active != nil && *in.Active
	in.Active = &active
	switch {
	case u.role == roleOwner && (!in.Administrator || !active):
		// The owner's record says administrator, and stays so.
		return reply{}, refuse(http.StatusUnprocessableEntity, "[VDC-7-5] The contract owner cannot be demoted or deactivated")
	case u == c.caller.user && (!in.Administrator || !active):
		return reply{}, refuse(http.StatusUnprocessableEntity, "[VDC-7-6] You cannot demote or deactivate yourself")
	}
	req := c.newRequest(u.target(), "User updated")
	u.nextEmail = *in.Email
	by, at := c.caller.user, c.now
	c.schedule(req, func(s *state) {
		if s.usersByID[u.id] != u {
			return
		}
		s.granting(req.settles, []*user{u}, func() { in.apply(u) })
		u.modified, u.modifiedBy = at, by
		s.indexEmail(u)
	})
	shown := *u
	in.apply(&shown)
	return c.requested(http.StatusAccepted, req, c.userResource(&shown, 0)), nil
}

// apply writes the properties to a user. An owner stays the owner.
func (in userWrite) apply(u *user) {
	u.firstname, u.lastname, u.email, u.forceSecAuth = *in.Firstname, *in.Lastname, *in.Email, in.ForceSecAuth
	set(&u.password, in.Password)
	set(&u.active, in.Active)
	switch {
	case u.role == roleOwner:
	case in.Administrator:
		u.role = roleAdmin
	default:
		u.role = roleMember
	}
}

// deleteUser removes a user with their keys. What they created stays.
func deleteUser(c *call) (reply, error) {
	u, err := c.changeableUser()
	if err != nil {
		return reply{}, err
	}
	switch {
	case u.role == roleOwner:
		return reply{}, refuse(http.StatusUnprocessableEntity, "[VDC-7-5] The contract owner cannot be deleted")
	case u == c.caller.user:
		return reply{}, refuse(http.StatusUnprocessableEntity, "[VDC-7-6] You cannot delete yourself")
	}
	req := c.newRequest(u.target(), "User deleted")
	c.schedule(req, func(s *state) { s.removeUser(u) })
	return c.requested(http.StatusAccepted, req, nil), nil
}

// changeableUser finds the user in the path. Owners and administrators alone may write,
// their own record too.
func (c *call) changeableUser() (*user, error) {
	if err := c.needAdministrator(); err != nil {
		return nil, err
	}
	return c.user()
}
