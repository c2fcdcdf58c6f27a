package keystest

import (
	"context"
	"errors"
	"testing"

	"keydeck/internal/keys"
)

// call is one method, with names that are well formed and name nothing.
type call struct {
	name   string
	change bool
	run    func(ctx context.Context, r keys.Remote) error
}

func dropping[T any](_ T, err error) error { return err }

var calls = []call{
	{"OwnKeys", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.OwnKeys(ctx)) }},
	{"CreateOwnKey", true, func(ctx context.Context, r keys.Remote) error { return dropping(r.CreateOwnKey(ctx, "")) }},
	{"DescribeOwnKey", true, func(ctx context.Context, r keys.Remote) error { return r.DescribeOwnKey(ctx, unknownID, "") }},
	{"RenewOwnKey", true, func(ctx context.Context, r keys.Remote) error { return dropping(r.RenewOwnKey(ctx, unknownID)) }},
	{"DeleteOwnKey", true, func(ctx context.Context, r keys.Remote) error { return r.DeleteOwnKey(ctx, unknownID) }},
	{"UserKeys", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.UserKeys(ctx, unknownID)) }},
	{"UserKeyPair", false, func(ctx context.Context, r keys.Remote) error {
		return dropping(r.UserKeyPair(ctx, unknownID, noAccessKey))
	}},
	{"CreateUserKey", true, func(ctx context.Context, r keys.Remote) error { return dropping(r.CreateUserKey(ctx, unknownID)) }},
	{"SetUserKeyActive", true, func(ctx context.Context, r keys.Remote) error {
		return dropping(r.SetUserKeyActive(ctx, unknownID, noAccessKey, true))
	}},
	{"DeleteUserKey", true, func(ctx context.Context, r keys.Remote) error {
		return dropping(r.DeleteUserKey(ctx, unknownID, noAccessKey))
	}},
	{"ChangeState", false, func(ctx context.Context, r keys.Remote) error {
		return dropping(r.ChangeState(ctx, keys.Change{RequestID: unknownID}))
	}},
	{"Regions", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.Regions(ctx)) }},
	{"User", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.User(ctx, unknownID)) }},
	{"Users", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.Users(ctx, keys.Page{Limit: 1})) }},
	{"UsersByEmail", false, func(ctx context.Context, r keys.Remote) error {
		return dropping(r.UsersByEmail(ctx, "nobody@example.com"))
	}},
	{"UserGroups", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.UserGroups(ctx, unknownID)) }},
	{"Groups", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.Groups(ctx)) }},
	{"Group", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.Group(ctx, unknownID)) }},
	{"GroupMembers", false, func(ctx context.Context, r keys.Remote) error {
		return dropping(r.GroupMembers(ctx, unknownID, keys.Page{}))
	}},
	{"AddMember", true, func(ctx context.Context, r keys.Remote) error { return r.AddMember(ctx, unknownID, unknownID) }},
	{"RemoveMember", true, func(ctx context.Context, r keys.Remote) error { return r.RemoveMember(ctx, unknownID, unknownID) }},
	{"SetUseObjectStorage", true, func(ctx context.Context, r keys.Remote) error { return r.SetUseObjectStorage(ctx, unknownID, true) }},
	{"SetUserActive", true, func(ctx context.Context, r keys.Remote) error {
		return r.SetUserActive(ctx, keys.User{ID: unknownID, FirstName: "A", LastName: "B", Email: "a@example.com"}, true)
	}},
	{"Contract", false, func(ctx context.Context, r keys.Remote) error { return dropping(r.Contract(ctx)) }},
}

// testEveryMethod tests what holds for all methods alike.
func testEveryMethod(t *testing.T, fresh func(t *testing.T) Fixture) {
	t.Run("every method refuses a refused token", func(t *testing.T) {
		stranger := fresh(t).Stranger
		for _, c := range calls {
			if e := wantKind(t, c.name, c.run(t.Context(), stranger), keys.ErrUnauthorized); e.Indeterminate {
				t.Errorf("%s: unclear", c.name)
			}
		}
	})
	t.Run("every method ends with its context", func(t *testing.T) {
		owner := fresh(t).Owner
		for _, c := range calls {
			err := c.run(canceled(t), owner)
			if e := wantKind(t, c.name, err, keys.ErrUnavailable); e.Indeterminate || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v, unclear %v; want context.Canceled, and nothing unclear", c.name, err, e.Indeterminate)
			}
		}
	})
}
