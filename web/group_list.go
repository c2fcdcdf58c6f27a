package web

import (
	"errors"
	"net/http"
	"sync"

	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// listGroups is Groups.
func (s *Server) listGroups(v *visit) error {
	groups, err := v.remote.Groups(v.Request().Context())
	if err != nil {
		return err
	}
	return s.respond(v, http.StatusOK, view{
		title: "Groups", current: menuUsers, crumbs: s.peopleCrumbs(layout.Crumb{Label: "Groups"}),
		page: pages.GroupListPage(pages.GroupList{Links: s.links, Groups: groups}),
	})
}

// showGroup is one group with its members.
func (s *Server) showGroup(v *visit) error {
	id, ctx := v.Param("group"), v.Request().Context()
	if !keys.ValidUserID(id) {
		return errNoGroup
	}
	const size = pages.UsersPerPage
	at := pages.NewUserFind("", "", v.QueryParam("page")).Page
	page := pages.GroupPage{Links: s.links, Page: at}
	var groupErr, membersErr error
	var calls sync.WaitGroup
	calls.Go(func() {
		page.Members, membersErr = v.remote.GroupMembers(ctx, id, keys.Page{Offset: (at - 1) * size, Limit: size + 1})
	})
	page.Group, groupErr = v.remote.Group(ctx, id)
	calls.Wait()
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
	return s.respond(v, http.StatusOK, view{
		title: page.Group.Name, current: menuUsers,
		crumbs: s.peopleCrumbs(layout.Crumb{Label: "Groups", Href: s.links.Groups()}, layout.Crumb{Label: page.Group.Name}),
		page:   pages.GroupPageView(page),
	})
}
