package keys

import (
	"slices"
	"strings"
	"time"

	"keydeck/internal/secret"
)

// MaxPerUser is how many access keys one user can have.
const MaxPerUser = 5

// Status is the state of a key in the Management API.
type Status string

// The states of a key. StatusUnknown stands for a key that only the Cloud API
// lists, which has no states.
const (
	StatusUnknown      Status = ""
	StatusProvisioning Status = "PROVISIONING"
	StatusAvailable    Status = "AVAILABLE"
	StatusDestroying   Status = "DESTROYING"
	StatusFailed       Status = "FAILED"
)

// Activity says whether a key opens buckets. Only the Cloud API knows.
type Activity int

// The activities of a key.
const (
	ActivityUnknown Activity = iota
	Active
	Inactive
)

// Source is a set of the APIs that something is known from.
type Source uint8

// The APIs that tell of keys.
const (
	Management Source = 1 << iota // Object Storage Management: description, state, regions
	Cloud                         // Cloud v6: active or not, the secret
)

// The names of the APIs, as people know them and as [Error] holds them.
const (
	ManagementAPI = "Object Storage Management API"
	CloudAPI      = "Cloud API"
	AuthAPI       = "Auth API"
)

// Has reports whether s holds all of other.
func (s Source) Has(other Source) bool { return s&other == other }

// Scope says which buckets a key opens.
type Scope int

// The scopes of a key.
const (
	ScopeUnknown Scope = iota
	ScopeAllBuckets
	ScopeUserOwned
)

// Key is an access key without its secret.
type Key struct {
	AccessKey     string // what S3 clients send, and what names the key in addresses
	ResourceID    string // UUID in the Management API; empty for a key that only Cloud lists
	Description   string
	Status        Status
	StatusMessage string // the API's words on a failed key
	Activity      Activity
	Admin         bool      // has the rights of the owner or administrator; false when unknown
	Regions       []string  // where the key works; empty when unknown
	Created       time.Time // zero when unknown
	KnownFrom     Source

	CanonicalUserID string // the owner's; empty until it is known
	ContractUserID  string // "<contract>:<user UUID>"; empty when unknown
}

// Settled reports whether the key is in a state that lasts by itself.
func (k Key) Settled() bool {
	return k.Status != StatusProvisioning && k.Status != StatusDestroying
}

// usable reports whether the key can be counted on: it is not being deleted and
// has not failed.
func (k Key) usable() bool { return k.Status != StatusDestroying && k.Status != StatusFailed }

// userOwnedRegions are the regions of user-owned buckets: the contract's
// section 4. Regions that came later hold contract-owned buckets.
var userOwnedRegions = []string{"de", "eu-central-2", "eu-south-2"}

// UserOwnedRegion reports whether a region holds user-owned buckets, and not
// contract-owned ones.
func UserOwnedRegion(region string) bool { return slices.Contains(userOwnedRegions, region) }

// Scope tells which buckets the key opens. The APIs do not say it outright: a
// key from before 25 April 2024 lists only the regions of user-owned buckets.
func (k Key) Scope() Scope {
	if len(k.Regions) == 0 {
		return ScopeUnknown
	}
	for _, region := range k.Regions {
		if !UserOwnedRegion(region) {
			return ScopeAllBuckets
		}
	}
	return ScopeUserOwned
}

// EstimatedScope tells which buckets the key opens where no API tells its regions,
// as for keys of other users: it judges by the form of the access key and by the
// date. Keys from before 25 April 2024 have 20 hexadecimal digits and open
// user-owned buckets only.
func (k Key) EstimatedScope() Scope {
	switch scope := k.Scope(); {
	case scope != ScopeUnknown:
		return scope
	case legacyForm(k.AccessKey), !k.Created.IsZero() && k.Created.Before(contractOwnedSince):
		return ScopeUserOwned
	case !k.Created.IsZero(), wholeKey.MatchString(k.AccessKey):
		return ScopeAllBuckets
	default:
		return ScopeUnknown
	}
}

// KeyPair is a key with its secret.
type KeyPair struct {
	Key    Key
	Secret secret.Value
}

// Change is a change that an API has accepted and works on by itself.
type Change struct {
	RequestID string // to ask [Store.ChangeState] with; empty when the API named none
}

// ChangeState is how far a [Change] has come.
type ChangeState struct {
	Done, Failed bool
	Message      string // the API's words, on a failed change
}

// Region is a place where buckets are kept.
type Region struct {
	ID        string // e.g. "eu-central-3"
	Location  string // the API's code of the place, e.g. "de/ber"
	Endpoint  string // host name of the S3 endpoint, e.g. "s3.eu-central-3.ionoscloud.com"
	Plain     bool   // the endpoint speaks http and not https, as the sandbox's does
	Ownership Ownership
}

// maxAccessKey bounds what is taken for an access key: real ones have 20 or 92
// characters today.
const maxAccessKey = 256

// ValidAccessKey reports whether s can be an access key: URL-safe characters,
// no more than 256. What is not cannot name a key, and is not asked for.
func ValidAccessKey(s string) bool { return validID(s, maxAccessKey) }

// ValidUserID reports whether s can be the id of a user or a group: the APIs
// use UUIDs.
func ValidUserID(s string) bool { return len(s) == 36 && validID(s, 36) }

func validID(s string, limit int) bool {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	return s != "" && len(s) <= limit && strings.Trim(s, safe) == ""
}

// CompareCreated orders the times at which keys were created, the oldest first. The
// zero time, which is unknown, comes last.
func CompareCreated(a, b time.Time) int {
	switch {
	case a.IsZero() == b.IsZero():
		return a.Compare(b)
	case a.IsZero():
		return 1
	default:
		return -1
	}
}
