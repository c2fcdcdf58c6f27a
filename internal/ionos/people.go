package ionos

import (
	"context"
	"fmt"
	"math"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// maxUsersPage is the API's bound.
const maxUsersPage = 100

// withGroups is the depth from which a list of users names their groups: one
// for the users, one for what is theirs, one for the references in it.
const withGroups = 3

// User implements keys.Directory.
func (s session) User(ctx context.Context, userID string) (keys.User, error) {
	if !keys.ValidUserID(userID) {
		return keys.User{}, unknown(readUser)
	}
	item, x, err := ask(ctx, s, readUser, func(ctx context.Context) (cloud.User, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmUsersFindById(ctx, userID).Depth(withGroups - 1).Execute()
	})
	if err != nil {
		return keys.User{}, err
	}
	if item.Id == nil || item.Properties == nil {
		return keys.User{}, x.unreadable("has no user")
	}
	return user(item), nil
}

// Users implements keys.Directory.
func (s session) Users(ctx context.Context, page keys.Page) ([]keys.User, error) {
	offset, limit, possible := window(page)
	if !possible {
		return []keys.User{}, nil
	}
	list, x, err := ask(ctx, s, listUsers, func(ctx context.Context) (cloud.Users, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmUsersGet(ctx).Offset(offset).Limit(limit).Depth(withGroups).Execute()
	})
	if err != nil {
		return nil, err
	}
	return users(list.Items, x)
}

// window is a page as the API takes it, if it is one at all.
func window(page keys.Page) (offset, limit int32, possible bool) {
	if page.Offset > math.MaxInt32 {
		return 0, 0, false
	}
	limit = maxUsersPage
	if page.Limit > 0 && page.Limit < maxUsersPage {
		limit = int32(page.Limit)
	}
	return int32(max(page.Offset, 0)), limit, true
}

// GroupMembers implements keys.Directory. The SDK's method has no parameters
// for pages; whether the API takes
// them, as it does for users, is not documented.
func (s session) GroupMembers(ctx context.Context, groupID string, page keys.Page) ([]keys.User, error) {
	if !keys.ValidUserID(groupID) {
		return nil, unknown(listMembers)
	}
	offset, limit, possible := window(page)
	if !possible {
		return []keys.User{}, nil
	}
	op := listMembers
	op.query = fmt.Sprintf("offset=%d&limit=%d", offset, limit)
	list, x, err := ask(ctx, s, op, func(ctx context.Context) (cloud.GroupMembers, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmGroupsUsersGet(ctx, groupID).Execute()
	})
	if err != nil {
		return nil, err
	}
	members, err := users(list.Items, x)
	if len(members) > int(limit) { // it takes none, and has told of all
		members = members[min(int(offset), len(members)):min(int(offset+limit), len(members))]
	}
	return members, err
}

func users(items *[]cloud.User, x *exchange) ([]keys.User, error) {
	if items == nil {
		return nil, x.unreadable("has no items")
	}
	found := make([]keys.User, 0, len(*items))
	for _, item := range *items {
		if item.Id != nil {
			found = append(found, user(item))
		}
	}
	return found, nil
}

// user translates a user; what the API left out stays empty.
func user(item cloud.User) keys.User {
	u := keys.User{ID: value(item.Id)}
	if p := item.Properties; p != nil {
		u.FirstName, u.LastName = value(p.Firstname), value(p.Lastname)
		u.Email = value(p.Email)
		u.Administrator, u.Active = value(p.Administrator), value(p.Active)
		u.TwoFactor = value(p.SecAuthActive)
		u.CanonicalUserID = value(p.S3CanonicalUserId)
	}
	if item.Metadata != nil {
		u.Created, u.LastLogin = date(item.Metadata.CreatedDate), date(item.Metadata.LastLogin)
	}
	u.Groups = groupsOf(item)
	return u
}

// groupsOf gives the ids of a user's groups, or nil when they were not told.
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
