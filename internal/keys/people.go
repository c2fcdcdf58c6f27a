package keys

import (
	"time"

	"keydeck/internal/secret"
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
	Name     string // full name, or the e-mail where there is none; empty when unknown
	Contract string // contract number

	// Managed: an owner or administrator manages this user's keys. The Management API
	// serves the signed-in person alone, so all goes through the Cloud API,
	// which knows neither descriptions nor states nor regions.
	Managed bool
	// Self, of one who is managed, is the signed-in person: the Management API
	// says which of the keys are administrative.
	Self bool
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
	TwoFactorForced     bool      // the user has to set it up
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
	Password secret.Value
	Contract string // contract number, for users of several; else empty
}

// Access is what calls to the APIs are made with.
type Access struct {
	Token    secret.Value
	Contract string // sent along where the person named one; else empty
}
