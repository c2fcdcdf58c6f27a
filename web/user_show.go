package web

import (
	"context"
	"errors"
	"net/http"

	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// showUser is one user.
func (s *Server) showUser(v *scope) error {
	var user keys.User
	privileges, err := s.privileges(v, v.groups, func() (err error) {
		user, err = v.user(v.Request().Context())
		return err
	})
	if err != nil {
		return err
	}
	page := pages.UserPage{Links: s.links, Groups: privileges.Groups, Unknown: privileges.GroupsErr != nil, Now: s.now()}
	page.Row = pages.UserRow{User: user, Permission: privileges.OfMember(user)}
	return s.respond(v, http.StatusOK, view{
		news:  true,
		title: user.Name(), current: menuUsers,
		page: pages.UserPageView(page),
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
