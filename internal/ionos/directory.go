package ionos

import (
	"context"
	"fmt"
	"math"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// maxUsersPage is the API's limit.
const maxUsersPage = 100

// withGroups is the depth from which a list of users holds their groups: one
// level for the users, one for their entities, one for the references in these.
const withGroups = 3

// User implements keys.Directory.
func (s session) User(ctx context.Context, userID string) (keys.User, error) {
	if !keys.ValidUserID(userID) {
		return keys.User{}, unknown(readUser)
	}
	item, c, err := do(ctx, s, readUser, func(ctx context.Context) (cloud.User, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmUsersFindById(ctx, userID).Depth(withGroups - 1).Execute()
	})
	if err != nil {
		return keys.User{}, err
	}
	if item.Id == nil || item.Properties == nil {
		return keys.User{}, c.decodeError("has no user")
	}
	return user(item), nil
}

// Users implements keys.Directory.
func (s session) Users(ctx context.Context, page keys.Page) ([]keys.User, error) {
	offset, limit, ok := window(page)
	if !ok {
		return []keys.User{}, nil
	}
	list, c, err := do(ctx, s, listUsers, func(ctx context.Context) (cloud.Users, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmUsersGet(ctx).Offset(offset).Limit(limit).Depth(withGroups).Execute()
	})
	if err != nil {
		return nil, err
	}
	return users(list.Items, c)
}

// filteredUsers is how many users are read that a filter by e-mail address returns:
// an address has one user, and a second shows that the filter is not honoured.
const filteredUsers = 2

// UsersByEmail implements keys.Directory. That the filter matches whole addresses
// is known from the vendor's Go client, which refuses an answer with several users.
func (s session) UsersByEmail(ctx context.Context, email string) ([]keys.User, error) {
	list, c, err := do(ctx, s, filterUsers, func(ctx context.Context) (cloud.Users, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmUsersGet(ctx).Filter("email", email).Limit(filteredUsers).Depth(withGroups).Execute()
	})
	if err != nil {
		return nil, err
	}
	return users(list.Items, c)
}

// window returns a page as the API's parameters; ok is false if the offset is
// out of range.
func window(page keys.Page) (offset, limit int32, ok bool) {
	if page.Offset > math.MaxInt32 {
		return 0, 0, false
	}
	limit = maxUsersPage
	if page.Limit > 0 && page.Limit < maxUsersPage {
		limit = int32(page.Limit)
	}
	return int32(max(page.Offset, 0)), limit, true
}

// GroupMembers implements keys.Directory. The SDK's method has no parameters for
// pages, and it is not documented whether the API honours them as it does for
// users.
func (s session) GroupMembers(ctx context.Context, groupID string, page keys.Page) ([]keys.User, error) {
	if !keys.ValidUserID(groupID) {
		return nil, unknown(listMembers)
	}
	offset, limit, ok := window(page)
	if !ok {
		return []keys.User{}, nil
	}
	op := listMembers
	op.query = fmt.Sprintf("offset=%d&limit=%d", offset, limit)
	list, c, err := do(ctx, s, op, func(ctx context.Context) (cloud.GroupMembers, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmGroupsUsersGet(ctx, groupID).Execute()
	})
	if err != nil {
		return nil, err
	}
	members, err := users(list.Items, c)
	if len(members) > int(limit) { // the API ignores the parameters
		members = members[min(int(offset), len(members)):min(int(offset+limit), len(members))]
	}
	return members, err
}

// users converts a page of users. One that is there twice stays so: the length
// of a page tells whether it is the last.
func users(list *[]cloud.User, c *call) ([]keys.User, error) {
	items, err := itemsOf(list, c)
	if err != nil {
		return nil, err
	}
	found := make([]keys.User, 0, len(items))
	for _, item := range items {
		if item.Id != nil {
			found = append(found, user(item))
		}
	}
	return found, nil
}

// user converts a user; what the API leaves out stays empty.
func user(item cloud.User) keys.User {
	u := keys.User{ID: value(item.Id)}
	if p := item.Properties; p != nil {
		u.FirstName, u.LastName = value(p.Firstname), value(p.Lastname)
		u.Email = value(p.Email)
		u.Administrator, u.Active = value(p.Administrator), value(p.Active)
		u.TwoFactor, u.TwoFactorForced = value(p.SecAuthActive), value(p.ForceSecAuth)
		u.CanonicalUserID = value(p.S3CanonicalUserId)
	}
	if item.Metadata != nil {
		u.Created, u.LastLogin = date(item.Metadata.CreatedDate), date(item.Metadata.LastLogin)
	}
	u.Groups = groupsOf(item)
	return u
}

// groupsOf returns the ids of a user's groups, or nil if the response lacks them.
func groupsOf(item cloud.User) []string {
	if item.Entities == nil || item.Entities.Groups == nil || item.Entities.Groups.Items == nil {
		return nil
	}
	ids := make([]string, 0, len(*item.Entities.Groups.Items))
	for _, group := range *item.Entities.Groups.Items {
		ids = append(ids, value(group.Id))
	}
	return ids
}
