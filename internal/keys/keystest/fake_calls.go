package keystest

import (
	"context"
	"fmt"
	"time"

	"keydeck/internal/keys"
)

// FakePerson is the user whose keys the methods named Own serve.
const FakePerson = "22222222-2222-4222-8222-222222222222"

// OwnKeys implements [keys.Store].
func (f *Fake) OwnKeys(ctx context.Context) ([]keys.Key, error) {
	return answer(ctx, f, "OwnKeys", false, func(fault Fault) ([]keys.Key, error) {
		return f.listed(FakePerson, fault, func(k *fakeKey) keys.Key {
			listed := k.Key
			listed.Activity, listed.KnownFrom = keys.ActivityUnknown, keys.Management
			return listed
		}), nil
	})
}

// UserKeys implements [keys.Store].
func (f *Fake) UserKeys(ctx context.Context, userID string) ([]keys.Key, error) {
	return answer(ctx, f, "UserKeys", false, func(fault Fault) ([]keys.Key, error) {
		return f.listed(userID, fault, inCloud), nil
	})
}

// inCloud returns a key as the Cloud API knows it.
func inCloud(k *fakeKey) keys.Key {
	return keys.Key{AccessKey: k.AccessKey, Activity: k.Activity, Created: k.Created, KnownFrom: keys.Cloud}
}

func (f *Fake) listed(userID string, fault Fault, as func(*fakeKey) keys.Key) []keys.Key {
	if fault.Listed != nil {
		return fault.Listed
	}
	var list []keys.Key
	for _, k := range f.records {
		if k.user == userID {
			list = append(list, as(k))
		}
	}
	return list
}

// UserKeyPair implements [keys.Store].
func (f *Fake) UserKeyPair(ctx context.Context, userID, accessKey string) (keys.KeyPair, error) {
	return answer(ctx, f, "UserKeyPair", false, func(Fault) (keys.KeyPair, error) {
		k := f.find(accessKey)
		if k == nil || k.user != userID || time.Now().Before(k.spread) {
			return keys.KeyPair{}, &keys.Error{Kind: keys.ErrNotFound, Op: "read key pair"}
		}
		if f.NoSecrets {
			return keys.KeyPair{Key: inCloud(k)}, nil
		}
		return keys.KeyPair{Key: inCloud(k), Secret: secretOf(k)}, nil
	})
}

// CreateOwnKey implements [keys.Store].
func (f *Fake) CreateOwnKey(ctx context.Context, description string) (keys.KeyPair, error) {
	return f.create(ctx, "CreateOwnKey", FakePerson, description)
}

// CreateUserKey implements [keys.Store].
func (f *Fake) CreateUserKey(ctx context.Context, userID string) (keys.KeyPair, error) {
	return f.create(ctx, "CreateUserKey", userID, "")
}

func (f *Fake) create(ctx context.Context, method, userID, description string) (keys.KeyPair, error) {
	return answer(ctx, f, method, true, func(Fault) (keys.KeyPair, error) {
		owned := 0
		for _, k := range f.records {
			if k.user == userID {
				owned++
			}
		}
		if owned >= keys.MaxPerUser {
			return keys.KeyPair{}, Refused(keys.ErrRejected, "too many keys")
		}
		k := f.add(userID, keys.Key{Description: description, Admin: f.Admin && method == "CreateOwnKey"})
		k.spread = time.Now().Add(f.Spread)
		return keys.KeyPair{Key: k.Key, Secret: secretOf(k)}, nil
	})
}

// DescribeOwnKey implements [keys.Store].
func (f *Fake) DescribeOwnKey(ctx context.Context, resourceID, description string) error {
	return f.changeOwn(ctx, "DescribeOwnKey", resourceID, func(k *fakeKey) { k.Description = description })
}

// DeleteOwnKey implements [keys.Store].
func (f *Fake) DeleteOwnKey(ctx context.Context, resourceID string) error {
	return f.changeOwn(ctx, "DeleteOwnKey", resourceID, func(k *fakeKey) {
		k.Status = keys.StatusDestroying
		f.accept(k.AccessKey, keys.DesiredDeleted, "")
	})
}

// RenewOwnKey implements [keys.Store].
func (f *Fake) RenewOwnKey(ctx context.Context, resourceID string) (pair keys.KeyPair, err error) {
	var renewed keys.KeyPair
	err = f.changeOwn(ctx, "RenewOwnKey", resourceID, func(k *fakeKey) {
		f.made++
		k.secret = fmt.Sprintf("secret-%05d", f.made)
		renewed = keys.KeyPair{Key: k.Key, Secret: secretOf(k)}
	})
	if err != nil {
		return keys.KeyPair{}, err
	}
	return renewed, nil
}

func (f *Fake) changeOwn(ctx context.Context, method, resourceID string, change func(*fakeKey)) error {
	_, err := answer(ctx, f, method, true, func(Fault) (struct{}, error) {
		for _, k := range f.records {
			if k.ResourceID == resourceID && k.user == FakePerson {
				change(k)
				return struct{}{}, nil
			}
		}
		return struct{}{}, &keys.Error{Kind: keys.ErrNotFound, Op: method}
	})
	return err
}

// SetUserKeyActive implements [keys.Store].
func (f *Fake) SetUserKeyActive(ctx context.Context, userID, accessKey string, active bool) (keys.Change, error) {
	desired := keys.DesiredInactive
	if active {
		desired = keys.DesiredActive
	}
	return f.changeLater(ctx, "SetUserKeyActive", userID, accessKey, desired)
}

// DeleteUserKey implements [keys.Store].
func (f *Fake) DeleteUserKey(ctx context.Context, userID, accessKey string) (keys.Change, error) {
	return f.changeLater(ctx, "DeleteUserKey", userID, accessKey, keys.DesiredDeleted)
}

func (f *Fake) changeLater(ctx context.Context, method, userID, accessKey string, desired keys.DesiredState) (keys.Change, error) {
	return answer(ctx, f, method, true, func(fault Fault) (keys.Change, error) {
		if k := f.find(accessKey); k == nil || k.user != userID {
			return keys.Change{}, &keys.Error{Kind: keys.ErrNotFound, Op: method}
		}
		return f.accept(accessKey, desired, fault.Refused), nil
	})
}

// accept notes a change that is carried out later.
func (f *Fake) accept(accessKey string, desired keys.DesiredState, refused string) keys.Change {
	f.changes = append(f.changes, fakeChange{accessKey: accessKey, desired: desired, at: time.Now().Add(f.Settle), refused: refused})
	f.converge()
	return keys.Change{RequestID: fmt.Sprintf("change-%d", len(f.changes)-1)}
}

// ChangeState implements [keys.Store].
func (f *Fake) ChangeState(ctx context.Context, change keys.Change) (keys.ChangeState, error) {
	return answer(ctx, f, "ChangeState", false, func(Fault) (keys.ChangeState, error) {
		var i int
		if _, err := fmt.Sscanf(change.RequestID, "change-%d", &i); err != nil || i >= len(f.changes) {
			return keys.ChangeState{}, &keys.Error{Kind: keys.ErrNotFound, Op: "read change"}
		}
		c := f.changes[i]
		switch {
		case time.Now().Before(c.at):
			return keys.ChangeState{}, nil
		case c.refused != "":
			return keys.ChangeState{Failed: true, Message: c.refused}, nil
		default:
			return keys.ChangeState{Done: true}, nil
		}
	})
}

// Regions implements [keys.Store].
func (f *Fake) Regions(ctx context.Context) ([]keys.Region, error) {
	return answer(ctx, f, "Regions", false, func(Fault) ([]keys.Region, error) {
		return []keys.Region{{ID: "eu-central-3", Endpoint: "s3.eu-central-3.ionoscloud.com"}}, nil
	})
}
