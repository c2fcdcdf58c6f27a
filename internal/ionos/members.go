package ionos

import (
	"context"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// AddMember implements keys.Directory.
func (s session) AddMember(ctx context.Context, groupID, userID string) error {
	if !keys.ValidUserID(groupID) || !keys.ValidUserID(userID) {
		return unknown(addMember)
	}
	_, _, err := do(ctx, s, addMember, func(ctx context.Context) (cloud.User, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmGroupsUsersPost(ctx, groupID).User(cloud.UserGroupPost{Id: &userID}).Execute()
	})
	return err
}

// RemoveMember implements keys.Directory.
func (s session) RemoveMember(ctx context.Context, groupID, userID string) error {
	if !keys.ValidUserID(groupID) || !keys.ValidUserID(userID) {
		return unknown(removeMember)
	}
	_, _, err := do(ctx, s, removeMember, func(ctx context.Context) (nothing, *cloud.APIResponse, error) {
		response, err := s.client.cloud.UserManagementApi.UmGroupsUsersDelete(ctx, groupID, userID).Execute()
		return nothing{}, response, err
	})
	return err
}

// SetUserActive implements keys.Directory. The API replaces all properties by those
// that are sent, and keeps the password where none is.
func (s session) SetUserActive(ctx context.Context, u keys.User, active bool) error {
	if !keys.ValidUserID(u.ID) {
		return unknown(replaceUser)
	}
	body := cloud.UserPut{Properties: &cloud.UserPropertiesPut{
		Firstname: &u.FirstName, Lastname: &u.LastName, Email: &u.Email,
		Administrator: &u.Administrator, ForceSecAuth: &u.TwoFactorForced, Active: &active,
	}}
	_, _, err := do(ctx, s, replaceUser, func(ctx context.Context) (cloud.User, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmUsersPut(ctx, u.ID).User(body).Execute()
	})
	return err
}
