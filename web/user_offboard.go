package web

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/offboard"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// formOffboard names the form that request ids of a removal of access are good for.
func formOffboard(userID string) string { return "offboard " + strings.ToLower(userID) }

// askToOffboard shows what a user who leaves can do, and what is to be done about it.
func (s *Server) askToOffboard(v *scope) error {
	page, err := s.offboardPage(v)
	if err != nil {
		return err
	}
	return s.respondOffboard(v, http.StatusOK, page)
}

// offboardPage reads what there is. It refuses oneself and the owner of the contract:
// so somebody is left who can look after the others.
func (s *Server) offboardPage(v *scope) (pages.Offboard, error) {
	if v.owner.Self {
		return pages.Offboard{}, errOffboardSelf
	}
	ctx := v.Request().Context()
	var user keys.User
	var l keys.Listing
	var userErr, listErr error
	privileges, err := s.privileges(v, v.groups, func() error {
		parallel.Do(
			func() { user, userErr = v.user(ctx) },
			func() { l, listErr = v.keys.List(ctx, v.owner) },
		)
		return cmp.Or(userErr, listErr)
	})
	if err := cmp.Or(err, privileges.Err()); err != nil {
		return pages.Offboard{}, err
	}
	v.owner.Email, v.owner.Name = user.Email, user.Name()
	page := pages.Offboard{
		Links: s.links, User: user, Permission: privileges.OfMember(user), Listing: l, Refusal: apiWords(l.Refusal), Now: s.now(),
		Choice: pages.NewOffboardChoice(),
	}
	if page.Permission.Role == keys.RoleOwner {
		return page, errOffboardOwner
	}
	for _, g := range privileges.Groups {
		if g.UseObjectStorage {
			page.Groups = append(page.Groups, g)
		}
	}
	return page, nil
}

func (s *Server) respondOffboard(v *scope, status int, page pages.Offboard) error {
	if page.RequestID = s.sessions.IssueIdempotencyKey(v.session, formOffboard(v.owner.UserID)); page.RequestID == "" {
		return errNoRandomness
	}
	page.TroubleID = requestIDOf(v)
	return s.respond(v, status, view{
		title: "Remove access of " + page.User.Name(), current: menuUsers, page: pages.OffboardPage(page),
	})
}

// offboardUser begins to remove a user's access, once for each form, and goes to the
// record of it.
func (s *Server) offboardUser(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	ctx, id := v.Request().Context(), values.Get("request_id")
	stale := s.sessions.CheckIdempotencyKey(v.session, formOffboard(v.owner.UserID), id) != nil
	if !stale {
		_, err := s.offboard.Load(ctx, v.session.Contract, v.owner.UserID, id)
		if !errors.Is(err, offboard.ErrNotFound) {
			return cmp.Or(err, redirect(v, s.links.OffboardResults(v.owner.UserID, id)))
		}
	}
	page, err := s.offboardPage(v)
	if err != nil {
		return err
	}
	page.Choice = pages.OffboardChoice{
		Keys: values.Get("keys"), Groups: values.Get("groups") == "yes", Account: values.Get("account"), Typed: values.Get("confirm"),
	}
	if !page.Check(values.Get("plan"), stale) {
		return s.respondOffboard(v, unprocessable, page)
	}
	record := offboard.Record{
		By:    offboard.Person{ID: v.session.UserID, Email: v.session.Email, Name: v.session.Name},
		Of:    offboard.Person{ID: page.User.ID, Email: page.User.Email, Name: page.User.Name()},
		Steps: page.Steps(),
	}
	started, err := s.offboard.Start(ctx, s.offboardRequest(v), id, record)
	if err != nil {
		return err
	}
	if started {
		s.audit(v, audit.RemoveAccess, "", nil)
	}
	return redirect(v, s.links.OffboardResults(v.owner.UserID, id))
}

// resumeOffboarding goes on with what was interrupted, and tries again what has failed.
func (s *Server) resumeOffboarding(v *scope) error {
	if _, err := formValues(v); err != nil {
		return err
	}
	id := v.Param("id")
	err := s.offboard.Resume(v.Request().Context(), s.offboardRequest(v), v.owner.UserID, id)
	if errors.Is(err, offboard.ErrNotFound) {
		err = errNoResults
	}
	s.audit(v, audit.RemoveAccess, "", err)
	if err != nil {
		return err
	}
	return redirect(v, s.links.OffboardResults(v.owner.UserID, id))
}

// showOffboarding is the record: a line for each step. It looks again by itself while
// one is under way.
func (s *Server) showOffboarding(v *scope) error {
	record, err := s.offboard.Load(v.Request().Context(), v.session.Contract, v.owner.UserID, v.Param("id"))
	switch {
	case errors.Is(err, offboard.ErrNotFound):
		return errNoResults
	case err != nil:
		return err
	}
	page := pages.OffboardResults{Links: s.links, ID: v.Param("id"), Record: record, Contract: v.session.Contract}
	for _, step := range record.Steps {
		why := ""
		if step.State == offboard.Failed {
			why = s.stepReason(v, step.Reason())
		}
		page.Why = append(page.Why, why)
	}
	if err := record.Err(); err != nil {
		p := s.problemFor(v, err)
		page.Trouble = p.title + ". " + p.text
	}
	shown := view{
		news: true, title: page.Title(), current: menuUsers,
		page: pages.OffboardResultsPage(page), part: pages.OffboardResultsPart(page), root: "#results", address: page.Address(),
	}
	if record.Running {
		shown.refresh = refreshIn(resultsPoll, page.Address())
	}
	return s.respond(v, http.StatusOK, shown)
}

// stepReason says why a step was not carried out.
func (s *Server) stepReason(v *scope, err error) string {
	p := s.problemFor(v, err)
	if words := apiWords(err); words != "" {
		return p.title + ": " + words
	}
	return p.title + "."
}

// offboardRequest is on whose behalf access is removed. It outlives the request.
func (s *Server) offboardRequest(v *scope) offboard.Request {
	by, id, address, owner := v.session, requestIDOf(v), v.RealIP(), v.owner
	return offboard.Request{
		Session: by, Remote: v.remote, Keys: v.keys, ID: id,
		Audit: func(step offboard.Step, err error) {
			action, accessKey, group := stepAction(step)
			e := eventBy(by, keyEvent(owner, action, accessKey, err))
			// In the audit log alone: the person's activity has the whole.
			e.RequestID, e.Address, e.Group = id, address, group
			s.auditLog.Record(e)
		},
		Changed: func() {
			s.reports.Changed(by.Contract, owner.UserID)
			s.users.Forget(by.Contract)
		},
	}
}

// stepAction is a step as the audit log names it, and what it is about.
func stepAction(step offboard.Step) (action audit.Action, accessKey, group string) {
	switch step.Kind {
	case offboard.DeactivateKey:
		return audit.Deactivate, step.ID, ""
	case offboard.DeleteKey:
		return audit.Delete, step.ID, ""
	case offboard.LeaveGroup:
		return audit.RemoveFromGroup, "", step.ID
	default:
		return audit.DeactivateUser, "", ""
	}
}
