package web

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/roll"
	"keydeck/views/pages"
)

// rollPatience is how long a page waits for the users to be read, before it
// shows what there is and looks again.
const rollPatience = 1500 * time.Millisecond

// listUsers is Users. A page of the API's own order is one page of the API;
// to search or to sort, all users have to be read first.
func (s *Server) listUsers(v *visit) error {
	page := pages.UserList{Links: s.links, Find: pages.NewUserFind(v.QueryParam("q"), v.QueryParam("sort"), v.QueryParam("page"))}
	known, err := s.privileges(v, v.remote.Groups, func() error {
		if page.Find.NeedsAll() {
			s.searchUsers(v, &page)
			return nil
		}
		return s.pageOfUsers(v, &page)
	})
	if err != nil {
		return err
	}
	for i, row := range page.Rows {
		page.Rows[i].Permission = known.of(row.User)
	}
	shown := view{
		title: "Users", current: menuUsers, crumbs: s.peopleCrumbs(),
		page: pages.UserListPage(page), part: pages.UserListPart(page), address: page.Find.Address(s.links),
	}
	if page.Again != "" {
		shown.refresh = "2; url=" + page.Again
	}
	return s.respond(v, http.StatusOK, shown)
}

// privileges are what tells who may use object storage.
type privileges struct {
	contract keys.Contract
	groups   []keys.Group
	// What could not be read: without it nobody can be said to have none.
	noContract, noGroups bool
}

// of tells a user's permission, as far as that is known.
func (p privileges) of(u keys.User) keys.Permission {
	if p.noGroups {
		u.Groups = nil
	}
	found := keys.PermissionOf(u, p.contract, p.groups)
	if p.noContract && !found.Allowed() { // it may be the owner
		found.Known = false
	}
	return found
}

// privileges reads them, of all groups or of one user's, at the same time as
// something else.
func (s *Server) privileges(v *visit, groups func(context.Context) ([]keys.Group, error), beside func() error) (privileges, error) {
	ctx := v.Request().Context()
	var known privileges
	var contractErr, groupsErr, err error
	var calls sync.WaitGroup
	calls.Go(func() { known.contract, contractErr = v.remote.Contract(ctx) })
	calls.Go(func() { known.groups, groupsErr = groups(ctx) })
	err = beside()
	calls.Wait()
	if err == nil {
		err = firstSerious(contractErr, groupsErr)
	}
	known.noContract, known.noGroups = contractErr != nil, groupsErr != nil
	if unread := errors.Join(contractErr, groupsErr); unread != nil && err == nil {
		s.logger.Warn("shown without all privileges", "id", requestIDOf(v), "error", unread)
	}
	return known, err
}

// firstSerious is the first error that a page cannot do without knowing: that
// the token is dead, or that this person may not.
func firstSerious(errs ...error) error {
	for _, err := range errs {
		if isAny(err, keys.ErrUnauthorized, keys.ErrForbidden) {
			return err
		}
	}
	return nil
}

// pageOfUsers reads one page, and one user more to know whether there is
// another.
func (s *Server) pageOfUsers(v *visit, page *pages.UserList) error {
	const size = pages.UsersPerPage
	users, err := v.remote.Users(v.Request().Context(), keys.Page{Offset: (page.Find.Page - 1) * size, Limit: size + 1})
	if err != nil {
		return err
	}
	for _, u := range users[:min(len(users), size)] {
		page.Rows = append(page.Rows, pages.UserRow{User: u})
	}
	s.turnPages(page, len(users) > size)
	return nil
}

func (s *Server) turnPages(page *pages.UserList, more bool) {
	if n := page.Find.Page; n > 1 {
		page.Earlier = page.Find.On(n - 1).Address(s.links)
	}
	if more {
		page.Later = page.Find.On(page.Find.Page + 1).Address(s.links)
	}
}

// searchUsers looks through all users, as far as they have been read.
func (s *Server) searchUsers(v *visit, page *pages.UserList) {
	ctx, cancel := context.WithTimeout(v.Request().Context(), rollPatience)
	defer cancel()
	state := s.rolls.Of(ctx, v.session.ID(), v.remote).State(ctx)
	words := page.Find.Words()
	var found []keys.User
	for u := range state.All() {
		if roll.Matches(u, words) {
			found = append(found, u)
		}
	}
	page.Find.Order(found)
	page.Total = len(found)
	from := min((page.Find.Page-1)*pages.UsersPerPage, len(found))
	to := min(from+pages.UsersPerPage, len(found))
	for _, u := range found[from:to] {
		page.Rows = append(page.Rows, pages.UserRow{User: u})
	}
	s.turnPages(page, to < len(found))
	switch {
	case !state.Done:
		page.Reading, page.Again, page.PollIn = max(state.Count(), 1), page.Find.Address(s.links), "500ms"
	case state.Err != nil:
		p := problemOf(state.Err)
		page.Trouble = p.title + ". " + p.text + " " + inTime(p.wait)
		s.logger.Warn("not all users were read", "id", requestIDOf(v), "read", state.Count(), "error", state.Err)
	case state.Bounded:
		page.Bounded = state.Count()
	}
}
