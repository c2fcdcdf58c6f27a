package web

import (
	"errors"
	"net/http"
	"sync"

	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// showUser is one user.
func (s *Server) showUser(v *visit) error {
	var user keys.User
	var groups []keys.Group
	var groupsErr error
	known, err := s.privileges(v, func() error {
		var calls sync.WaitGroup
		calls.Go(func() { groups, groupsErr = v.remote.UserGroups(v.Request().Context(), v.owner.UserID) })
		var err error
		user, err = v.user(v.Request().Context())
		calls.Wait()
		return err
	})
	if err == nil {
		err = firstSerious(groupsErr)
	}
	if err != nil {
		return err
	}
	page := pages.UserPage{Links: s.links, Groups: groups, Unknown: groupsErr != nil, Now: s.now()}
	page.Row = userRow(user, groups, groupsErr, known)
	return s.respond(v, http.StatusOK, view{
		title: user.Name(), current: menuUsers, crumbs: s.peopleCrumbs(layout.Crumb{Label: user.Name()}),
		page: pages.UserPageView(page),
	})
}

// userRow puts together who a user is and what they may, from the groups that
// the API has told for them.
func userRow(user keys.User, groups []keys.Group, groupsErr error, known privileges) pages.UserRow {
	if groupsErr == nil {
		user.Groups = []string{}
		for _, g := range groups {
			user.Groups = append(user.Groups, g.ID)
		}
	}
	return pages.UserRow{User: user, Permission: keys.PermissionOf(user, known.contract, groups)}
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
