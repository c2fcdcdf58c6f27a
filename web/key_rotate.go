package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// formRotate names the form that request ids of making a key's successor are
// good for.
func formRotate(accessKey string) string { return "rotate " + accessKey }

// showRotation is the assistant: what a rotation is, or how far this one has
// come.
func (s *Server) showRotation(v *visit) error {
	accessKey := v.Param("key")
	if !keys.ValidAccessKey(accessKey) {
		return &keys.Error{Kind: keys.ErrNotFound, Op: "find key"}
	}
	l, err := v.keys.List(v.Request().Context(), v.owner)
	if err != nil {
		return err
	}
	doing := s.doing(v)
	if successor, found := l.Find(doing.Rotation.New); found && doing.Rotation.Old == accessKey {
		return s.respondRotation(v, l, successor, doing.Asked)
	}
	return s.respondRotate(v, http.StatusOK, l, pages.KeyForm{Key: keys.Key{AccessKey: accessKey}})
}

// respondRotation shows both keys and what remains to be done.
func (s *Server) respondRotation(v *visit, l keys.Listing, successor keys.Key, asked []keys.Asked) error {
	page := pages.Rotation{Links: v.at, New: successor, Now: s.now()}
	page.Listing, page.Progress = v.keys.Follow(v.Request().Context(), v.owner, l, asked)
	var found bool
	page.Old, found = page.Listing.Find(v.Param("key"))
	page.Old.AccessKey = v.Param("key")
	page.OldGone = !found || page.Old.Status == keys.StatusDestroying
	page.New, _ = page.Listing.Find(successor.AccessKey)
	if changing(page.Listing, page.Progress) {
		page.Poll, page.PollIn = nextPoll(v.at.Rotate(page.Old.AccessKey), url.Values{}, v.QueryParam("poll"))
	}
	shown := s.keyDialog(v, "Rotation", pages.RotationDialog(page, false), pages.RotationDialog(page, true))
	if v.Request().Header.Get("HX-Target") == "rotation-steps" { // it looks at itself again
		shown.part, shown.behind = pages.RotationPart(page), ""
	}
	return s.respond(v, http.StatusOK, shown)
}

// respondRotate explains and offers to begin.
func (s *Server) respondRotate(v *visit, status int, l keys.Listing, form pages.KeyForm) error {
	k, found := l.Find(form.Key.AccessKey)
	switch {
	case !found && l.Missing != 0:
		return l.Cause
	case !found:
		return &keys.Error{Kind: keys.ErrNotFound, Op: "find key"}
	case !l.Offers(k).Rotate && l.Missing == keys.Management:
		return l.Cause
	case !l.Offers(k).Rotate:
		return &keys.Error{Kind: keys.ErrConflict, Op: "rotate key"}
	}
	form.Key, form.Full = k, l.Full()
	if form.RequestID = s.sessions.IssueRequestID(v.session, formRotate(k.AccessKey)); form.RequestID == "" {
		return errNoRandomness
	}
	return s.keyForm(v, status, "Rotate key", form, func(form pages.KeyForm, modal bool) templ.Component {
		return pages.RotateKeyDialog(form, l.Successors(k.AccessKey), s.now(), modal)
	})
}

// rotateKey makes a successor, once for each form, and goes to its page; or
// takes a key for the successor that is there already; or ends the rotation.
func (s *Server) rotateKey(v *visit) error {
	values, err := formValues(v)
	switch accessKey := v.Param("key"); {
	case err != nil:
		return err
	case !keys.ValidAccessKey(accessKey):
		return &keys.Error{Kind: keys.ErrNotFound, Op: "rotate key"}
	case values.Get("end") == "yes":
		return s.endRotation(v, accessKey)
	case values.Get("successor") != "":
		return s.takeSuccessor(v, accessKey, values.Get("successor"))
	default:
		return s.makeSuccessor(v, accessKey, values)
	}
}

func (s *Server) makeSuccessor(v *visit, accessKey string, values url.Values) error {
	form, requestID := pages.KeyForm{Key: keys.Key{AccessKey: accessKey}}, values.Get("request_id")
	if err := s.sessions.CheckRequestID(v.session, formRotate(accessKey), requestID); err != nil {
		if values.Has("check") {
			return errUnclear
		}
		form.Trouble = pages.StaleRotate
		return s.retryRotate(v, unprocessable, form)
	}
	t := s.making(v, func(ctx context.Context, begin keys.Begin) (keys.KeyPair, error) {
		return v.keys.Succeed(ctx, v.owner, accessKey, begin)
	})
	keepPair := t.made
	t.made = func(ctx context.Context, pair keys.KeyPair) {
		keepPair(ctx, pair)
		s.beginRotation(ctx, v, rotation{accessKey, pair.Key.AccessKey})
	}
	done, err := s.sendOrCheck(v, values, t)
	if err == nil {
		return redirect(v, v.at.Key(done.AccessKey))
	}
	p, here := s.refuse(v, err)
	switch {
	case !here:
		return err
	case errors.Is(err, errUnclear):
		return s.respondUnclear(v, p.status, pages.Unclear{
			What: "rotate", Key: accessKey, Action: v.at.Rotate(accessKey), RequestID: requestID,
		})
	}
	form.Trouble = p.text
	return s.retryRotate(v, p.status, form)
}

// retryRotate shows the form again. It takes a look at the keys, which may fail
// like what was tried before: then that is the answer.
func (s *Server) retryRotate(v *visit, status int, form pages.KeyForm) error {
	l, err := v.keys.List(v.Request().Context(), v.owner)
	if err != nil {
		return err
	}
	return s.respondRotate(v, status, l, form)
}

func (s *Server) beginRotation(ctx context.Context, v *visit, r rotation) {
	s.revise(ctx, v, func(d *doing) { d.Rotation = r })
}

// takeSuccessor goes on with a key that may have been made for this before: in
// another session, say.
func (s *Server) takeSuccessor(v *visit, accessKey, successor string) error {
	_, l, err := v.keys.Find(v.Request().Context(), v.owner, accessKey)
	if err != nil {
		return err
	}
	fits := slices.ContainsFunc(l.Successors(accessKey), func(k keys.Key) bool { return k.AccessKey == successor })
	if !fits {
		return s.respondRotate(v, unprocessable, l, pages.KeyForm{
			Key: keys.Key{AccessKey: accessKey}, Trouble: pages.NotASuccessor,
		})
	}
	s.beginRotation(v.Request().Context(), v, rotation{accessKey, successor})
	return redirect(v, v.at.Rotate(accessKey))
}

// endRotation forgets about a rotation, and changes no key.
func (s *Server) endRotation(v *visit, accessKey string) error {
	ctx := v.Request().Context()
	ended := s.doing(v).Rotation
	if ended.Old == accessKey {
		s.beginRotation(ctx, v, rotation{})
	}
	_, _, err := v.keys.Find(ctx, v.owner, accessKey)
	if errors.Is(err, keys.ErrNotFound) && ended.New != "" {
		s.say(v, "rotated", ended.New)
	} else {
		s.say(v, "left", accessKey)
	}
	return redirect(v, v.at.List())
}
