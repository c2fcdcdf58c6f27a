package ionos

import (
	"context"
	"errors"
	"net/http"
	"strings"

	management "github.com/ionos-cloud/sdk-go-bundle/products/objectstoragemanagement/v2"
	"github.com/ionos-cloud/sdk-go-bundle/shared"

	"keydeck/internal/keys"
)

// A person has five keys; the bounds on listing are for an API that would give
// an administrator everybody's.
const (
	ownKeysPage  = 1000
	ownKeysPages = 10
)

// OwnKeys implements keys.Store.
func (s session) OwnKeys(ctx context.Context) ([]keys.Key, error) {
	me, err := identify(s.access.Token)
	if err != nil {
		return nil, &keys.Error{Kind: keys.ErrUnauthorized, Op: listOwnKeys.name, Err: errors.New("no user in the token")}
	}
	var own []keys.Key
	for page := range ownKeysPages {
		list, err := s.ownKeysPage(ctx, int32(page*ownKeysPage))
		if err != nil {
			return nil, err
		}
		for _, item := range list {
			if key := ownKey(item); belongsTo(key, me.UserID) {
				own = append(own, key)
			}
		}
		if len(list) < ownKeysPage {
			break
		}
	}
	return own, nil
}

func (s session) ownKeysPage(ctx context.Context, offset int32) ([]management.AccessKeyRead, error) {
	list, x, err := ask(ctx, s, listOwnKeys, func(ctx context.Context) (management.AccessKeyReadList, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysGet(ctx).Offset(offset).Limit(ownKeysPage).Execute()
	})
	if err == nil && list.Items == nil {
		err = x.unreadable("has no items")
	}
	return list.Items, err
}

// belongsTo reports whether a key is the user's. Whether an administrator's
// list holds other people's keys is not documented.
func belongsTo(key keys.Key, userID string) bool {
	_, user, named := strings.Cut(key.ContractUserID, ":")
	return !named || strings.EqualFold(user, userID)
}

// CreateOwnKey implements keys.Store.
func (s session) CreateOwnKey(ctx context.Context, description string) (keys.KeyPair, error) {
	body := management.AccessKeyCreate{Properties: management.AccessKey{Description: description}}
	made, x, err := ask(ctx, s, createOwnKey, func(ctx context.Context) (management.AccessKeyRead, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysPost(ctx).AccessKeyCreate(body).Execute()
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return ownKeyPair(made, x)
}

// RenewOwnKey implements keys.Store.
func (s session) RenewOwnKey(ctx context.Context, resourceID string) (keys.KeyPair, error) {
	if !keys.ValidUserID(resourceID) {
		return keys.KeyPair{}, unknown(renewOwnKey)
	}
	renewed, x, err := ask(ctx, s, renewOwnKey, func(ctx context.Context) (management.AccessKeyRead, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysRenew(ctx, resourceID).Execute()
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return ownKeyPair(renewed, x)
}

// DescribeOwnKey implements keys.Store. It looks first, because to the API a
// PUT with an id that does not exist means to make a key with it.
func (s session) DescribeOwnKey(ctx context.Context, resourceID, description string) error {
	if !keys.ValidUserID(resourceID) {
		return unknown(ensureOwnKey)
	}
	_, _, err := ask(ctx, s, readOwnKey, func(ctx context.Context) (management.AccessKeyRead, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysFindById(ctx, resourceID).Execute()
	})
	if err != nil {
		return err
	}
	body := management.AccessKeyEnsure{Id: &resourceID, Properties: management.AccessKey{Description: description}}
	_, x, err := ask(ctx, s, ensureOwnKey, func(ctx context.Context) (management.AccessKeyRead, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysPut(ctx, resourceID).AccessKeyEnsure(body).Execute()
	})
	if err == nil && x.status == http.StatusCreated {
		return s.undoEnsure(ctx, resourceID)
	}
	return err
}

// undoEnsure deletes the key that a PUT has made in place of one that was
// deleted since we looked: nobody has its secret, and it takes one of five.
func (s session) undoEnsure(ctx context.Context, resourceID string) error {
	missing := unknown(ensureOwnKey)
	if err := s.DeleteOwnKey(context.WithoutCancel(ctx), resourceID); err != nil {
		missing.Unclear = true
		missing.Err = errors.New("a key was made in its place, and is still there")
	}
	return missing
}

// DeleteOwnKey implements keys.Store.
func (s session) DeleteOwnKey(ctx context.Context, resourceID string) error {
	if !keys.ValidUserID(resourceID) {
		return unknown(deleteOwnKey)
	}
	_, _, err := ask(ctx, s, deleteOwnKey, func(ctx context.Context) (nothing, *shared.APIResponse, error) {
		response, err := s.client.management.AccesskeysApi.AccesskeysDelete(ctx, resourceID).Execute()
		return nothing{}, response, err
	})
	return err
}

// unknown refuses a name that nothing can have, without asking: some of them,
// ".." say, would name something else in an address.
func unknown(op operation) *keys.Error {
	return &keys.Error{Kind: keys.ErrNotFound, Op: op.name}
}

// ownKeyPair takes a pair out of an answer. One that lacks a half is a change
// that was carried out and cannot be told of.
func ownKeyPair(item management.AccessKeyRead, x *exchange) (keys.KeyPair, error) {
	pair := keys.KeyPair{Key: ownKey(item), Secret: keys.NewSecret(item.Properties.SecretKey)}
	if pair.Key.ResourceID == "" || pair.Key.AccessKey == "" || pair.Secret.IsZero() {
		return keys.KeyPair{}, x.unreadable("has no key pair")
	}
	return pair, nil
}

// ownKey translates a key. Its secret stays behind.
func ownKey(item management.AccessKeyRead) keys.Key {
	key := keys.Key{
		AccessKey:       item.Properties.AccessKey,
		ResourceID:      item.Id,
		Description:     item.Properties.Description,
		Status:          keys.Status(item.Metadata.Status),
		StatusMessage:   plain(item.Metadata.GetStatusMessage()),
		Admin:           item.Metadata.GetAdministrative(),
		Regions:         item.Metadata.SupportedRegions,
		KnownFrom:       keys.Management,
		CanonicalUserID: item.Properties.GetCanonicalUserId(),
		ContractUserID:  item.Properties.GetContractUserId(),
	}
	if item.Metadata.CreatedDate != nil {
		key.Created = item.Metadata.CreatedDate.Time
	}
	return key
}
