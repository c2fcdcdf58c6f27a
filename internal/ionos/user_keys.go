package ionos

import (
	"context"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// UserKeys implements keys.Store. The API's list holds the secrets too; they are
// dropped here.
func (s session) UserKeys(ctx context.Context, userID string) ([]keys.Key, error) {
	if !keys.ValidUserID(userID) {
		return nil, unknown(listUserKeys)
	}
	list, c, err := do(ctx, s, listUserKeys, func(ctx context.Context) (cloud.S3Keys, *cloud.APIResponse, error) {
		return s.client.cloud.UserS3KeysApi.UmUsersS3keysGet(ctx, userID).Execute()
	})
	if err != nil {
		return nil, err
	}
	items, err := itemsOf(list.Items, c)
	if err != nil {
		return nil, err
	}
	found := make([]keys.Key, 0, len(items))
	for _, item := range items {
		if key := userKey(item); key.AccessKey != "" {
			found = append(found, key)
		}
	}
	return unique(found, accessKeyOf), nil
}

// UserKeyPair implements keys.Store.
func (s session) UserKeyPair(ctx context.Context, userID, accessKey string) (keys.KeyPair, error) {
	if !keys.ValidUserID(userID) || !keys.ValidAccessKey(accessKey) {
		return keys.KeyPair{}, unknown(readUserKey)
	}
	item, c, err := do(ctx, s, readUserKey, func(ctx context.Context) (cloud.S3Key, *cloud.APIResponse, error) {
		return s.client.cloud.UserS3KeysApi.UmUsersS3keysFindByKeyId(ctx, userID, accessKey).Execute()
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return userKeyPair(item, c)
}

// CreateUserKey implements keys.Store.
func (s session) CreateUserKey(ctx context.Context, userID string) (keys.KeyPair, error) {
	if !keys.ValidUserID(userID) {
		return keys.KeyPair{}, unknown(createUserKey)
	}
	item, c, err := do(ctx, s, createUserKey, func(ctx context.Context) (cloud.S3Key, *cloud.APIResponse, error) {
		return s.client.cloud.UserS3KeysApi.UmUsersS3keysPost(ctx, userID).Execute()
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return userKeyPair(item, c)
}

// SetUserKeyActive implements keys.Store.
func (s session) SetUserKeyActive(ctx context.Context, userID, accessKey string, active bool) (keys.Change, error) {
	if !keys.ValidUserID(userID) || !keys.ValidAccessKey(accessKey) {
		return keys.Change{}, unknown(toggleUserKey)
	}
	body := cloud.S3Key{Properties: &cloud.S3KeyProperties{Active: &active}}
	_, c, err := do(ctx, s, toggleUserKey, func(ctx context.Context) (cloud.S3Key, *cloud.APIResponse, error) {
		return s.client.cloud.UserS3KeysApi.UmUsersS3keysPut(ctx, userID, accessKey).S3Key(body).Execute()
	})
	if err != nil {
		return keys.Change{}, err
	}
	return keys.Change{RequestID: requestID(c.location)}, nil
}

// DeleteUserKey implements keys.Store.
func (s session) DeleteUserKey(ctx context.Context, userID, accessKey string) (keys.Change, error) {
	if !keys.ValidUserID(userID) || !keys.ValidAccessKey(accessKey) {
		return keys.Change{}, unknown(deleteUserKey)
	}
	_, c, err := do(ctx, s, deleteUserKey, func(ctx context.Context) (nothing, *cloud.APIResponse, error) {
		response, err := s.client.cloud.UserS3KeysApi.UmUsersS3keysDelete(ctx, userID, accessKey).Execute()
		return nothing{}, response, err
	})
	if err != nil {
		return keys.Change{}, err
	}
	return keys.Change{RequestID: requestID(c.location)}, nil
}

// userKeyPair returns the pair in a response, which must hold both halves.
func userKeyPair(item cloud.S3Key, c *call) (keys.KeyPair, error) {
	pair := keys.KeyPair{Key: userKey(item)}
	if item.Properties != nil {
		pair.Secret = secret.New(value(item.Properties.SecretKey))
	}
	if pair.Key.AccessKey == "" || pair.Secret.IsZero() {
		return keys.KeyPair{}, c.decodeError("has no key pair")
	}
	return pair, nil
}

// userKey converts a key, without its secret.
func userKey(item cloud.S3Key) keys.Key {
	key := keys.Key{AccessKey: value(item.Id), KnownFrom: keys.Cloud}
	if item.Metadata != nil {
		key.Created = date(item.Metadata.CreatedDate)
	}
	if item.Properties != nil && item.Properties.Active != nil {
		key.Activity = keys.Inactive
		if *item.Properties.Active {
			key.Activity = keys.Active
		}
	}
	return key
}
