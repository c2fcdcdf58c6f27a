package web

import (
	"net/http"

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
