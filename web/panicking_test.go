package web_test

import (
	"context"
	"sync/atomic"

	"keydeck/internal/keys"
)

// panics are APIs that panic in one method, named in armed.
type panics struct {
	keys.Remote
	armed *atomic.Pointer[string]
	calls *atomic.Int64 // that have panicked
}

// panicking is an authenticator whose APIs panic.
type panicking struct {
	keys.Authenticator
	armed atomic.Pointer[string]
	calls atomic.Int64
}

func (p *panicking) As(access keys.Access) keys.Remote {
	return panics{p.Authenticator.As(access), &p.armed, &p.calls}
}

// panicValue must not show anywhere.
const panicValue = "panicked with a s3cr3t"

func (p panics) at(method string) {
	if armed := p.armed.Load(); armed != nil && *armed == method {
		p.calls.Add(1)
		panic(panicValue)
	}
}

func (p panics) OwnKeys(ctx context.Context) ([]keys.Key, error) {
	p.at("OwnKeys")
	return p.Remote.OwnKeys(ctx)
}

func (p panics) CreateOwnKey(ctx context.Context, description string) (keys.KeyPair, error) {
	p.at("CreateOwnKey")
	return p.Remote.CreateOwnKey(ctx, description)
}

func (p panics) DescribeOwnKey(ctx context.Context, id, description string) error {
	p.at("DescribeOwnKey")
	return p.Remote.DescribeOwnKey(ctx, id, description)
}

func (p panics) RenewOwnKey(ctx context.Context, id string) (keys.KeyPair, error) {
	p.at("RenewOwnKey")
	return p.Remote.RenewOwnKey(ctx, id)
}

func (p panics) DeleteOwnKey(ctx context.Context, id string) error {
	p.at("DeleteOwnKey")
	return p.Remote.DeleteOwnKey(ctx, id)
}

func (p panics) UserKeys(ctx context.Context, user string) ([]keys.Key, error) {
	p.at("UserKeys")
	return p.Remote.UserKeys(ctx, user)
}

func (p panics) UserKeyPair(ctx context.Context, user, key string) (keys.KeyPair, error) {
	p.at("UserKeyPair")
	return p.Remote.UserKeyPair(ctx, user, key)
}

func (p panics) CreateUserKey(ctx context.Context, user string) (keys.KeyPair, error) {
	p.at("CreateUserKey")
	return p.Remote.CreateUserKey(ctx, user)
}

func (p panics) SetUserKeyActive(ctx context.Context, user, key string, active bool) (keys.Change, error) {
	p.at("SetUserKeyActive")
	return p.Remote.SetUserKeyActive(ctx, user, key, active)
}

func (p panics) DeleteUserKey(ctx context.Context, user, key string) (keys.Change, error) {
	p.at("DeleteUserKey")
	return p.Remote.DeleteUserKey(ctx, user, key)
}

func (p panics) ChangeState(ctx context.Context, change keys.Change) (keys.ChangeState, error) {
	p.at("ChangeState")
	return p.Remote.ChangeState(ctx, change)
}

func (p panics) Regions(ctx context.Context) ([]keys.Region, error) {
	p.at("Regions")
	return p.Remote.Regions(ctx)
}

func (p panics) User(ctx context.Context, id string) (keys.User, error) {
	p.at("User")
	return p.Remote.User(ctx, id)
}

func (p panics) Users(ctx context.Context, page keys.Page) ([]keys.User, error) {
	p.at("Users")
	return p.Remote.Users(ctx, page)
}

func (p panics) UsersByEmail(ctx context.Context, email string) ([]keys.User, error) {
	p.at("UsersByEmail")
	return p.Remote.UsersByEmail(ctx, email)
}

func (p panics) UserGroups(ctx context.Context, id string) ([]keys.Group, error) {
	p.at("UserGroups")
	return p.Remote.UserGroups(ctx, id)
}

func (p panics) Groups(ctx context.Context) ([]keys.Group, error) {
	p.at("Groups")
	return p.Remote.Groups(ctx)
}

func (p panics) Group(ctx context.Context, id string) (keys.Group, error) {
	p.at("Group")
	return p.Remote.Group(ctx, id)
}

func (p panics) GroupMembers(ctx context.Context, id string, page keys.Page) ([]keys.User, error) {
	p.at("GroupMembers")
	return p.Remote.GroupMembers(ctx, id, page)
}

func (p panics) Contract(ctx context.Context) (keys.Contract, error) {
	p.at("Contract")
	return p.Remote.Contract(ctx)
}

func (p panics) AddMember(ctx context.Context, group, id string) error {
	p.at("AddMember")
	return p.Remote.AddMember(ctx, group, id)
}

func (p panics) SetUseObjectStorage(ctx context.Context, group string, gives bool) error {
	p.at("SetUseObjectStorage")
	return p.Remote.SetUseObjectStorage(ctx, group, gives)
}

func (p panics) RemoveMember(ctx context.Context, group, id string) error {
	p.at("RemoveMember")
	return p.Remote.RemoveMember(ctx, group, id)
}

func (p panics) SetUserActive(ctx context.Context, u keys.User, active bool) error {
	p.at("SetUserActive")
	return p.Remote.SetUserActive(ctx, u, active)
}
