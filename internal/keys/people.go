package keys

import (
	"slices"
	"strings"
	"time"
)

// Role is what a person may do in a contract.
type Role string

// The roles.
const (
	RoleOwner         Role = "owner"
	RoleAdministrator Role = "administrator"
	RoleUser          Role = "user"
)

// ManagesOthers reports whether the role may manage other people's keys.
func (r Role) ManagesOthers() bool { return r == RoleOwner || r == RoleAdministrator }

// Owner is the person whose keys are meant.
type Owner struct {
	UserID   string
	Email    string
	Contract string // contract number

	// Managed: somebody looks after this user's keys. The Management API
	// serves the signed-in person alone, so all goes through the Cloud API,
	// which knows neither descriptions nor states nor regions.
	Managed bool
}

// ContractUserID is what other people share contract-owned buckets with.
func (o Owner) ContractUserID() string { return o.Contract + ":" + o.UserID }

// User is a person in the contract.
type User struct {
	ID                  string
	FirstName, LastName string
	Email               string
	Administrator       bool
	Active              bool
	TwoFactor           bool
	CanonicalUserID     string    // empty until the first key exists
	Created             time.Time // zero when unknown
	LastLogin           time.Time // zero when never, or unknown
	Groups              []string  // ids; nil when the API did not tell
}

// Name is the person's full name, or the e-mail where there is none.
func (u User) Name() string {
	switch {
	case u.FirstName != "" && u.LastName != "":
		return u.FirstName + " " + u.LastName
	case u.FirstName+u.LastName != "":
		return u.FirstName + u.LastName
	default:
		return u.Email
	}
}

// Group is a group of users with the privileges it gives them.
type Group struct {
	ID               string
	Name             string
	UseObjectStorage bool // the privilege "Use Object Storage"
}

// Permission is whether a user may use object storage, and why.
type Permission struct {
	Known   bool    // the API has told enough to say
	Role    Role    // what the user is in the contract
	Through []Group // the groups that give the privilege
}

// Allowed reports whether the user may use object storage, as far as is known:
// owners and administrators need no group.
func (p Permission) Allowed() bool { return p.Role.ManagesOthers() || len(p.Through) > 0 }

// PermissionOf tells a user's permission, from the groups that there are. The
// owner is who the contract names by e-mail.
func PermissionOf(u User, contract Contract, groups []Group) Permission {
	p := Permission{Known: u.Groups != nil, Role: RoleUser}
	switch {
	case u.Email != "" && strings.EqualFold(u.Email, contract.OwnerEmail):
		p.Role, p.Known = RoleOwner, true
	case u.Administrator:
		p.Role, p.Known = RoleAdministrator, true
	}
	for _, g := range groups {
		if g.UseObjectStorage && slices.Contains(u.Groups, g.ID) {
			p.Through = append(p.Through, g)
		}
	}
	return p
}

// Contract is a contract with the vendor.
type Contract struct {
	Number     string
	OwnerEmail string
	Status     string
}

// Page is a part of a longer list.
type Page struct{ Offset, Limit int }

// Identity is what a token says of its bearer. The signature is not checked
// here: the APIs do that with every call.
type Identity struct {
	UserID   string
	Contract string // contract number
	Owner    bool
	TokenID  string
	Expires  time.Time
}

// Credentials are what a person signs in with.
type Credentials struct {
	Email    string
	Password Secret
	Contract string // contract number, for users of several; else empty
}

// Access is what calls to the APIs are made with.
type Access struct {
	Token    Secret
	Contract string // sent along where the person named one; else empty
}
