package web

import (
	"context"
	"errors"
	"net/http"

	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// showUser is one user.
func (s *Server) showUser(v *visit) error {
	var user keys.User
	known, err := s.privileges(v, v.groups, func() (err error) {
		user, err = v.user(v.Request().Context())
		return err
	})
	if err != nil {
		return err
	}
	page := pages.UserPage{Links: s.links, Groups: known.groups, Unknown: known.noGroups, Now: s.now()}
	page.Row = known.row(user)
	return s.respond(v, http.StatusOK, view{
		title: user.Name(), current: menuUsers, crumbs: s.peopleCrumbs(layout.Crumb{Label: user.Name()}),
		page: pages.UserPageView(page),
	})
}

// groups reads the groups of the user whose keys it is about.
func (v *visit) groups(ctx context.Context) ([]keys.Group, error) {
	return v.remote.UserGroups(ctx, v.owner.UserID)
}

// row puts together who a user is and what they may, from their groups.
func (p privileges) row(user keys.User) pages.UserRow {
	user.Groups = make([]string, len(p.groups))
	for i, g := range p.groups {
		user.Groups[i] = g.ID
	}
	return pages.UserRow{User: user, Permission: p.of(user)}
}

// isAny reports whether an error is one of several.
func isAny(err error, kinds ...error) bool {
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
