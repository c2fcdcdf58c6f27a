package web

import (
	"net/http"
	"net/url"
	"slices"

	"keydeck/internal/directory"
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
	if err := s.offerGroups(v, &page, privileges); err != nil {
		return err
	}
	notices, awaited := s.takeNotices(v, state, &keyops.View{Listing: page.Listing, Progress: page.Progress})
	looked := v.QueryParam("poll")
	if changing(page.Listing, page.Progress) || awaited {
		page.Poll, page.PollIn = nextPoll(v.links.List(), url.Values{}, looked)
	}
	if page.Awaited != nil && page.Awaited.Poll != "" && page.Poll == "" {
		page.Poll, page.PollIn = page.Awaited.Poll, page.Awaited.PollIn
	}
	if looked == "" {
		notices = append(notices, s.takeFlash(v)...)
	}
	return s.respond(v, http.StatusOK, view{
		title: "Object Storage Keys of " + user.Name(), current: menuUsers, notices: notices,
		page: pages.UserKeysPage(page), part: pages.UserKeysPart(page, notices), root: "#keys", address: v.links.List(),
		refresh: page.Awaited.Refresh(),
	})
}

// offerGroups adds the groups that would give a user the privilege, where they have
// none; and what has become of adding the user to one.
func (s *Server) offerGroups(v *scope, page *pages.UserKeys, privileges directory.Privileges) error {
	page.Awaited = await(v, v.links.List(), privileges.Groups, privileges.GroupsErr == nil && !page.Listing.NoPrivilege)
	if page.MayHaveKey() || page.Row.Permission.Allowed() {
		return nil
	}
	all, err := v.remote.Groups(v.Request().Context())
	if isAny(err, keys.ErrUnauthorized) {
		return err
	}
	if err != nil {
		s.logger.Warn("shown without the groups of the contract", "id", requestIDOf(v), "error", err)
	}
	page.Giving = slices.DeleteFunc(all, func(g keys.Group) bool { return !g.UseObjectStorage })
	return nil
}
