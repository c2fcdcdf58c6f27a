package web

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/labstack/echo/v4"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
)

// managed passes on the requests of owners and administrators. It refuses those
// of others before any call to an API.
func (s *Server) managed(handle func(*scope) error) echo.HandlerFunc {
	return s.signedIn(handle, managesOthers)
}

func managesOthers(v *scope) error {
	if !keys.Role(v.session.Role).ManagesOthers() {
		return errNotManaging
	}
	return nil
}

// ofUser passes on requests about the keys of the user that the address names.
func (s *Server) ofUser(handle func(*scope) error) echo.HandlerFunc {
	return s.signedIn(handle, managesOthers, s.findOwner)
}

// findOwner takes the owner of the keys from the address.
func (s *Server) findOwner(v *scope) error {
	id := v.Param("user")
	if !keys.ValidUserID(id) {
		return &keys.Error{Kind: keys.ErrNoUser, Op: "find user"}
	}
	v.owner = keys.Owner{UserID: id, Contract: v.session.Contract, Managed: true, Self: strings.EqualFold(id, v.session.UserID)}
	v.links = s.links.Of(id)
	if cookie, err := v.Cookie(managedCookie); err != nil || cookie.Value != id {
		s.setCookie(v, managedCookie, id, 0)
	}
	return nil
}

// user reads the user whose keys the request is about. ErrNoUser.
func (v *scope) user(ctx context.Context) (keys.User, error) {
	u, err := v.remote.User(ctx, v.owner.UserID)
	if errors.Is(err, keys.ErrNotFound) {
		err = &keys.Error{Kind: keys.ErrNoUser, Op: "read user", Err: err}
	}
	return u, err
}

// loadOwner reads e-mail and name of the user whose keys the request is about, unless
// they are the person's own, at the same time as beside runs.
func (v *scope) loadOwner(ctx context.Context, beside func() error) error {
	if !v.owner.Managed || v.owner.Email != "" {
		return beside()
	}
	var u keys.User
	var unknown error
	var err error
	parallel.Do(
		func() { u, unknown = v.user(ctx) },
		func() { err = beside() },
	)
	v.owner.Email, v.owner.Name = u.Email, u.Name()
	return cmp.Or(unknown, err)
}

// listKeys lists the keys that the request is about, and reads whose they are where
// that is not known.
func (v *scope) listKeys() (l keys.Listing, err error) {
	ctx := v.Request().Context()
	err = v.loadOwner(ctx, func() (err error) {
		l, err = v.keys.List(ctx, v.owner)
		return err
	})
	return l, err
}

// alone is the beside of [scope.loadOwner] when nothing else is to be read.
func alone() error { return nil }

// forWhom is the name of the user whose keys the request is about, and empty
// when they are the person's own.
func (v *scope) forWhom() string {
	if v.owner.Managed {
		return v.owner.Name
	}
	return ""
}

// menuUsers names Users & Groups in the menu.
const menuUsers = "users"
