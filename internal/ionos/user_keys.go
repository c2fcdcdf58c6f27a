package ionos

import (
	"context"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// UserKeys implements keys.Store. The API's list holds the secrets too; they
// go no further than this.
func (s session) UserKeys(ctx context.Context, userID string) ([]keys.Key, error) {
	if !keys.ValidUserID(userID) {
		return nil, unknown(listUserKeys)
	}
	list, x, err := ask(ctx, s, listUserKeys, func(ctx context.Context) (cloud.S3Keys, *cloud.APIResponse, error) {
		return s.client.cloud.UserS3KeysApi.UmUsersS3keysGet(ctx, userID).Execute()
	})
	if err != nil {
		return nil, err
	}
	if list.Items == nil {
		return nil, x.unreadable("has no items")
	}
	found := make([]keys.Key, 0, len(*list.Items))
	for _, item := range *list.Items {
		if key := userKey(item); key.AccessKey != "" {
			found = append(found, key)
		}
	}
	return found, nil
}

// UserKeyPair implements keys.Store.
func (s session) UserKeyPair(ctx context.Context, userID, accessKey string) (keys.KeyPair, error) {
	if !keys.ValidUserID(userID) || !keys.ValidAccessKey(accessKey) {
		return keys.KeyPair{}, unknown(readUserKey)
	}
	item, x, err := ask(ctx, s, readUserKey, func(ctx context.Context) (cloud.S3Key, *cloud.APIResponse, error) {
		return s.client.cloud.UserS3KeysApi.UmUsersS3keysFindByKeyId(ctx, userID, accessKey).Execute()
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return userKeyPair(item, x)
}

// CreateUserKey implements keys.Store.
func (s session) CreateUserKey(ctx context.Context, userID string) (keys.KeyPair, error) {
	if !keys.ValidUserID(userID) {
		return keys.KeyPair{}, unknown(createUserKey)
	}
	item, x, err := ask(ctx, s, createUserKey, func(ctx context.Context) (cloud.S3Key, *cloud.APIResponse, error) {
		return s.client.cloud.UserS3KeysApi.UmUsersS3keysPost(ctx, userID).Execute()
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return userKeyPair(item, x)
}

// SetUserKeyActive implements keys.Store.
func (s session) SetUserKeyActive(ctx context.Context, userID, accessKey string, active bool) (keys.Change, error) {
	if !keys.ValidUserID(userID) || !keys.ValidAccessKey(accessKey) {
		return keys.Change{}, unknown(toggleUserKey)
	}
	body := cloud.S3Key{Properties: &cloud.S3KeyProperties{Active: &active}}
	_, x, err := ask(ctx, s, toggleUserKey, func(ctx context.Context) (cloud.S3Key, *cloud.APIResponse, error) {
		return s.client.cloud.UserS3KeysApi.UmUsersS3keysPut(ctx, userID, accessKey).S3Key(body).Execute()
	})
	if err != nil {
		return keys.Change{}, err
	}
	return keys.Change{RequestID: requestID(x.location)}, nil
}

// DeleteUserKey implements keys.Store.
func (s session) DeleteUserKey(ctx context.Context, userID, accessKey string) (keys.Change, error) {
	if !keys.ValidUserID(userID) || !keys.ValidAccessKey(accessKey) {
		return keys.Change{}, unknown(deleteUserKey)
	}
	_, x, err := ask(ctx, s, deleteUserKey, func(ctx context.Context) (nothing, *cloud.APIResponse, error) {
		response, err := s.client.cloud.UserS3KeysApi.UmUsersS3keysDelete(ctx, userID, accessKey).Execute()
		return nothing{}, response, err
	})
	if err != nil {
		return keys.Change{}, err
	}
	return keys.Change{RequestID: requestID(x.location)}, nil
}

// userKeyPair takes a pair out of an answer that must hold both halves.
func userKeyPair(item cloud.S3Key, x *exchange) (keys.KeyPair, error) {
	pair := keys.KeyPair{Key: userKey(item)}
	if item.Properties != nil {
		pair.Secret = keys.NewSecret(value(item.Properties.SecretKey))
	}
	if pair.Key.AccessKey == "" || pair.Secret.IsZero() {
		return keys.KeyPair{}, x.unreadable("has no key pair")
	}
	return pair, nil
}

// userKey translates a key. Its secret stays behind.
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
