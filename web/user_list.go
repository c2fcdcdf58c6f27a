package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

const (
	// usersTimeout is how long a page waits for all users to be read before it
	// shows those read so far and polls.
	usersTimeout = 1500 * time.Millisecond
	// usersPoll is the pause before such a page polls.
	usersPoll = 500 * time.Millisecond
)

// asker is the signed-in person as one who lists the users of the contract.
func asker(v *scope) directory.Asker {
	return directory.Asker{Contract: v.session.Contract, Session: v.session.ID(), Remote: v.remote}
}

// listUsers is Users. A page in the API's own order is one page of the API; to
// search or to sort, all users are read.
func (s *Server) listUsers(v *scope) error {
	page := pages.UserList{Links: s.links, Find: pages.NewUserFind(v.QueryParams())}
	privileges, err := s.privileges(v, v.remote.Groups, func() error {
		if page.Find.NeedsAll() {
			return s.searchUsers(v, &page)
		}
		return s.pageOfUsers(v, &page)
	})
	if err != nil {
		return err
	}
	for i, row := range page.Rows {
		page.Rows[i].Permission = privileges.Of(row.User)
	}
	shown := view{
		news:  true,
		title: "Users", current: menuUsers,
		page: pages.UserListPage(page), part: pages.UserListPart(page), address: page.Find.Address(s.links),
	}
	if page.Again != "" {
		shown.refresh = "2; url=" + page.Again
	}
	return s.respond(v, http.StatusOK, shown)
}

// privileges reads what decides who may use object storage, at the same time as
// beside runs. What cannot be read is left unknown, unless the API refuses it
// to this person.
func (s *Server) privileges(v *scope, groups func(context.Context) ([]keys.Group, error), beside func() error) (directory.Privileges, error) {
	var err error
	found := directory.ReadPrivileges(v.Request().Context(), v.remote, groups, func() { err = beside() })
	if err == nil {
		err = found.Refused()
	}
	if unread := found.Err(); unread != nil && err == nil {
		s.logger.Warn("shown without all privileges", "id", requestIDOf(v), "error", unread)
	}
	return found, err
}

// pageOfUsers reads one page, and one user more to know whether there is
// another.
func (s *Server) pageOfUsers(v *scope, page *pages.UserList) error {
	const size = pages.UsersPerPage
	users, err := v.remote.Users(v.Request().Context(), keys.Page{Offset: (page.Find.Page - 1) * size, Limit: size + 1})
	if err != nil {
		return err
	}
	for _, u := range uniqueUsers(users[:min(len(users), size)]) {
		page.Rows = append(page.Rows, pages.UserRow{User: u})
	}
	s.turnPages(page, len(users) > size)
	return nil
}

// uniqueUsers returns a page without the users who are there twice.
func uniqueUsers(page []keys.User) []keys.User {
	seen := make(map[string]bool, len(page))
	return slices.DeleteFunc(page, func(u keys.User) bool {
		repeated := seen[u.ID]
		seen[u.ID] = true
		return repeated
	})
}

func (s *Server) turnPages(page *pages.UserList, more bool) {
	if n := page.Find.Page; n > 1 {
		page.Earlier = page.Find.On(n - 1).Address(s.links)
	}
	if more {
		page.Later = page.Find.On(page.Find.Page + 1).Address(s.links)
	}
}

// searchUsers searches all users, as far as they have been read. For a whole
// e-mail address the API's answer can be enough.
func (s *Server) searchUsers(v *scope, page *pages.UserList) error {
	query := page.Find.Query
	if page.Find.All {
		query = ""
	}
	users, err := s.users.Search(v.Request().Context(), asker(v), query, usersTimeout)
	if isAny(err, keys.ErrUnauthorized, keys.ErrForbidden) {
		return err
	}
	matcher := directory.NewMatcher(page.Find.Query, v.session.Contract)
	var found []keys.User
	var owners map[string]bool // of a key that the query is a part of, as far as keys have been read
	if part, err := keys.ParseQuery(query); err == nil {
		owners = s.reports.Held(v.session.Contract, part)
	}
	for u := range users.All() {
		if matcher.Matches(u) || owners[u.ID] {
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
	if err == nil {
		err = users.Err
	}
	s.tellProgress(v, page, users, err)
	return nil
}

// tellProgress says on the page whether all users were searched.
func (s *Server) tellProgress(v *scope, page *pages.UserList, users directory.Snapshot, err error) {
	switch {
	case err != nil:
		p := s.problemFor(v, err)
		page.Trouble = p.title + ". " + p.text + " " + inTime(p.wait)
		s.logger.Warn("not all users were read", "id", requestIDOf(v), "read", users.Count, "error", err)
	case users.Filtered:
		page.Filtered = true
	case !users.Done:
		page.Reading, page.Again = max(users.Count, 1), page.Find.Address(s.links)
		page.PollIn = max(users.Wait, usersPoll).String()
		if users.Wait >= time.Second {
			page.Wait = pages.GoesOnIn(users.Wait)
		}
	case users.Shifted:
		page.Trouble = pages.UsersChanged
	case users.Bounded:
		page.Bounded = users.Count
	case page.Total == 0:
		if query, err := keys.ParseQuery(page.Find.Query); err == nil {
			page.OwnerOf = s.ownerAddress(query, nil, false)
		}
	}
}
