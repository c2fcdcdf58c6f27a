package ionos

import (
	"context"
	"errors"

	"keydeck/internal/keys"
)

// The bounds on the items of a collection. They are far above what there can be: a
// longer list is a fault of the API, and not shown in part, since what a list lacks
// would count as deleted.
const (
	maxKeys       = 100 // of a user, who can have five
	maxGroups     = 1000
	maxUserGroups = 500
	maxRegions    = 200
)

// The bounds on texts in bytes. A text is shown in part, an id is not.
const (
	maxText  = 1024 // of a description, which has 255 characters at most
	maxName  = 256  // of a user or region
	maxGroup = 100  // of a group, of which a page lists a thousand
	maxID    = 256
)

var (
	errManyItems = errors.New("more items than there can be")
	errLongID    = errors.New("an id longer than any can be")
)

// bounded is a session whose collections have bounded items.
type bounded struct{ session }

// OwnKeys implements keys.Store.
func (b bounded) OwnKeys(ctx context.Context) ([]keys.Key, error) {
	list, err := b.session.OwnKeys(ctx)
	return bound(listOwnKeys, list, maxKeys, err, boundKey)
}

// UserKeys implements keys.Store.
func (b bounded) UserKeys(ctx context.Context, userID string) ([]keys.Key, error) {
	list, err := b.session.UserKeys(ctx, userID)
	return bound(listUserKeys, list, maxKeys, err, boundKey)
}

// Regions implements keys.Store.
func (b bounded) Regions(ctx context.Context) ([]keys.Region, error) {
	list, err := b.session.Regions(ctx)
	return bound(listRegions, list, maxRegions, err, func(r *keys.Region) error {
		r.Location = keys.Clip(r.Location, maxName)
		return checkIDs(r.ID, r.Endpoint)
	})
}

// User implements keys.Directory.
func (b bounded) User(ctx context.Context, userID string) (keys.User, error) {
	u, err := b.session.User(ctx, userID)
	list, err := bound(readUser, []keys.User{u}, 1, err, boundUser)
	if err != nil {
		return keys.User{}, err
	}
	return list[0], nil
}

// Users implements keys.Directory.
func (b bounded) Users(ctx context.Context, page keys.Page) ([]keys.User, error) {
	list, err := b.session.Users(ctx, page)
	return bound(listUsers, list, maxUsersPage, err, boundUser)
}

// UsersByEmail implements keys.Directory.
func (b bounded) UsersByEmail(ctx context.Context, email string) ([]keys.User, error) {
	list, err := b.session.UsersByEmail(ctx, email)
	return bound(filterUsers, list, maxUsersPage, err, boundUser)
}

// GroupMembers implements keys.Directory.
func (b bounded) GroupMembers(ctx context.Context, groupID string, page keys.Page) ([]keys.User, error) {
	list, err := b.session.GroupMembers(ctx, groupID, page)
	return bound(listMembers, list, maxUsersPage, err, boundUser)
}

// UserGroups implements keys.Directory.
func (b bounded) UserGroups(ctx context.Context, userID string) ([]keys.Group, error) {
	list, err := b.session.UserGroups(ctx, userID)
	return bound(listUserGroup, list, maxUserGroups, err, boundGroup)
}

// Groups implements keys.Directory.
func (b bounded) Groups(ctx context.Context) ([]keys.Group, error) {
	list, err := b.session.Groups(ctx)
	return bound(listGroups, list, maxGroups, err, boundGroup)
}

// Group implements keys.Directory.
func (b bounded) Group(ctx context.Context, groupID string) (keys.Group, error) {
	g, err := b.session.Group(ctx, groupID)
	if err == nil {
		g.Name = keys.Clip(g.Name, maxGroup)
	}
	return g, err
}

// bound returns a list, or the error of one with too many items or an item that
// each refuses.
func bound[T any](op operation, list []T, limit int, err error, each func(*T) error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	if len(list) > limit {
		return nil, &keys.Error{Kind: keys.ErrUnavailable, Op: op.name, Err: errManyItems}
	}
	for i := range list {
		if err := each(&list[i]); err != nil {
			return nil, &keys.Error{Kind: keys.ErrUnavailable, Op: op.name, Err: err}
		}
	}
	return list, nil
}

func boundKey(k *keys.Key) error {
	if len(k.Regions) > maxRegions {
		return errManyItems
	}
	k.Description = keys.Clip(k.Description, maxText)
	return checkIDs(append([]string{k.AccessKey, k.ResourceID, k.CanonicalUserID, k.ContractUserID, string(k.Status)}, k.Regions...)...)
}

func boundUser(u *keys.User) error {
	if len(u.Groups) > maxUserGroups {
		return errManyItems
	}
	for _, name := range []*string{&u.FirstName, &u.LastName, &u.Email} {
		*name = keys.Clip(*name, maxName)
	}
	return checkIDs(append([]string{u.ID, u.CanonicalUserID}, u.Groups...)...)
}

func boundGroup(g *keys.Group) error {
	g.Name = keys.Clip(g.Name, maxGroup)
	return checkIDs(g.ID)
}

func checkIDs(ids ...string) error {
	for _, id := range ids {
		if len(id) > maxID {
			return errLongID
		}
	}
	return nil
}
