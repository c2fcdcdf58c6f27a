package web

import (
	"errors"
	"net/http"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// privilegeQuestion asks before a group is to give the privilege or not.
func (s *Server) privilegeQuestion(v *scope, status int) error {
	group, members, more, err := s.groupMembers(v, pages.UsersPerPage)
	if err != nil {
		return err
	}
	page := pages.GroupPrivilege{Links: s.links, Group: group, Members: len(members), More: more}
	return s.respond(v, status, view{
		title: page.Title(), current: menuUsers, behind: s.links.Group(group.ID),
		page: pages.GroupPrivilegeDialog(page, false), part: pages.GroupPrivilegeDialog(page, true),
	})
}

// askPrivilege is the question by GET.
func (s *Server) askPrivilege(v *scope) error { return s.privilegeQuestion(v, http.StatusOK) }

// changePrivilege gives a group the privilege or takes it away.
func (s *Server) changePrivilege(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	group, gives := v.Param("group"), values.Get("s3")
	switch {
	case !keys.ValidUserID(group):
		return errNoGroup
	case gives != "yes" && gives != "no":
		return s.privilegeQuestion(v, unprocessable)
	}
	err = v.remote.SetUseObjectStorage(v.Request().Context(), group, gives == "yes")
	s.record(v, v.session, groupEvent(keys.Owner{}, audit.ChangePrivilege, group, err))
	switch {
	case errors.Is(err, keys.ErrNotFound):
		return errNoGroup
	case err != nil && !isIndeterminate(err):
		return err
	}
	return redirect(v, s.links.Group(group)+"?s3="+gives)
}
