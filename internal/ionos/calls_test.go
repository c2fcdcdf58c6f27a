package ionos_test

import (
	"context"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// call is one method, on names that are well formed.
type call struct {
	name       string
	change     bool
	repeatable bool
	run        func(ctx context.Context, p *scripted) error
}

func dropping[T any](_ T, err error) error { return err }

var calls = []call{
	{"OwnKeys", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.OwnKeys(ctx)) }},
	{"CreateOwnKey", true, false, func(ctx context.Context, p *scripted) error { return dropping(p.CreateOwnKey(ctx, "d")) }},
	{"RenewOwnKey", true, false, func(ctx context.Context, p *scripted) error { return dropping(p.RenewOwnKey(ctx, resourceID)) }},
	{"DeleteOwnKey", true, false, func(ctx context.Context, p *scripted) error { return p.DeleteOwnKey(ctx, resourceID) }},
	{"UserKeys", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.UserKeys(ctx, userID)) }},
	{"UserKeyPair", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.UserKeyPair(ctx, userID, accessKey)) }},
	{"CreateUserKey", true, false, func(ctx context.Context, p *scripted) error { return dropping(p.CreateUserKey(ctx, userID)) }},
	{"SetUserKeyActive", true, false, func(ctx context.Context, p *scripted) error {
		return dropping(p.SetUserKeyActive(ctx, userID, accessKey, true))
	}},
	{"DeleteUserKey", true, false, func(ctx context.Context, p *scripted) error { return dropping(p.DeleteUserKey(ctx, userID, accessKey)) }},
	{"ChangeState", false, true, func(ctx context.Context, p *scripted) error {
		return dropping(p.ChangeState(ctx, keys.Change{RequestID: requestID}))
	}},
	{"Regions", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.Regions(ctx)) }},
	{"User", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.User(ctx, userID)) }},
	{"Users", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.Users(ctx, keys.Page{})) }},
	{"UsersByEmail", false, true, func(ctx context.Context, p *scripted) error {
		return dropping(p.UsersByEmail(ctx, "a@example.com"))
	}},
	{"UserGroups", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.UserGroups(ctx, userID)) }},
	{"Groups", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.Groups(ctx)) }},
	{"Group", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.Group(ctx, resourceID)) }},
	{"GroupMembers", false, true, func(ctx context.Context, p *scripted) error {
		return dropping(p.GroupMembers(ctx, resourceID, keys.Page{}))
	}},
	{"AddMember", true, false, func(ctx context.Context, p *scripted) error { return p.AddMember(ctx, resourceID, userID) }},
	{"RemoveMember", true, false, func(ctx context.Context, p *scripted) error { return p.RemoveMember(ctx, resourceID, userID) }},
	{"SetUserActive", true, false, func(ctx context.Context, p *scripted) error {
		return p.SetUserActive(ctx, keys.User{ID: userID}, true)
	}},
	{"Contract", false, true, func(ctx context.Context, p *scripted) error { return dropping(p.Contract(ctx)) }},
	{"SignIn", false, false, func(ctx context.Context, p *scripted) error {
		return dropping(p.client.SignIn(ctx, keys.Credentials{Email: "a@example.com", Password: secret.New(canary)}, time.Hour))
	}},
	{"Renew", false, false, func(ctx context.Context, p *scripted) error {
		return dropping(p.client.Renew(ctx, keys.Access{Token: token()}, time.Hour))
	}},
	{"Revoke", true, true, func(ctx context.Context, p *scripted) error {
		return p.client.Revoke(ctx, keys.Access{Token: token()}, requestID)
	}},
}
