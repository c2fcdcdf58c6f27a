package ionos_test

import (
	"context"
	"time"

	"keydeck/internal/keys"
)

// call is one method, on names that are well formed.
type call struct {
	name   string
	change bool
	run    func(ctx context.Context, p *scripted) error
}

func dropping[T any](_ T, err error) error { return err }

var calls = []call{
	{"OwnKeys", false, func(ctx context.Context, p *scripted) error { return dropping(p.OwnKeys(ctx)) }},
	{"CreateOwnKey", true, func(ctx context.Context, p *scripted) error { return dropping(p.CreateOwnKey(ctx, "d")) }},
	{"RenewOwnKey", true, func(ctx context.Context, p *scripted) error { return dropping(p.RenewOwnKey(ctx, resourceID)) }},
	{"DeleteOwnKey", true, func(ctx context.Context, p *scripted) error { return p.DeleteOwnKey(ctx, resourceID) }},
	{"UserKeys", false, func(ctx context.Context, p *scripted) error { return dropping(p.UserKeys(ctx, userID)) }},
	{"UserKeyPair", false, func(ctx context.Context, p *scripted) error { return dropping(p.UserKeyPair(ctx, userID, accessKey)) }},
	{"CreateUserKey", true, func(ctx context.Context, p *scripted) error { return dropping(p.CreateUserKey(ctx, userID)) }},
	{"SetUserKeyActive", true, func(ctx context.Context, p *scripted) error {
		return dropping(p.SetUserKeyActive(ctx, userID, accessKey, true))
	}},
	{"DeleteUserKey", true, func(ctx context.Context, p *scripted) error { return dropping(p.DeleteUserKey(ctx, userID, accessKey)) }},
	{"ChangeState", false, func(ctx context.Context, p *scripted) error {
		return dropping(p.ChangeState(ctx, keys.Change{RequestID: requestID}))
	}},
	{"Regions", false, func(ctx context.Context, p *scripted) error { return dropping(p.Regions(ctx)) }},
	{"User", false, func(ctx context.Context, p *scripted) error { return dropping(p.User(ctx, userID)) }},
	{"Users", false, func(ctx context.Context, p *scripted) error { return dropping(p.Users(ctx, keys.Page{})) }},
	{"UserGroups", false, func(ctx context.Context, p *scripted) error { return dropping(p.UserGroups(ctx, userID)) }},
	{"Groups", false, func(ctx context.Context, p *scripted) error { return dropping(p.Groups(ctx)) }},
	{"Group", false, func(ctx context.Context, p *scripted) error { return dropping(p.Group(ctx, resourceID)) }},
	{"GroupMembers", false, func(ctx context.Context, p *scripted) error {
		return dropping(p.GroupMembers(ctx, resourceID, keys.Page{}))
	}},
	{"Contract", false, func(ctx context.Context, p *scripted) error { return dropping(p.Contract(ctx)) }},
	{"SignIn", false, func(ctx context.Context, p *scripted) error {
		return dropping(p.client.SignIn(ctx, keys.Credentials{Email: "a@example.com", Password: keys.NewSecret(canary)}, time.Hour))
	}},
	{"Revoke", true, func(ctx context.Context, p *scripted) error {
		return p.client.Revoke(ctx, keys.Access{Token: token()}, requestID)
	}},
}
