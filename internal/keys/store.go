package keys

import (
	"context"
	"time"

	"keydeck/internal/secret"
)

// Store is the access keys that one person's token reaches. It keeps the
// vendor's SDKs out of the rules.
//
// The two APIs know different halves of the same keys, and Store does not
// hide that: the methods named Own ask the Management API, which serves the
// signed-in person alone and names keys by ResourceID; the methods named User
// ask the Cloud API, which serves any user the token may manage and names
// keys by AccessKey. [Service] puts the halves together.
//
// A list of keys, regions or groups holds each once. A collection whose items are
// null or missing is an empty list.
//
// Every method returns an [*Error] when it fails. ErrUnauthorized,
// ErrForbidden, ErrThrottled, ErrUnavailable and ErrTimeout can come from any
// of them; the others are named with the methods. A change whose error has
// Indeterminate set may have been carried out.
type Store interface {
	// OwnKeys lists the signed-in person's keys. ErrNoPrivilege when they may
	// not use object storage.
	OwnKeys(ctx context.Context) ([]Key, error)
	// CreateOwnKey makes a key. The answer is the only one to hold the secret
	// for sure. ErrNoPrivilege; ErrRejected with the API's words, which is
	// also what a sixth key gets.
	CreateOwnKey(ctx context.Context, description string) (KeyPair, error)
	// DescribeOwnKey sets the description. ErrNotFound, ErrRejected,
	// ErrConflict.
	DescribeOwnKey(ctx context.Context, resourceID, description string) error
	// RenewOwnKey puts a new secret in place of the present one, which stops
	// working. ErrNotFound, ErrConflict.
	RenewOwnKey(ctx context.Context, resourceID string) (KeyPair, error)
	// DeleteOwnKey starts deleting a key. ErrNotFound, ErrRejected,
	// ErrConflict.
	DeleteOwnKey(ctx context.Context, resourceID string) error

	// UserKeys lists a user's keys, without their secrets. ErrNotFound for an
	// unknown user, ErrNoPrivilege.
	UserKeys(ctx context.Context, userID string) ([]Key, error)
	// UserKeyPair gives a key with its secret. ErrNotFound, also for some
	// hundred milliseconds after the key was made.
	UserKeyPair(ctx context.Context, userID, accessKey string) (KeyPair, error)
	// CreateUserKey makes a key for a user. ErrNotFound, ErrNoPrivilege,
	// ErrRejected.
	CreateUserKey(ctx context.Context, userID string) (KeyPair, error)
	// SetUserKeyActive starts activating or deactivating a key. ErrNotFound,
	// ErrRejected, ErrConflict.
	SetUserKeyActive(ctx context.Context, userID, accessKey string, active bool) (Change, error)
	// DeleteUserKey starts deleting a key. ErrNotFound, ErrRejected,
	// ErrConflict.
	DeleteUserKey(ctx context.Context, userID, accessKey string) (Change, error)
	// ChangeState tells how far a change has come. ErrNotFound.
	ChangeState(ctx context.Context, change Change) (ChangeState, error)

	// Regions lists the regions with their endpoints.
	Regions(ctx context.Context) ([]Region, error)
}

// Directory is the users and groups of the contract, as far as the token
// reaches them. It keeps the vendor's SDKs out of the rules. Errors as with
// [Store]; ErrForbidden for what only owners and administrators may see.
type Directory interface {
	// User gives one user; everyone may read their own. ErrNotFound.
	User(ctx context.Context, userID string) (User, error)
	// Users lists a page of the users, at most 100 of them.
	Users(ctx context.Context, page Page) ([]User, error)
	// UsersByEmail has the API filter the users by a whole e-mail address. An API
	// that does not honour the filter returns others. ErrRejected where it refuses
	// the filter. That there is no user with the address does not follow from an
	// empty list: whether the filter distinguishes the case of letters is not
	// documented.
	UsersByEmail(ctx context.Context, email string) ([]User, error)
	// UserGroups lists the groups that a user is in. ErrNotFound.
	UserGroups(ctx context.Context, userID string) ([]Group, error)
	// Groups lists the groups.
	Groups(ctx context.Context) ([]Group, error)
	// Group gives one group. ErrNotFound.
	Group(ctx context.Context, groupID string) (Group, error)
	// GroupMembers lists a page of the users in a group, at most 100 of them.
	// ErrNotFound.
	GroupMembers(ctx context.Context, groupID string, page Page) ([]User, error)
	// AddMember puts a user into a group, and RemoveMember takes one out. The API
	// carries both out by and by: that it has done so is seen in the user's groups.
	// ErrNotFound for the group, and for the user where one is taken out; ErrForbidden;
	// ErrRejected.
	AddMember(ctx context.Context, groupID, userID string) error
	RemoveMember(ctx context.Context, groupID, userID string) error
	// SetUseObjectStorage gives a group the privilege "Use Object Storage" or takes it
	// away, by and by. The API replaces all properties of a group: those that it has are
	// read right before and sent back, also those that are not known here. ErrNotFound,
	// ErrForbidden, ErrRejected.
	SetUseObjectStorage(ctx context.Context, groupID string, gives bool) error
	// SetUserActive activates or deactivates an account, by and by. The API replaces
	// all that it knows of the user by u, which was read a moment ago. ErrNotFound,
	// ErrForbidden, ErrRejected.
	SetUserActive(ctx context.Context, u User, active bool) error
	// Contract gives the contract that the token is for.
	Contract(ctx context.Context) (Contract, error)
}

// Remote is all that the APIs offer to one signed-in person.
type Remote interface {
	Store
	Directory
}

// Authenticator makes and ends tokens. It keeps the vendor's SDKs out of the
// sign-in.
type Authenticator interface {
	// SignIn makes a token that lives as long as ttl. ErrUnauthorized for
	// wrong credentials, an unknown user and a user with two-factor
	// authentication alike; ErrRejected where the contract must be named.
	SignIn(ctx context.Context, credentials Credentials, ttl time.Duration) (secret.Value, error)
	// Renew makes another token for the user of one, that lives as long as ttl.
	// The one before stays valid. ErrUnauthorized for a token that has ended,
	// ErrForbidden or ErrRejected where the API makes no more.
	Renew(ctx context.Context, access Access, ttl time.Duration) (secret.Value, error)
	// Identify reads a token without checking its signature. ErrInvalid
	// (ErrNoToken) for what is no token or has no user in it.
	Identify(token secret.Value) (Identity, error)
	// Revoke ends a token before its time. ErrNotFound when it has ended.
	Revoke(ctx context.Context, access Access, tokenID string) error
	// As gives the APIs as the bearer of a token sees them.
	As(access Access) Remote
}
