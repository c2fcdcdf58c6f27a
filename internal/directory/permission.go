package directory

import (
	"context"
	"errors"
	"slices"
	"strings"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// Permission is whether a user may use object storage, and why.
type Permission struct {
	Known   bool         // the API's answers suffice to decide
	Role    keys.Role    // what the user is in the contract
	Through []keys.Group // the groups that give the privilege
}

// Allowed reports whether the user may use object storage, as far as is known:
// owners and administrators need no group.
func (p Permission) Allowed() bool { return p.Role.ManagesOthers() || len(p.Through) > 0 }

// Privileges is what decides who in a contract may use object storage.
type Privileges struct {
	Contract keys.Contract
	Groups   []keys.Group

	// Why the contract or the groups could not be read; nil if they were.
	// Without them a user with no known permission may still have one.
	ContractErr, GroupsErr error
}

// ReadPrivileges reads the contract and, by the given function, the groups:
// all of the contract or those of one user. Both calls run at the same time as
// beside, which may be nil.
func ReadPrivileges(ctx context.Context, remote keys.Directory,
	groups func(context.Context) ([]keys.Group, error), beside func()) Privileges {
	var p Privileges
	calls := []func(){
		func() { p.Contract, p.ContractErr = remote.Contract(ctx) },
		func() { p.Groups, p.GroupsErr = groups(ctx) },
	}
	if beside != nil {
		calls = append(calls, beside)
	}
	parallel.Do(calls...)
	return p
}

// Err returns why the privileges are not known in full, or nil.
func (p Privileges) Err() error { return errors.Join(p.ContractErr, p.GroupsErr) }

// Refused returns the error that says that the API refuses the token, or what
// it asks for, to this person; nil if there is none.
func (p Privileges) Refused() error {
	for _, err := range []error{p.ContractErr, p.GroupsErr} {
		if tokenRefused(err) {
			return err
		}
	}
	return nil
}

// Of returns the permission of a user, by the ids of their groups. The owner is
// the user whom the contract names by e-mail.
func (p Privileges) Of(u keys.User) Permission {
	found := Permission{Role: keys.RoleUser, Known: u.Groups != nil && p.GroupsErr == nil}
	switch {
	case u.Email != "" && strings.EqualFold(u.Email, p.Contract.OwnerEmail):
		found.Role, found.Known = keys.RoleOwner, true
	case u.Administrator:
		found.Role, found.Known = keys.RoleAdministrator, true
	}
	for _, g := range p.Groups {
		if g.UseObjectStorage && slices.Contains(u.Groups, g.ID) {
			found.Through = append(found.Through, g)
		}
	}
	if p.ContractErr != nil && !found.Allowed() { // the user may be the owner
		found.Known = false
	}
	return found
}

// OfMember returns the permission of a user who is in all the groups.
func (p Privileges) OfMember(u keys.User) Permission {
	u.Groups = make([]string, len(p.Groups))
	for i, g := range p.Groups {
		u.Groups[i] = g.ID
	}
	return p.Of(u)
}
