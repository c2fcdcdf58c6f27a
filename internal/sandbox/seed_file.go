package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// seedFile is the JSON of Config.Seed. See docs/emulator.md.
type seedFile struct {
	// Replace leaves the built-in users and groups out. The file then needs one
	// owner.
	Replace bool        `json:"replace"`
	Groups  []fileGroup `json:"groups"`
	Users   []fileUser  `json:"users"`
}

type fileGroup struct {
	Name       string   `json:"name"`
	Privileges []string `json:"privileges"`
}

type fileUser struct {
	Email     string    `json:"email"`
	Firstname string    `json:"firstname"`
	Lastname  string    `json:"lastname"`
	Password  string    `json:"password"`
	Role      role      `json:"role"`
	Active    *bool     `json:"active"`
	TwoFactor bool      `json:"twoFactor"`
	Groups    []string  `json:"groups"`
	Keys      []fileKey `json:"keys"`
}

type fileKey struct {
	AccessKey   string    `json:"accessKey"`
	SecretKey   string    `json:"secretKey"`
	Description string    `json:"description"`
	Active      *bool     `json:"active"`
	Created     time.Time `json:"created"`
	Legacy      bool      `json:"legacy"`
}

// fileCreated is when users and keys of a file were made, where it does not
// say.
var fileCreated = day(2025, time.June, 2)

// readSeed gives the state of a start with a file. The error is one sentence.
func readSeed(text []byte, users int) (*state, []Account, error) {
	var file seedFile
	if len(text) > 0 {
		if err := decode(text, &file); err != nil {
			return nil, nil, fmt.Errorf("sandbox: reading Config.Seed: %w", err)
		}
	}
	s, c, accounts := newState(), &contract{number: seededContract}, []Account{}
	if !file.Replace {
		s, accounts = seed(users), builtInAccounts()
		c = s.users[0].contracts[0]
	}
	for _, g := range file.Groups {
		if err := s.addFileGroup(g, c); err != nil {
			return nil, nil, fmt.Errorf("sandbox: Config.Seed: group %q: %w", g.Name, err)
		}
	}
	for _, u := range file.Users {
		if err := s.addFileUser(u, c); err != nil {
			return nil, nil, fmt.Errorf("sandbox: Config.Seed: user %q: %w", u.Email, err)
		}
		accounts = append(accounts, u.account())
	}
	if c.owner == nil {
		return nil, nil, errors.New("sandbox: Config.Seed: with replace, one user needs the role owner")
	}
	return s, accounts, nil
}

func (s *state) addFileGroup(in fileGroup, c *contract) error {
	if in.Name == "" {
		return errors.New("a name is needed")
	}
	if s.groupNamed(in.Name) != nil {
		return errors.New("the name is already in use")
	}
	g := &group{id: seededUUID("group", in.Name), name: in.Name, contract: c, privileges: map[string]bool{}}
	for _, p := range in.Privileges {
		if p == "name" || groupFields[p] == nil {
			return fmt.Errorf("there is no privilege %q", p)
		}
		g.privileges[p] = true
	}
	s.groups = append(s.groups, g)
	return nil
}

func (s *state) addFileUser(in fileUser, c *contract) error {
	u := &user{
		id: seededUUID("user", in.Email), email: in.Email, password: cmp.Or(in.Password, seededPassword),
		firstname: cmp.Or(in.Firstname, "First"), lastname: cmp.Or(in.Lastname, "Last"), role: cmp.Or(in.Role, roleMember),
		active: in.Active == nil || *in.Active, secAuthActive: in.TwoFactor, created: fileCreated.Truncate(time.Second),
		contracts: []*contract{c},
	}
	switch {
	case !strings.Contains(in.Email, "@"):
		return errors.New("an e-mail address is needed")
	case s.emailTaken(in.Email, nil):
		return errors.New("the e-mail address is already in use")
	case u.role != roleOwner && u.role != roleAdmin && u.role != roleMember:
		return errors.New(`role must be "owner", "admin" or "user"`)
	case u.role == roleOwner && c.owner != nil:
		return errors.New("the contract has an owner already")
	case len(in.Keys) > keyLimit:
		return errors.New("a user has at most five keys")
	}
	for _, name := range in.Groups {
		g := s.groupNamed(name)
		if g == nil {
			return fmt.Errorf("there is no group %q", name)
		}
		u.join(g)
	}
	if u.role == roleOwner {
		c.owner = u
	}
	s.addUser(u)
	for i, k := range in.Keys {
		if err := s.addFileKey(k, u, c, i); err != nil {
			return err
		}
	}
	return nil
}

func (s *state) addFileKey(in fileKey, u *user, c *contract, i int) error {
	if in.Created.IsZero() {
		in.Created = fileCreated
	}
	k := seededKey{description: in.Description, created: in.Created, inactive: in.Active != nil && !*in.Active, legacy: in.Legacy}.key(u, c, i)
	k.accessKey, k.secret = cmp.Or(in.AccessKey, k.accessKey), cmp.Or(in.SecretKey, k.secret)
	if s.keysByAccess[k.accessKey] != nil {
		return fmt.Errorf("key %d: the access key is already in use", i+1)
	}
	s.addKey(k)
	return nil
}

func (u fileUser) account() Account {
	return Account{
		Email: u.Email, Password: cmp.Or(u.Password, seededPassword),
		Name: cmp.Or(u.Firstname, "First") + " " + cmp.Or(u.Lastname, "Last"), Note: "from the seed file",
	}
}
