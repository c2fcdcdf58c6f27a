package ionos

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"

	management "github.com/ionos-cloud/sdk-go-bundle/products/objectstoragemanagement/v2"
	"github.com/ionos-cloud/sdk-go-bundle/shared"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// A user has five keys. The bounds on listing are for an API that lists all
// users' keys to an administrator.
const (
	ownKeysPage     = 1000
	maxOwnKeysPages = 10
)

// OwnKeys implements keys.Store.
func (s session) OwnKeys(ctx context.Context) ([]keys.Key, error) {
	me, err := identify(s.access.Token)
	if err != nil {
		return nil, &keys.Error{Kind: keys.ErrUnauthorized, Op: listOwnKeys.name, Err: errors.New("no user in the token")}
	}
	var own []keys.Key
	for page := range maxOwnKeysPages {
		list, err := s.ownKeysPage(ctx, int32(page*ownKeysPage))
		if err != nil {
			return nil, err
		}
		for _, item := range list {
			if belongsTo(item, me.UserID) && item.Properties.AccessKey != "" {
				own = append(own, ownKey(item))
			}
		}
		if len(list) < ownKeysPage || len(own) > maxKeys {
			break
		}
	}
	return unique(own, accessKeyOf), nil
}

func (s session) ownKeysPage(ctx context.Context, offset int32) ([]management.AccessKeyRead, error) {
	list, c, err := do(ctx, s, listOwnKeys, func(ctx context.Context) (management.AccessKeyReadList, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysGet(ctx).Offset(offset).Limit(ownKeysPage).Execute()
	})
	if err != nil {
		return nil, err
	}
	return itemsOf(&list.Items, c)
}

// belongsTo reports whether a key is the user's. It is not documented whether
// an administrator's list holds other users' keys. A key that does not name its
// owner is taken to be its creator's.
func belongsTo(item management.AccessKeyRead, userID string) bool {
	_, user, _ := strings.Cut(item.Properties.GetContractUserId(), ":")
	user = cmp.Or(user, item.Metadata.GetCreatedByUserId(), userID)
	return strings.EqualFold(user, userID)
}

// CreateOwnKey implements keys.Store.
func (s session) CreateOwnKey(ctx context.Context, description string) (keys.KeyPair, error) {
	body := management.AccessKeyCreate{Properties: management.AccessKey{Description: description}}
	made, c, err := do(ctx, s, createOwnKey, func(ctx context.Context) (management.AccessKeyRead, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysPost(ctx).AccessKeyCreate(body).Execute()
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return ownKeyPair(made, c)
}

// RenewOwnKey implements keys.Store.
func (s session) RenewOwnKey(ctx context.Context, resourceID string) (keys.KeyPair, error) {
	if !keys.ValidUserID(resourceID) {
		return keys.KeyPair{}, unknown(renewOwnKey)
	}
	renewed, c, err := do(ctx, s, renewOwnKey, func(ctx context.Context) (management.AccessKeyRead, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysRenew(ctx, resourceID).Execute()
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return ownKeyPair(renewed, c)
}

// DescribeOwnKey implements keys.Store. It reads the key first: a PUT with an
// unknown id creates a key.
func (s session) DescribeOwnKey(ctx context.Context, resourceID, description string) error {
	if !keys.ValidUserID(resourceID) {
		return unknown(ensureOwnKey)
	}
	_, _, err := do(ctx, s, readOwnKey, func(ctx context.Context) (management.AccessKeyRead, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysFindById(ctx, resourceID).Execute()
	})
	if err != nil {
		return err
	}
	body := management.AccessKeyEnsure{Id: &resourceID, Properties: management.AccessKey{Description: description}}
	_, c, err := do(ctx, s, ensureOwnKey, func(ctx context.Context) (management.AccessKeyRead, *shared.APIResponse, error) {
		return s.client.management.AccesskeysApi.AccesskeysPut(ctx, resourceID).AccessKeyEnsure(body).Execute()
	})
	if err == nil && c.status == http.StatusCreated {
		return s.undoEnsure(ctx, resourceID)
	}
	return err
}

// undoEnsure deletes the key that a PUT has created in place of one deleted
// since it was read: its secret is not known, and it is one of five.
func (s session) undoEnsure(ctx context.Context, resourceID string) error {
	missing := unknown(ensureOwnKey)
	if err := s.DeleteOwnKey(context.WithoutCancel(ctx), resourceID); err != nil {
		missing.Indeterminate = true
		missing.Err = errors.New("a key was created in its place and still exists")
	}
	return missing
}

// DeleteOwnKey implements keys.Store.
func (s session) DeleteOwnKey(ctx context.Context, resourceID string) error {
	if !keys.ValidUserID(resourceID) {
		return unknown(deleteOwnKey)
	}
	_, _, err := do(ctx, s, deleteOwnKey, func(ctx context.Context) (nothing, *shared.APIResponse, error) {
		response, err := s.client.management.AccesskeysApi.AccesskeysDelete(ctx, resourceID).Execute()
		return nothing{}, response, err
	})
	return err
}

// unknown is the error for an id that nothing can have, without a request: some,
// such as "..", would address something else.
func unknown(op operation) *keys.Error {
	return &keys.Error{Kind: keys.ErrNotFound, Op: op.name}
}

// ownKeyPair returns the pair in a response. A response that lacks half of it is
// a change whose outcome is indeterminate.
func ownKeyPair(item management.AccessKeyRead, c *call) (keys.KeyPair, error) {
	pair := keys.KeyPair{Key: ownKey(item), Secret: secret.New(item.Properties.SecretKey)}
	if pair.Key.ResourceID == "" || pair.Key.AccessKey == "" || pair.Secret.IsZero() {
		return keys.KeyPair{}, c.decodeError("has no key pair")
	}
	return pair, nil
}

// ownKey converts a key, without its secret.
func ownKey(item management.AccessKeyRead) keys.Key {
	key := keys.Key{
		AccessKey:       item.Properties.AccessKey,
		ResourceID:      item.Id,
		Description:     item.Properties.Description,
		Status:          keys.Status(item.Metadata.Status),
		StatusMessage:   sanitize(item.Metadata.GetStatusMessage()),
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
