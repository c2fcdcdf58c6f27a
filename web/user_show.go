package web

import (
	"context"
	"errors"
	"net/http"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// showUser is one user with their groups.
func (s *Server) showUser(v *scope) error {
	page, err := s.userPage(v)
	if err != nil {
		return err
	}
	page.Awaited = await(v, s.links.User(v.owner.UserID), page.Groups, !page.Unknown)
	if page.Awaited != nil && page.Awaited.Done {
		s.users.Put(v.session.Contract, page.Row.User)
	}
	return s.respondUser(v, http.StatusOK, page)
}

// userPage reads a user, their groups and those that they could be in.
func (s *Server) userPage(v *scope) (pages.UserPage, error) {
	ctx := v.Request().Context()
	var user keys.User
	var all []keys.Group
	var allErr error
	privileges, err := s.privileges(v, v.groups, func() (err error) {
		parallel.Do(
			func() { user, err = v.user(ctx) },
			func() { all, allErr = v.remote.Groups(ctx) },
		)
		return err
	})
	if err != nil {
		return pages.UserPage{}, err
	}
	if allErr != nil {
		s.logger.Warn("shown without the groups of the contract", "id", requestIDOf(v), "error", allErr)
	}
	v.owner.Email, v.owner.Name = user.Email, user.Name()
	page := pages.UserPage{
		Links: s.links, Groups: privileges.Groups, Unknown: privileges.GroupsErr != nil, OthersUnknown: allErr != nil, Now: s.now(),
		Self: v.owner.Self,
	}
	page.Row = pages.UserRow{User: user, Permission: privileges.OfMember(user)}
	page.SetOthers(all)
	return page, nil
}

func (s *Server) respondUser(v *scope, status int, page pages.UserPage) error {
	return s.respond(v, status, view{
		news:  true,
		title: page.Row.User.Name(), current: menuUsers,
		page: pages.UserPageView(page), part: pages.UserPart(page), root: "#user", address: s.links.User(v.owner.UserID),
		refresh: page.Awaited.Refresh(),
	})
}

// groups reads the groups of the user whose keys the request is about.
func (v *scope) groups(ctx context.Context) ([]keys.Group, error) {
	return v.remote.UserGroups(ctx, v.owner.UserID)
}

// isAny reports whether an error is one of several kinds.
func isAny(err error, kinds ...error) bool {
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
