package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// formRotate names the form that request ids of making a key's successor are
// good for.
func formRotate(accessKey string) string { return "rotate " + accessKey }

// showRotation is the assistant: what a rotation is, or how far this one has
// come.
func (s *Server) showRotation(v *scope) error {
	accessKey := v.Param("key")
	if !keys.ValidAccessKey(accessKey) {
		return &keys.Error{Kind: keys.ErrNotFound, Op: "find key"}
	}
	l, err := v.listKeys()
	if err != nil {
		return err
	}
	state := s.state(v)
	// A key that is not in half a list may be there all the same.
	_, found := l.Find(state.Rotation.New)
	if state.Rotation.Old == accessKey && (found || l.Missing != 0) {
		return s.respondRotation(v, http.StatusOK, l, state, "")
	}
	return s.respondRotate(v, http.StatusOK, l, pages.KeyForm{Key: keys.Key{AccessKey: accessKey}})
}

// respondRotation shows both keys and what remains to be done. wrong is about the
// box that was not ticked.
func (s *Server) respondRotation(v *scope, status int, l keys.Listing, state keyops.State, wrong string) error {
	r := state.Rotation
	page := pages.Rotation{Links: v.links, For: v.forWhom(), Tested: r.Tested, InUse: r.InUse, Error: wrong, Now: s.now()}
	page.Listing, page.Progress = v.keys.Refresh(v.Request().Context(), v.owner, l, state.Changes)
	page.Old, _ = page.Listing.Find(r.Old)
	page.New, _ = page.Listing.Find(r.New)
	page.Old.AccessKey, page.New.AccessKey = r.Old, r.New
	if changing(page.Listing, page.Progress) {
		page.Poll, page.PollIn = nextPoll(v.links.Rotate(page.Old.AccessKey), url.Values{}, v.QueryParam("poll"))
	}
	shown := s.keyDialog(v, "Rotation", pages.RotationDialog(page, false), pages.RotationDialog(page, true))
	if v.Request().Header.Get("HX-Target") == "rotation-steps" { // it looks at itself again
		shown.part, shown.behind = pages.RotationPart(page), ""
	}
	return s.respond(v, status, shown)
}

// respondRotate explains and offers to begin.
func (s *Server) respondRotate(v *scope, status int, l keys.Listing, form pages.KeyForm) error {
	k, found := l.Find(form.Key.AccessKey)
	switch {
	case !found && l.Missing != 0:
		return l.Cause
	case !found:
		return &keys.Error{Kind: keys.ErrNotFound, Op: "find key"}
	case !l.Capabilities(k).Rotate && l.Failed(keys.Management) != nil:
		return l.Failed(keys.Management)
	case !l.Capabilities(k).Rotate:
		return &keys.Error{Kind: keys.ErrConflict, Op: "rotate key"}
	}
	form.Key, form.Full = k, l.Full()
	if form.RequestID = s.sessions.IssueIdempotencyKey(v.session, formRotate(k.AccessKey)); form.RequestID == "" {
		return errNoRandomness
	}
	l, progress := v.keys.Refresh(v.Request().Context(), v.owner, l, s.state(v).Changes)
	old := pages.KeyStateIn(l, progress, k.AccessKey)
	return s.keyForm(v, status, "Rotate key", form, func(form pages.KeyForm, modal bool) templ.Component {
		return pages.RotateKeyDialog(form, old, l.Successors(k.AccessKey), s.now(), modal)
	})
}

// rotateKey makes a successor, once for each form, and goes to its page; or
// takes a key for the successor that is there already; or takes the person's word
// that the new key is in use; or ends the rotation.
func (s *Server) rotateKey(v *scope) error {
	values, err := formValues(v)
	switch accessKey := v.Param("key"); {
	case err != nil:
		return err
	case !keys.ValidAccessKey(accessKey):
		return &keys.Error{Kind: keys.ErrNotFound, Op: "rotate key"}
	case values.Get("end") == "yes":
		return s.endRotation(v, accessKey)
	case values.Get("step") == "use" || values.Has("in_use"):
		return s.confirmInUse(v, accessKey, values.Get("in_use") == "yes")
	case values.Get("successor") != "":
		return s.takeSuccessor(v, accessKey, values.Get("successor"))
	default:
		return s.makeSuccessor(v, accessKey, values)
	}
}

func (s *Server) makeSuccessor(v *scope, accessKey string, values url.Values) error {
	form, idempotencyKey := pages.KeyForm{Key: keys.Key{AccessKey: accessKey}}, values.Get("request_id")
	if err := s.sessions.CheckIdempotencyKey(v.session, formRotate(accessKey), idempotencyKey); err != nil {
		if values.Has("check") {
			return errIndeterminate
		}
		form.Trouble = pages.StaleRotate
		return s.retryRotate(v, unprocessable, form)
	}
	created, err := s.once(v, values, func(ctx context.Context, r keyops.Request, idempotencyKey string) (keyops.Result, error) {
		return s.changes.CreateSuccessor(ctx, r, idempotencyKey, accessKey)
	})
	if err == nil {
		return redirect(v, successorAddress(v, values, accessKey, created.AccessKey))
	}
	if other, ok := errors.AsType[*keyops.InProgressError](err); ok {
		return s.respondInProgress(v, other)
	}
	p, here := s.refuse(v, err)
	switch {
	case !here:
		return err
	case isIndeterminate(err):
		return s.respondIndeterminate(v, p.status, pages.Indeterminate{
			What: "rotate", Key: accessKey, Action: v.links.Rotate(accessKey), RequestID: idempotencyKey,
		})
	}
	form.Trouble = p.text
	if errors.Is(err, keys.ErrRejected) {
		form.Trouble = pages.KeyNotMade + " " + p.text
	}
	return s.retryRotate(v, p.status, form)
}

// successorAddress is where a new successor leads: to its pair; or, of a key that
// leaked, to what its owner is told, so that nobody else sees the new secret.
func successorAddress(v *scope, values url.Values, leaked, successor string) string {
	if v.owner.Managed && values.Get("about") == aboutLeak {
		return v.links.HandoverLeaked(leaked)
	}
	return v.links.Key(successor)
}

// retryRotate shows the form again. It takes a look at the keys, which may fail
// like what was tried before: then that is the answer.
func (s *Server) retryRotate(v *scope, status int, form pages.KeyForm) error {
	l, err := v.listKeys()
	if err != nil {
		return err
	}
	return s.respondRotate(v, status, l, form)
}

// takeSuccessor goes on with a key that may have been made for this before: in
// another session, say.
func (s *Server) takeSuccessor(v *scope, accessKey, successor string) error {
	l, err := v.listKeys()
	if err != nil {
		return err
	}
	fits := slices.ContainsFunc(l.Successors(accessKey), func(k keys.Key) bool { return k.AccessKey == successor })
	if !fits {
		return s.respondRotate(v, unprocessable, l, pages.KeyForm{
			Key: keys.Key{AccessKey: accessKey}, Trouble: pages.NotASuccessor,
		})
	}
	if err := s.changes.StartRotation(v.Request().Context(), v.owner, accessKey, successor); err != nil {
		return err
	}
	return redirect(v, v.links.Rotate(accessKey))
}

// confirmInUse ticks the step of use by the person's word, or asks for it.
func (s *Server) confirmInUse(v *scope, accessKey string, confirmed bool) error {
	ctx := v.Request().Context()
	if confirmed {
		if err := s.changes.ConfirmInUse(ctx, v.owner, accessKey); err != nil {
			return err
		}
		return redirect(v, v.links.Rotate(accessKey))
	}
	state := s.state(v)
	if state.Rotation.Old != accessKey {
		return redirect(v, v.links.Rotate(accessKey))
	}
	l, err := v.listKeys()
	if err != nil {
		return err
	}
	return s.respondRotation(v, unprocessable, l, state, pages.NotInUse)
}

// endRotation forgets about a rotation, and changes no key.
func (s *Server) endRotation(v *scope, accessKey string) error {
	ctx := v.Request().Context()
	ended := s.state(v).Rotation
	if err := s.changes.EndRotation(ctx, v.owner, accessKey); err != nil {
		return err
	}
	l, err := v.keys.List(ctx, v.owner)
	_, hasNew := l.Find(ended.New)
	if old := pages.KeyStateIn(l, nil, accessKey); err == nil && old == pages.StateDeleted && ended.Old == accessKey && hasNew {
		s.setFlash(v, "rotated", ended.New)
	} else {
		s.setFlash(v, "left", accessKey)
	}
	return redirect(v, v.links.List())
}
