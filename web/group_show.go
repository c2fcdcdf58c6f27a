package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// showGroup is one group with its members.
func (s *Server) showGroup(v *scope) error {
	page, err := s.groupPage(v)
	if err != nil {
		return err
	}
	page.Awaited = s.awaitGroup(v, page.Group)
	return s.respondGroup(v, http.StatusOK, page)
}

// groupPage reads a group and a page of its members.
func (s *Server) groupPage(v *scope) (pages.GroupPage, error) {
	page := pages.GroupPage{Links: s.links, Page: pages.NewUserFind(v.QueryParams()).Page}
	var err error
	page.Group, page.Members, page.More, err = s.groupMembers(v, pages.UsersPerPage)
	return page, err
}

func (s *Server) respondGroup(v *scope, status int, page pages.GroupPage) error {
	return s.respond(v, status, view{
		news:  true,
		title: page.Group.Name, current: menuUsers,
		page: pages.GroupPageView(page), part: pages.GroupPart(page), root: "#group", address: s.links.Group(page.Group.ID),
		refresh: page.Awaited.Refresh(),
	})
}

// groupMembers reads the group of the address and a page of its members, of the size
// that is given.
func (s *Server) groupMembers(v *scope, size int) (group keys.Group, members []keys.User, more bool, err error) {
	id, ctx := v.Param("group"), v.Request().Context()
	if !keys.ValidUserID(id) {
		return group, nil, false, errNoGroup
	}
	at := pages.NewUserFind(v.QueryParams()).Page
	var groupErr, membersErr error
	parallel.Do(
		func() {
			members, membersErr = v.remote.GroupMembers(ctx, id, keys.Page{Offset: (at - 1) * size, Limit: size + 1})
		},
		func() { group, groupErr = v.remote.Group(ctx, id) },
	)
	switch err := cmp.Or(groupErr, membersErr); {
	case errors.Is(groupErr, keys.ErrNotFound), errors.Is(membersErr, keys.ErrNotFound):
		return group, nil, false, errNoGroup
	case err != nil:
		return group, nil, false, err
	}
	if more = len(members) > size; more {
		members = members[:size]
	}
	return group, uniqueUsers(members), more, nil
}

// awaitGroup has a page look again until it shows the changes that its address says were
// asked for, or nil: of the members, who are looked up one by one, or of the privilege.
func (s *Server) awaitGroup(v *scope, group keys.Group) *pages.GroupAwaited {
	values, looked := url.Values{}, v.QueryParam("poll")
	a := &pages.GroupAwaited{}
	switch users := v.QueryParams()["awaits"]; {
	case len(users) > 0 && len(users) <= pages.MaxNewMembers:
		if slices.ContainsFunc(users, func(id string) bool { return !keys.ValidUserID(id) }) {
			return nil
		}
		a.Member = v.QueryParam("member") != "no"
		left := s.notYet(v, group.ID, users, a.Member)
		of, _ := strconv.Atoi(v.QueryParam("of"))
		a.Of = min(max(of, len(users)), pages.MaxNewMembers)
		a.Left, a.Gives = len(left), group.UseObjectStorage
		values["awaits"] = left
		values.Set("of", strconv.Itoa(a.Of))
		values.Set("member", map[bool]string{true: "yes", false: "no"}[a.Member])
	case v.QueryParam("s3") == "yes", v.QueryParam("s3") == "no":
		a.Privilege, a.Gives = true, v.QueryParam("s3") == "yes"
		if a.Of = 1; group.UseObjectStorage != a.Gives {
			a.Left = 1
		}
		values.Set("s3", v.QueryParam("s3"))
	default:
		return nil
	}
	n, _ := strconv.Atoi(looked)
	if a.Late = a.Left > 0 && n >= maxAwaited; a.Left > 0 && !a.Late {
		a.Poll, a.PollIn = nextPoll(s.links.Group(group.ID), values, looked)
	}
	return a
}

// notYet returns those of the users who are not known to be members of a group, or not
// to be.
func (s *Server) notYet(v *scope, groupID string, users []string, member bool) []string {
	done := make([]bool, len(users))
	parallel.Each(users, maxExamined, func(i int, id string) {
		groups, err := v.remote.UserGroups(v.Request().Context(), id)
		in := slices.ContainsFunc(groups, func(g keys.Group) bool { return g.ID == groupID })
		done[i] = err == nil && in == member
	})
	var left []string
	for i, id := range users {
		if !done[i] {
			left = append(left, id)
		}
	}
	return left
}
