package web

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"keydeck/internal/audit"
	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// formOnboard names the form that request ids of a group's first keys are good for.
func formOnboard(groupID string) string { return "onboard " + strings.ToLower(groupID) }

// askToOnboard lists the members of a group who have no key.
func (s *Server) askToOnboard(v *scope) error {
	page, err := s.onboardPage(v)
	if err != nil {
		return err
	}
	return s.respondOnboard(v, http.StatusOK, page)
}

// onboardPage reads a page of the members, and who of them has no key. Users whose keys
// have been read a short while ago are not asked about.
func (s *Server) onboardPage(v *scope) (pages.Onboard, error) {
	group, members, more, err := s.groupMembers(v, pages.OnboardPerPage)
	if err != nil {
		return pages.Onboard{}, err
	}
	page := pages.Onboard{
		Links: s.links, Group: group, Page: pages.NewUserFind(v.QueryParams()).Page, More: more,
		SelectAll: v.QueryParam("select") == "all",
	}
	ctx, known := v.Request().Context(), s.reports.Known(v.session.Contract)
	counts, refused := make([]int, len(members)), make([]error, len(members))
	parallel.Each(members, maxExamined, func(i int, u keys.User) {
		if e := known[u.ID]; e != nil {
			counts[i] = len(e.Keys)
			return
		}
		list, err := v.remote.UserKeys(ctx, u.ID)
		counts[i], refused[i] = len(list), err
	})
	for i, u := range members {
		switch err := refused[i]; {
		case isAny(err, keys.ErrUnauthorized, keys.ErrForbidden):
			return pages.Onboard{}, err
		case isAny(err, keys.ErrNotFound, keys.ErrNoUser): // deleted meanwhile
		case err != nil:
			page.Unread = append(page.Unread, u)
		case counts[i] > 0:
			page.WithKey++
		case !u.Active:
			page.Inactive = append(page.Inactive, u)
		default:
			page.Without = append(page.Without, u)
		}
	}
	return page, nil
}

func (s *Server) respondOnboard(v *scope, status int, page pages.Onboard) error {
	if page.RequestID = s.sessions.IssueIdempotencyKey(v.session, formOnboard(page.Group.ID)); page.RequestID == "" {
		return errNoRandomness
	}
	page.TroubleID = requestIDOf(v)
	return s.respond(v, status, view{title: page.Title(), current: menuUsers, page: pages.OnboardPage(page)})
}

// onboardMembers begins to generate a key for each of the members that a form names,
// once for each form, and goes to the results.
func (s *Server) onboardMembers(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	group, id := v.Param("group"), values.Get("request_id")
	if !keys.ValidUserID(group) {
		return errNoGroup
	}
	stale := s.sessions.CheckIdempotencyKey(v.session, formOnboard(group), id) != nil
	if !stale {
		_, err := s.batches.Load(v.Request().Context(), s.batchRequest(v), id)
		if !errors.Is(err, keybatch.ErrNotFound) {
			trailOf(v).check = true // it was begun before
			return cmp.Or(err, redirect(v, s.links.ContractResults(id)))
		}
	}
	owners, err := newcomers(values["user"])
	if err != nil {
		return err
	}
	if stale || len(owners) == 0 {
		page, err := s.onboardPage(v)
		if err != nil {
			return err
		}
		if page.Trouble = pages.NobodySelected; stale {
			page.Trouble = pages.StaleOnboard
		}
		page.Select(values["user"])
		return s.respondOnboard(v, unprocessable, page)
	}
	if err := s.nameOwners(v, owners); err != nil {
		return err
	}
	started, err := s.batches.Start(v.Request().Context(), s.batchRequest(v), id, keybatch.Batch{Kind: keyops.Create, Owners: owners, Group: group})
	if err != nil {
		return err
	}
	if started {
		s.record(v, v.session, audit.Event{Action: audit.GenerateKeys, Outcome: audit.Done, Keys: len(owners), Group: group})
	}
	return redirect(v, s.links.ContractResults(id))
}

// newcomers are the users that a form names, each once, to get a key.
func newcomers(named []string) ([]keybatch.Owner, error) {
	var owners []keybatch.Owner
	seen := map[string]bool{}
	for _, id := range named {
		if !keys.ValidUserID(id) {
			return nil, &keys.Error{Kind: keys.ErrInvalid, Op: "select members", Message: pages.BadOnboard}
		}
		if !seen[id] {
			seen[id] = true
			owners = append(owners, keybatch.Owner{UserID: id, Keys: []keybatch.Item{{}}})
		}
	}
	if len(owners) > keybatch.MaxKeys {
		return nil, errSelection
	}
	return owners, nil
}

// nameOwners reads the names and e-mail addresses of users, in place.
func (s *Server) nameOwners(v *scope, owners []keybatch.Owner) error {
	refused := make([]error, len(owners))
	parallel.Each(owners, maxExamined, func(i int, o keybatch.Owner) {
		u, err := v.remote.User(v.Request().Context(), o.UserID)
		owners[i].Email, owners[i].Name = u.Email, cmp.Or(u.Name(), o.UserID)
		if !isAny(err, keys.ErrNotFound, keys.ErrNoUser) { // their line says so
			refused[i] = err
		}
	})
	return cmp.Or(refused...)
}
