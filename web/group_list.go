package web

import (
	"errors"
	"net/http"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// listGroups is Groups.
func (s *Server) listGroups(v *scope) error {
	groups, err := v.remote.Groups(v.Request().Context())
	if err != nil {
		return err
	}
	return s.respond(v, http.StatusOK, view{
		news:  true,
		title: "Groups", current: menuUsers,
		page: pages.GroupListPage(pages.GroupList{Links: s.links, Groups: groups}),
	})
}

// showGroup is one group with its members.
func (s *Server) showGroup(v *scope) error {
	id, ctx := v.Param("group"), v.Request().Context()
	if !keys.ValidUserID(id) {
		return errNoGroup
	}
	const size = pages.UsersPerPage
	at := pages.NewUserFind(v.QueryParams()).Page
	page := pages.GroupPage{Links: s.links, Page: at}
	var groupErr, membersErr error
	parallel.Do(
		func() {
			page.Members, membersErr = v.remote.GroupMembers(ctx, id, keys.Page{Offset: (at - 1) * size, Limit: size + 1})
		},
		func() { page.Group, groupErr = v.remote.Group(ctx, id) },
	)
	for _, err := range []error{groupErr, membersErr} {
		if errors.Is(err, keys.ErrNotFound) {
			return errNoGroup
		}
		if err != nil {
			return err
		}
	}
	if page.More = len(page.Members) > size; page.More {
		page.Members = page.Members[:size]
	}
	page.Members = uniqueUsers(page.Members)
	return s.respond(v, http.StatusOK, view{
		news:  true,
		title: page.Group.Name, current: menuUsers,
		page: pages.GroupPageView(page),
	})
}
