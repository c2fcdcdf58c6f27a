package ionos

import (
	"context"
	"encoding/json"
	"strconv"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// UserGroups implements keys.Directory. The SDK decodes a user's groups as
// resources, which have a name and no privileges; the body has both.
func (s session) UserGroups(ctx context.Context, userID string) ([]keys.Group, error) {
	if !keys.ValidUserID(userID) {
		return nil, unknown(listUserGroup)
	}
	list, c, err := do(ctx, s, listUserGroup, func(ctx context.Context) (cloud.Groups, *cloud.APIResponse, error) {
		var list cloud.Groups
		_, response, err := s.client.cloud.UserManagementApi.UmUsersGroupsGet(ctx, userID).Execute()
		if err == nil && len(response.Payload) > 0 {
			err = json.Unmarshal(response.Payload, &list)
		}
		return list, response, err
	})
	if err != nil {
		return nil, err
	}
	return groups(list.Items, c)
}

// Groups implements keys.Directory.
func (s session) Groups(ctx context.Context) ([]keys.Group, error) {
	list, c, err := do(ctx, s, listGroups, func(ctx context.Context) (cloud.Groups, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmGroupsGet(ctx).Execute()
	})
	if err != nil {
		return nil, err
	}
	return groups(list.Items, c)
}

// Group implements keys.Directory.
func (s session) Group(ctx context.Context, groupID string) (keys.Group, error) {
	if !keys.ValidUserID(groupID) {
		return keys.Group{}, unknown(readGroup)
	}
	item, c, err := do(ctx, s, readGroup, func(ctx context.Context) (cloud.Group, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmGroupsFindById(ctx, groupID).Execute()
	})
	if err != nil {
		return keys.Group{}, err
	}
	if item.Id == nil || item.Properties == nil {
		return keys.Group{}, c.decodeError("has no group")
	}
	return group(item), nil
}

// SetUseObjectStorage implements keys.Directory.
func (s session) SetUseObjectStorage(ctx context.Context, groupID string, gives bool) error {
	if !keys.ValidUserID(groupID) {
		return unknown(replaceGroup)
	}
	_, c, err := do(ctx, s, readGroup, func(ctx context.Context) (cloud.Group, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmGroupsFindById(ctx, groupID).Execute()
	})
	if err != nil {
		return err
	}
	op := replaceGroup
	if op.sends = withPrivilege(c.body, gives); op.sends == "" {
		return c.decodeError("has no properties of a group")
	}
	_, _, err = do(ctx, s, op, func(ctx context.Context) (cloud.Group, *cloud.APIResponse, error) {
		return s.client.cloud.UserManagementApi.UmGroupsPut(ctx, groupID).Group(cloud.Group{Properties: &cloud.GroupProperties{}}).Execute()
	})
	return err
}

// withPrivilege returns the body of a group that is to have the properties of another
// body, but for the privilege; empty where there are none. The SDK's type drops
// privileges that are newer than it, and the API takes away those that are not sent.
func withPrivilege(body []byte, gives bool) string {
	var group struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if json.Unmarshal(body, &group) != nil || group.Properties["name"] == nil {
		return ""
	}
	group.Properties["s3Privilege"] = strconv.AppendBool(nil, gives)
	changed, err := json.Marshal(group)
	if err != nil {
		return ""
	}
	return string(changed)
}

func groups(list *[]cloud.Group, c *call) ([]keys.Group, error) {
	items, err := itemsOf(list, c)
	if err != nil {
		return nil, err
	}
	found := make([]keys.Group, 0, len(items))
	for _, item := range items {
		if item.Id != nil {
			found = append(found, group(item))
		}
	}
	return unique(found, func(g keys.Group) string { return g.ID }), nil
}

func group(item cloud.Group) keys.Group {
	g := keys.Group{ID: value(item.Id)}
	if item.Properties != nil {
		g.Name, g.UseObjectStorage = value(item.Properties.Name), value(item.Properties.S3Privilege)
	}
	return g
}
