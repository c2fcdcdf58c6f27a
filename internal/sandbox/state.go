package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// state is what the three APIs share. Sandbox.mu guards it.
type state struct {
	users        []*user // in the order of listing
	usersByID    map[string]*user
	usersByEmail map[string]*user // by lower-case address
	groups       []*group
	keysByID     map[string]*key
	keysByAccess map[string]*key
	requests     []*request // in the order of acceptance
	requestsByID map[string]*request
	revoked      map[string]bool // token ids
	pending      []change        // in the order in which they fall due
	propagation  time.Duration   // from the APIs to the S3 endpoint
}

type contract struct {
	number int64
	owner  *user
}

func (c *contract) String() string { return strconv.FormatInt(c.number, 10) }

// role is the word that a token carries in identity.role.
type role string

const (
	roleOwner  role = "owner"
	roleAdmin  role = "admin"
	roleMember role = "user"
)

type user struct {
	id, firstname, lastname, email string
	nextEmail                      string // of a change that is pending
	indexedEmail                   string // under which it is found
	role                           role
	password                       string
	active, forceSecAuth           bool
	secAuthActive                  bool   // two factors: no Basic
	canonicalID                    string // empty until the first key exists
	created, modified, lastLogin   time.Time
	createdBy, modifiedBy          *user     // nil for one who was seeded
	visible                        time.Time // until then the user is being created
	privilegeSpread                time.Time // until then a granted privilege has no effect
	contracts                      []*contract
	groups                         []*group
	keys                           []*key
	tokens                         []issuedToken
	made, renewed                  int // keys and secrets since the start
}

func (u *user) administrator() bool { return u.role != roleMember }

func (u *user) contract(number int64) *contract {
	i := slices.IndexFunc(u.contracts, func(c *contract) bool { return c.number == number })
	if i < 0 {
		return nil
	}
	return u.contracts[i]
}

// keysIn gives a fresh list of the user's keys of one contract, oldest first.
func (u *user) keysIn(in *contract) []*key {
	return slices.DeleteFunc(slices.Clone(u.keys), func(k *key) bool { return k.contract != in })
}

type group struct {
	id, name   string
	contract   *contract
	visible    time.Time       // until then the group is being created
	privileges map[string]bool // by the name of the Cloud API's field
}

func newState() *state {
	return &state{
		usersByID:    map[string]*user{},
		usersByEmail: map[string]*user{},
		keysByID:     map[string]*key{},
		keysByAccess: map[string]*key{},
		requestsByID: map[string]*request{},
		revoked:      map[string]bool{},
	}
}

func (s *state) addUser(u *user) {
	s.users = append(s.users, u)
	s.usersByID[u.id] = u
	s.indexEmail(u)
}

// indexEmail has a user found by the address they have now.
func (s *state) indexEmail(u *user) {
	delete(s.usersByEmail, u.indexedEmail)
	u.indexedEmail, u.nextEmail = strings.ToLower(u.email), ""
	s.usersByEmail[u.indexedEmail] = u
}

// removeUser removes a user and their keys. It may be called again.
func (s *state) removeUser(u *user) {
	if s.usersByID[u.id] != u {
		return
	}
	for len(u.keys) > 0 {
		s.removeKey(u.keys[0])
	}
	s.users = slices.DeleteFunc(s.users, func(other *user) bool { return other == u })
	delete(s.usersByID, u.id)
	delete(s.usersByEmail, u.indexedEmail)
}

// userNamed finds a user by e-mail address or id.
func (s *state) userNamed(name string) *user {
	if u := s.usersByEmail[strings.ToLower(name)]; u != nil {
		return u
	}
	return s.usersByID[name]
}

// groupNamed finds a group by name or id.
func (s *state) groupNamed(name string) *group {
	for _, g := range s.groups {
		if g.name == name || g.id == name {
			return g
		}
	}
	return nil
}

// members lists a contract's users, of one group if it is not nil.
func (s *state) members(now time.Time, c *contract, g *group) []*user {
	var list []*user
	for _, u := range s.users {
		if !now.Before(u.visible) && u.contract(c.number) != nil && (g == nil || slices.Contains(u.groups, g)) {
			list = append(list, u)
		}
	}
	return list
}

// groupsOf lists a contract's groups.
func (s *state) groupsOf(now time.Time, c *contract) []*group {
	var list []*group
	for _, g := range s.groups {
		if g.contract == c && !now.Before(g.visible) {
			list = append(list, g)
		}
	}
	return list
}

func (s *state) removeGroup(g *group) {
	s.groups = slices.DeleteFunc(s.groups, func(other *group) bool { return other == g })
	for _, u := range s.users {
		u.leave(g)
	}
}

// join and leave replace the list, which others may share.
func (u *user) join(g *group) {
	if !slices.Contains(u.groups, g) {
		u.groups = append(slices.Clone(u.groups), g)
	}
}

func (u *user) leave(g *group) {
	u.groups = slices.DeleteFunc(slices.Clone(u.groups), func(other *group) bool { return other == g })
}
