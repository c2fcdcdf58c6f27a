package web

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"github.com/labstack/echo/v4"

	"keydeck/internal/keys"
	"keydeck/views/layout"
)

// managed lets owners and administrators see a handler. Nobody else's request
// gets as far as an API.
func (s *Server) managed(handle func(*visit) error) echo.HandlerFunc {
	return s.signedIn(func(v *visit) error {
		if !keys.Role(v.session.Role).ManagesOthers() {
			return errNotManaging
		}
		return handle(v)
	})
}

// ofUser is a handler about the user of the address, and their keys.
func (s *Server) ofUser(handle func(*visit) error) echo.HandlerFunc {
	return s.managed(func(v *visit) error {
		id := v.Param("user")
		if !keys.ValidUserID(id) {
			return &keys.Error{Kind: keys.ErrNoUser, Op: "find user"}
		}
		v.owner = keys.Owner{UserID: id, Contract: v.session.Contract, Managed: true}
		v.at = s.links.Of(id)
		return handle(v)
	})
}

// user reads the user whose keys it is about.
func (v *visit) user(ctx context.Context) (keys.User, error) {
	u, err := v.remote.User(ctx, v.owner.UserID)
	if errors.Is(err, keys.ErrNotFound) {
		err = &keys.Error{Kind: keys.ErrNoUser, Op: "read user", Err: err}
	}
	return u, err
}

// knowOwner finds out the e-mail of whose keys it is about, unless that is the
// person themselves, at the same time as something else.
func (v *visit) knowOwner(ctx context.Context, beside func() error) error {
	if !v.owner.Managed || v.owner.Email != "" {
		return beside()
	}
	var u keys.User
	var unknown error
	var call sync.WaitGroup
	call.Go(func() { u, unknown = v.user(ctx) })
	err := beside()
	call.Wait()
	v.owner.Email = u.Email
	return cmp.Or(unknown, err)
}

// alone is for when there is nothing else to be done.
func alone() error { return nil }

// forWhom is the e-mail of somebody else whose keys it is about.
func (v *visit) forWhom() string {
	if v.owner.Managed {
		return v.owner.Email
	}
	return ""
}

// menuUsers is the entry of the menu that Users & Groups is.
const menuUsers = "users"

// peopleCrumbs leads to Users & Groups and on from there.
func (s *Server) peopleCrumbs(rest ...layout.Crumb) []layout.Crumb {
	return append([]layout.Crumb{{Label: "Management"}, {Label: "Users & Groups", Href: s.links.Users()}}, rest...)
}
