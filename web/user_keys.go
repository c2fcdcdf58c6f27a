package web

import (
	"net/http"
	"net/url"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// listUserKeys is the tab Object Storage Keys of a user.
func (s *Server) listUserKeys(v *scope) error {
	ctx := v.Request().Context()
	state := s.state(v)
	page := pages.UserKeys{People: s.links, Links: v.links, Now: s.now(), MaxAge: s.maxAge, More: v.QueryParam("more")}
	var user keys.User
	var userErr error
	privileges, err := s.privileges(v, v.groups, func() (err error) {
		parallel.Do(
			func() { user, userErr = v.user(ctx) },
			func() { page.Listing, err = v.keys.List(ctx, v.owner) },
		)
		return err
	})
	if userErr != nil {
		err = userErr
	}
	if err != nil {
		return err
	}
	page.Row = pages.UserRow{User: user, Permission: privileges.OfMember(user)}
	page.Listing = page.Listing.WithOwner(user)
	page.Refusal = apiWords(page.Listing.Refusal)
	v.owner.Email, v.owner.Name = user.Email, user.Name()
	state.Settle(ctx, s.request(v))
	page.Listing, page.Progress = v.keys.Refresh(ctx, v.owner, page.Listing, state.Changes)
	page.Rotation = rotationIn(page.Listing, page.Progress, state.Rotation)
	notices, awaited := s.takeNotices(v, state, &keyops.View{Listing: page.Listing, Progress: page.Progress})
	looked := v.QueryParam("poll")
	if changing(page.Listing, page.Progress) || awaited {
		page.Poll, page.PollIn = nextPoll(v.links.List(), url.Values{}, looked)
	}
	if looked == "" {
		notices = append(notices, s.takeFlash(v)...)
	}
	return s.respond(v, http.StatusOK, view{
		title: "Object Storage Keys of " + user.Name(), current: menuUsers, notices: notices,
		page: pages.UserKeysPage(page), part: pages.UserKeysPart(page, notices), root: "#keys", address: v.links.List(),
	})
}
