package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"keydeck/internal/audit"
	"keydeck/internal/directory"
	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/views/pages"
)

// contractActs is where changes of several keys are.
const contractActs = "/contract/keys/"

// selectsKeys reports whether a request names as many keys as a batch can have.
func (s *Server) selectsKeys(c echo.Context) bool {
	return c.Request().Method == http.MethodPost && strings.HasPrefix(c.Path(), s.links.Base+contractActs)
}

// formBatch names the form that request ids of a change of several keys are good
// for.
func formBatch(kind keyops.Kind) string { return "several keys: " + string(kind) }

// parseSelection reads the keys that a form names, each once, by their owner and in
// the order of the form.
func parseSelection(named []string) ([]keybatch.Owner, error) {
	var owners []keybatch.Owner
	places := map[string]int{}
	seen := map[string]bool{}
	for _, name := range named {
		userID, accessKey, _ := strings.Cut(name, "/")
		if !keys.ValidUserID(userID) || !keys.ValidAccessKey(accessKey) {
			return nil, &keys.Error{Kind: keys.ErrInvalid, Op: "select keys", Message: pages.BadSelection}
		}
		if seen[userID+"/"+accessKey] {
			continue
		}
		seen[userID+"/"+accessKey] = true
		place, found := places[userID]
		if !found {
			place = len(owners)
			places[userID] = place
			owners = append(owners, keybatch.Owner{UserID: userID})
		}
		owners[place].Keys = append(owners[place].Keys, keybatch.Item{AccessKey: accessKey})
	}
	switch {
	case len(seen) == 0:
		return nil, errNoSelection
	case len(seen) > keybatch.MaxKeys:
		return nil, errSelection
	}
	return owners, nil
}

// changeKeys asks before several keys are changed; with the confirmation it begins
// the change, once for each form, and goes to its results.
func (s *Server) changeKeys(kind keyops.Kind) func(*scope) error {
	return func(v *scope) error {
		values, err := formValues(v)
		if err != nil {
			return err
		}
		selected, err := parseSelection(values["key"])
		if err != nil {
			return err
		}
		id := values.Get("request_id")
		stale := s.sessions.CheckIdempotencyKey(v.session, formBatch(kind), id) != nil
		if values.Has("confirm") && !stale {
			_, err := s.batches.Load(v.Request().Context(), s.batchRequest(v), id)
			if !errors.Is(err, keybatch.ErrNotFound) {
				trailOf(v).check = true // it was begun before
				return cmp.Or(err, redirect(v, s.links.ContractResults(id)))
			}
		}
		question, err := s.examine(v, kind, selected)
		if err != nil {
			return err
		}
		if wrong := unconfirmed(&question, values, stale); wrong {
			return s.askToChange(v, kind, question, values)
		}
		return s.startBatch(v, kind, id, question)
	}
}

// unconfirmed reports whether a form does not answer a question, and adds to it what
// is wrong with the answer.
func unconfirmed(question *pages.BatchQuestion, values url.Values, stale bool) bool {
	confirm := strings.TrimSpace(values.Get("confirm"))
	switch {
	case !values.Has("confirm"):
	case stale:
		question.Trouble = pages.StaleBatch
	case question.Deletes() && confirm != strconv.Itoa(question.Count()):
		question.Typed, question.Error = confirm, pages.WrongNumber(question.Count())
	case !question.Deletes() && confirm != "yes":
	case slices.ContainsFunc(question.Lockouts(), func(o pages.BatchOwner) bool { return !slices.Contains(values["lockout"], o.ID) }):
		question.Trouble = pages.ChangedBatch
	default:
		return false
	}
	return true
}

// askToChange answers with the question, in a form that counts once.
func (s *Server) askToChange(v *scope, kind keyops.Kind, question pages.BatchQuestion, values url.Values) error {
	if question.RequestID = s.sessions.IssueIdempotencyKey(v.session, formBatch(kind)); question.RequestID == "" {
		return errNoRandomness
	}
	question.TroubleID, question.Back = requestIDOf(v), s.links.ContractKeys()
	if back := s.localPath(values.Get("back")); strings.HasPrefix(back, s.links.ContractKeys()+"?") {
		question.Back = back
	}
	trailOf(v).check = !values.Has("confirm") // it asks, and does nothing
	return s.respond(v, unprocessable, view{title: question.Title(), current: menuUsers, page: pages.BatchQuestionPage(question)})
}

// startBatch begins what was confirmed.
func (s *Server) startBatch(v *scope, kind keyops.Kind, id string, question pages.BatchQuestion) error {
	owners := make([]keybatch.Owner, len(question.Owners))
	for i, o := range question.Owners {
		owners[i] = keybatch.Owner{UserID: o.ID, Email: o.Email, Name: o.Name, Lockout: o.Lockout}
		for _, k := range o.Keys {
			owners[i].Keys = append(owners[i].Keys, keybatch.Item{AccessKey: k.AccessKey})
		}
	}
	started, err := s.batches.Start(v.Request().Context(), s.batchRequest(v), id, keybatch.Batch{Kind: kind, Owners: owners})
	if err != nil {
		return err
	}
	if started {
		s.record(v, v.session, audit.Event{Action: audit.ChangeKeys, Outcome: audit.Done, Keys: question.Count()})
	}
	return redirect(v, s.links.ContractResults(id))
}

// maxExamined is how many users are asked about at the same time.
const maxExamined = 8

// examine finds out whose keys are selected, and who is left without any. Users whose
// keys have been read a short while ago are not asked about.
func (s *Server) examine(v *scope, kind keyops.Kind, selected []keybatch.Owner) (pages.BatchQuestion, error) {
	ctx := v.Request().Context()
	if err := directory.Check(ctx, contractAsker(v).Directory()); err != nil {
		return pages.BatchQuestion{}, err
	}
	known := s.reports.Known(v.session.Contract)
	owners, refused := make([]pages.BatchOwner, len(selected)), make([]error, len(selected))
	parallel.Each(selected, maxExamined, func(i int, o keybatch.Owner) {
		if e := known[o.UserID]; e != nil {
			all := make([]keys.Key, len(e.Keys))
			for i, k := range e.Keys {
				all[i] = keys.Key{AccessKey: k.AccessKey, Activity: k.Activity}
			}
			owners[i] = batchOwner(kind, o, e.User, all, nil)
			return
		}
		u, userErr := v.remote.User(ctx, o.UserID)
		all, err := v.remote.UserKeys(ctx, o.UserID)
		err = cmp.Or(err, userErr)
		owners[i], refused[i] = batchOwner(kind, o, u, all, err), err
	})
	for _, err := range refused {
		if isAny(err, keys.ErrUnauthorized) {
			return pages.BatchQuestion{}, err
		}
	}
	return pages.BatchQuestion{Links: s.links, Act: string(kind), Owners: owners}, nil
}

// batchOwner is an owner with what is known of the selected keys. One whose keys could
// not be read may be left without any.
func batchOwner(kind keyops.Kind, selected keybatch.Owner, u keys.User, all []keys.Key, err error) pages.BatchOwner {
	missing := isAny(err, keys.ErrNotFound, keys.ErrNoUser)
	o := pages.BatchOwner{
		ID: selected.UserID, Name: cmp.Or(u.Name(), selected.UserID), Email: u.Email,
		Unread: err != nil && !missing,
	}
	var names []string
	for _, item := range selected.Keys {
		k := pages.BatchKey{AccessKey: item.AccessKey, Missing: err == nil || missing}
		for _, found := range all {
			if found.AccessKey == item.AccessKey {
				k.Activity, k.Missing = found.Activity, false
			}
		}
		o.Keys, names = append(o.Keys, k), append(names, item.AccessKey)
	}
	o.Lockout = kind != keyops.Activate && (o.Unread || leavesNone(kind, all, names))
	return o
}

// leavesNone reports whether a change of some of a user's keys leaves none, or no
// active one.
func leavesNone(kind keyops.Kind, all []keys.Key, selected []string) bool {
	takes := false
	for _, k := range all {
		counts := kind == keyops.Delete || k.Activity != keys.Inactive
		switch {
		case !counts:
		case slices.Contains(selected, k.AccessKey):
			takes = true
		case kind == keyops.Delete || k.Activity == keys.Active:
			return false
		}
	}
	return takes
}

// batchRequest is on whose behalf a batch is begun or goes on. It outlives the
// request.
func (s *Server) batchRequest(v *scope) keybatch.Request {
	by, id, address := v.session, requestIDOf(v), v.RealIP()
	return keybatch.Request{
		Session: by, Remote: v.remote, Keys: v.keys, ID: id,
		Audit: func(owner keys.Owner, kind keyops.Kind, accessKey string, err error) {
			s.reports.Changed(by.Contract, owner.UserID)
			// In the audit log alone: the person's activity has the batch.
			e := eventBy(by, keyEvent(owner, auditActions[kind], accessKey, err))
			e.RequestID, e.Address = id, address
			s.auditLog.Record(e)
		},
		Changed: func(userID string) { s.reports.Changed(by.Contract, userID) },
	}
}
