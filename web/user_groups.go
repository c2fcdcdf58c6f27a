package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// maxAwaited is how often a page looks whether the API has carried a change of a
// membership out. With the growing pauses of nextPoll that is about four minutes: a
// privilege takes some to be known everywhere.
const maxAwaited = 10

// addToGroup puts a user into a group. The API takes a while: the page that it leads to
// looks until the groups of the user show it.
func (s *Server) addToGroup(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	group := values.Get("group")
	if !keys.ValidUserID(group) {
		return s.refuseMembership(v, audit.AddToGroup, "", &keys.Error{Kind: keys.ErrInvalid, Op: "add to group", Message: pages.ChooseGroup})
	}
	err = v.remote.AddMember(v.Request().Context(), group, v.owner.UserID)
	return s.changedMembership(v, audit.AddToGroup, group, values.Get("from"), err)
}

// removeFromGroup takes a user out of a group. Where the privilege goes with it, it asks
// first.
func (s *Server) removeFromGroup(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	group := v.Param("group")
	if !keys.ValidUserID(group) {
		return errNoGroup
	}
	if values.Get("confirm") != "yes" {
		page, err := s.userPage(v)
		if err != nil {
			return err
		}
		if left, ok := page.Leaving(group); ok && page.TakesPrivilege(group) {
			trailOf(v).check = true // it asks, and does nothing
			question := pages.LeaveGroup{Links: s.links, Row: page.Row, Group: left, From: values.Get("from")}
			return s.respond(v, unprocessable, view{
				title: "Remove from " + left.Name, current: menuUsers, behind: question.Back(),
				page: pages.LeaveGroupDialog(question, false), part: pages.LeaveGroupDialog(question, true),
			})
		}
	}
	err = v.remote.RemoveMember(v.Request().Context(), group, v.owner.UserID)
	return s.changedMembership(v, audit.RemoveFromGroup, group, values.Get("from"), err)
}

// changedMembership goes to the page that shows a change of a membership as it comes:
// also where the answer was lost, since that page looks.
func (s *Server) changedMembership(v *scope, action audit.Action, group, from string, err error) error {
	if err != nil && !isIndeterminate(err) {
		return s.refuseMembership(v, action, group, err)
	}
	s.recordMembership(v, action, group, err)
	s.reports.Changed(v.session.Contract, v.owner.UserID)
	member := "yes"
	if action == audit.RemoveFromGroup {
		member = "no"
	}
	address := s.links.User(v.owner.UserID)
	switch from {
	case pages.FromKeys:
		address = v.links.List()
	case pages.FromGroup:
		return redirect(v, s.links.Group(group)+"?"+url.Values{"awaits": {v.owner.UserID}, "member": {member}}.Encode())
	}
	return redirect(v, address+"?"+url.Values{"awaits": {group}, "member": {member}}.Encode())
}

// refuseMembership says on the user's page why a membership was not changed.
func (s *Server) refuseMembership(v *scope, action audit.Action, group string, err error) error {
	p, here := s.refuse(v, err)
	if errors.Is(err, keys.ErrNotFound) { // the group, or the user
		p, here = problem{status: http.StatusNotFound, text: pages.GroupOrUserGone}, true
	}
	page, unread := s.userPage(v)
	if !here || unread != nil {
		return err
	}
	s.recordMembership(v, action, group, err)
	page.Trouble, page.TroubleID = p.text, requestIDOf(v)
	return s.respondUser(v, p.status, page)
}

func (s *Server) recordMembership(v *scope, action audit.Action, group string, err error) {
	s.record(v, v.session, groupEvent(v.owner, action, group, err))
}

// groupEvent is a change of a group, or of who is in it.
func groupEvent(owner keys.Owner, action audit.Action, group string, err error) audit.Event {
	e := keyEvent(owner, action, "", err)
	e.Group = group
	return e
}

// await has a page look again until it shows a change of a membership that its address
// says was asked for, or nil. groups are those that the user is in; known is false where
// they could not be read, or where the page waits for more.
func await(v *scope, address string, groups []keys.Group, known bool) *pages.Awaited {
	group, member := v.QueryParam("awaits"), v.QueryParam("member") == "yes"
	if !keys.ValidUserID(group) {
		return nil
	}
	in := slices.ContainsFunc(groups, func(g keys.Group) bool { return g.ID == group })
	looked, _ := strconv.Atoi(v.QueryParam("poll"))
	a := &pages.Awaited{Member: member, In: in, Done: known && in == member}
	if a.Late = !a.Done && looked >= maxAwaited; !a.Done && !a.Late {
		values := url.Values{"awaits": {group}, "member": {v.QueryParam("member")}}
		a.Poll, a.PollIn = nextPoll(address, values, v.QueryParam("poll"))
	}
	return a
}
