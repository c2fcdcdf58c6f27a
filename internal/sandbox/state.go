package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// state is what the three APIs share. Whoever touches it holds Sandbox.mu.
type state struct {
	users        []*user // in the order of listing
	usersByID    map[string]*user
	usersByEmail map[string]*user // by lower-case address
	groups       []*group
	keysByID     map[string]*key
	keysByAccess map[string]*key
	requests     map[string]*request
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
	role                           role
	active                         bool
	secAuthActive                  bool   // two factors: no Basic
	canonicalID                    string // empty until the first key exists
	created, lastLogin             time.Time
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
	privileges map[string]bool // by the name of the Cloud API's field
}

func newState() *state {
	return &state{
		usersByID:    map[string]*user{},
		usersByEmail: map[string]*user{},
		keysByID:     map[string]*key{},
		keysByAccess: map[string]*key{},
		requests:     map[string]*request{},
		revoked:      map[string]bool{},
	}
}

func (s *state) addUser(u *user) {
	s.users = append(s.users, u)
	s.usersByID[u.id] = u
	s.usersByEmail[strings.ToLower(u.email)] = u
}

// removeUser takes a user's keys along.
func (s *state) removeUser(u *user) {
	for len(u.keys) > 0 {
		s.removeKey(u.keys[0])
	}
	s.users = slices.DeleteFunc(s.users, func(other *user) bool { return other == u })
	delete(s.usersByID, u.id)
	delete(s.usersByEmail, strings.ToLower(u.email))
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
func (s *state) members(c *contract, g *group) []*user {
	var list []*user
	for _, u := range s.users {
		if u.contract(c.number) != nil && (g == nil || slices.Contains(u.groups, g)) {
			list = append(list, u)
		}
	}
	return list
}
