package web

import (
	"net/http"
	"net/url"
	"sync"

	"keydeck/internal/keys"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// listUserKeys is the tab Object Storage Keys of a user.
func (s *Server) listUserKeys(v *visit) error {
	ctx := v.Request().Context()
	page := pages.UserKeys{People: s.links, Links: v.at, Now: s.now()}
	var user keys.User
	var userErr error
	known, err := s.privileges(v, v.groups, func() (err error) {
		var call sync.WaitGroup
		call.Go(func() { user, userErr = v.user(ctx) })
		page.Listing, err = v.keys.List(ctx, v.owner)
		call.Wait()
		return err
	})
	if userErr != nil {
		err = userErr
	}
	if err != nil {
		return err
	}
	page.Row = known.row(user)
	page.Listing, page.Progress = v.keys.Follow(ctx, v.owner, page.Listing, s.doing(v).Asked)
	looked := v.QueryParam("poll")
	if changing(page.Listing, page.Progress) {
		page.Poll, page.PollIn = nextPoll(v.at.List(), url.Values{}, looked)
	}
	var notice *layout.Notice
	if looked == "" {
		notice = s.heard(v)
	}
	return s.respond(v, http.StatusOK, view{
		title: "Object Storage Keys of " + user.Name(), current: menuUsers, notice: notice,
		crumbs: s.peopleCrumbs(layout.Crumb{Label: user.Name(), Href: s.links.User(user.ID)}, layout.Crumb{Label: "Object Storage Keys"}),
		page:   pages.UserKeysPage(page), part: pages.UserKeysPart(page, notice), root: "#keys", address: v.at.List(),
	})
}
