package keystest

import (
	"context"

	"keydeck/internal/keys"
)

// Powered is the APIs as a process reaches them that may be stopped: Use makes each of
// its calls, or does not.
type Powered struct {
	keys.Remote
	Use func(func() error) error
}

// UserKeys implements keys.Remote.
func (r Powered) UserKeys(ctx context.Context, id string) (list []keys.Key, err error) {
	return list, r.Use(func() error { list, err = r.Remote.UserKeys(ctx, id); return err })
}

// CreateUserKey implements keys.Remote.
func (r Powered) CreateUserKey(ctx context.Context, id string) (pair keys.KeyPair, err error) {
	return pair, r.Use(func() error { pair, err = r.Remote.CreateUserKey(ctx, id); return err })
}

// SetUserKeyActive implements keys.Remote.
func (r Powered) SetUserKeyActive(ctx context.Context, id, key string, active bool) (c keys.Change, err error) {
	return c, r.Use(func() error { c, err = r.Remote.SetUserKeyActive(ctx, id, key, active); return err })
}

// DeleteUserKey implements keys.Remote.
func (r Powered) DeleteUserKey(ctx context.Context, id, key string) (c keys.Change, err error) {
	return c, r.Use(func() error { c, err = r.Remote.DeleteUserKey(ctx, id, key); return err })
}

// User implements keys.Remote.
func (r Powered) User(ctx context.Context, id string) (u keys.User, err error) {
	return u, r.Use(func() error { u, err = r.Remote.User(ctx, id); return err })
}

// UserGroups implements keys.Remote.
func (r Powered) UserGroups(ctx context.Context, id string) (list []keys.Group, err error) {
	return list, r.Use(func() error { list, err = r.Remote.UserGroups(ctx, id); return err })
}

// RemoveMember implements keys.Remote.
func (r Powered) RemoveMember(ctx context.Context, group, id string) error {
	return r.Use(func() error { return r.Remote.RemoveMember(ctx, group, id) })
}

// SetUserActive implements keys.Remote.
func (r Powered) SetUserActive(ctx context.Context, u keys.User, active bool) error {
	return r.Use(func() error { return r.Remote.SetUserActive(ctx, u, active) })
}
