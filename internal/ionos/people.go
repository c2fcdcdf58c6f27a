package ionos

import (
	"context"
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
	if page.Offset > math.MaxInt32 {
		return []keys.User{}, nil
	}
	offset, limit := int32(max(page.Offset, 0)), int32(maxUsersPage)
	if page.Limit > 0 && page.Limit < maxUsersPage {
		limit = int32(page.Limit)
	}
	list, x, err := ask(ctx, s, listUsers, func(ctx context.Context) (cloud.Users, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmUsersGet(ctx).Offset(offset).Limit(limit).Depth(withGroups).Execute()
	})
	if err != nil {
		return nil, err
	}
	return users(list.Items, x)
}

// GroupMembers implements keys.Directory.
func (s session) GroupMembers(ctx context.Context, groupID string) ([]keys.User, error) {
	if !keys.ValidUserID(groupID) {
		return nil, unknown(listMembers)
	}
	list, x, err := ask(ctx, s, listMembers, func(ctx context.Context) (cloud.GroupMembers, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmGroupsUsersGet(ctx, groupID).Execute()
	})
	if err != nil {
		return nil, err
	}
	return users(list.Items, x)
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
