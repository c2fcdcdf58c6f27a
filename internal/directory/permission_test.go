package directory_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

func TestPrivilegesOf(t *testing.T) {
	t.Parallel()
	groups := []keys.Group{{ID: "storage", UseObjectStorage: true}, {ID: "network"}, {ID: "backup", UseObjectStorage: true}}
	known := directory.Privileges{Contract: keys.Contract{OwnerEmail: "Owner@example.com"}, Groups: groups}
	noGroups := directory.Privileges{Contract: known.Contract, GroupsErr: keys.ErrUnavailable}
	noContract := directory.Privileges{ContractErr: keys.ErrTimeout, Groups: groups}
	owner := keys.User{Email: "owner@EXAMPLE.com"}
	administrator := keys.User{Email: "a@example.com", Administrator: true}
	member := keys.User{Email: "m@example.com", Groups: []string{"network", "backup"}}
	guest := keys.User{Email: "g@example.com", Groups: []string{"network"}}
	untold := keys.User{Email: "u@example.com"}
	for name, tt := range map[string]struct {
		privileges directory.Privileges
		user       keys.User
		role       keys.Role
		through    []string
		known      bool
		allowed    bool
	}{
		"owner":                         {known, owner, keys.RoleOwner, nil, true, true},
		"administrator":                 {known, administrator, keys.RoleAdministrator, nil, true, true},
		"member of a group":             {known, member, keys.RoleUser, []string{"backup"}, true, true},
		"guest":                         {known, guest, keys.RoleUser, nil, true, false},
		"groups not returned":           {known, untold, keys.RoleUser, nil, false, false},
		"owner without groups":          {noGroups, owner, keys.RoleOwner, nil, true, true},
		"member without groups":         {noGroups, member, keys.RoleUser, nil, false, false},
		"guest without groups":          {noGroups, guest, keys.RoleUser, nil, false, false},
		"owner without contract":        {noContract, owner, keys.RoleUser, nil, false, false},
		"guest without contract":        {noContract, guest, keys.RoleUser, nil, false, false},
		"member without contract":       {noContract, member, keys.RoleUser, []string{"backup"}, true, true},
		"administrator of nothing read": {noContract, administrator, keys.RoleAdministrator, nil, true, true},
		"user without e-mail":           {directory.Privileges{}, keys.User{Groups: []string{}}, keys.RoleUser, nil, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tt.privileges.Of(tt.user)
			var through []string
			for _, g := range got.Through {
				through = append(through, g.ID)
			}
			if got.Role != tt.role || got.Known != tt.known || got.Allowed() != tt.allowed || !slices.Equal(through, tt.through) {
				t.Errorf("%+v, allowed %v", got, got.Allowed())
			}
		})
	}
	if got := known.OfMember(untold); !got.Known || len(got.Through) != 2 {
		t.Errorf("a member of all groups: %+v", got)
	}
}

// privileged answers the calls for privileges.
type privileged struct {
	keys.Directory
	contractErr, groupsErr error
}

func (p privileged) Contract(context.Context) (keys.Contract, error) {
	return keys.Contract{Number: "1"}, p.contractErr
}

func (p privileged) Groups(context.Context) ([]keys.Group, error) {
	return []keys.Group{{ID: "storage"}}, p.groupsErr
}

func TestReadPrivileges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		remote  privileged
		refused error
	}{
		"all read":             {privileged{}, nil},
		"groups unavailable":   {privileged{groupsErr: keys.ErrUnavailable}, nil},
		"contract unavailable": {privileged{contractErr: keys.ErrTimeout}, nil},
		"groups forbidden":     {privileged{groupsErr: keys.ErrForbidden}, keys.ErrForbidden},
		"token refused":        {privileged{contractErr: keys.ErrUnauthorized}, keys.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			beside := false
			got := directory.ReadPrivileges(t.Context(), tt.remote, tt.remote.Groups, func() { beside = true })
			if !beside || got.Contract.Number != "1" || len(got.Groups) != 1 {
				t.Errorf("%+v", got)
			}
			if !errors.Is(got.Refused(), tt.refused) || (got.Err() == nil) != (tt.remote == privileged{}) {
				t.Errorf("refused: %v; error: %v", got.Refused(), got.Err())
			}
			if again := directory.ReadPrivileges(t.Context(), tt.remote, tt.remote.Groups, nil); !errors.Is(again.Refused(), tt.refused) {
				t.Errorf("alone: %v", again.Refused())
			}
		})
	}
}
