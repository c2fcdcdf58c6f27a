package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// What the dialogs that change a key have in common.

// keyDialog is a dialog over Key management, which is also a page.
func (s *Server) keyDialog(title string, page, part templ.Component) view {
	return view{
		title: title, current: menuKeys, crumbs: s.keyCrumbs(title),
		page: page, part: part, behind: s.links.Keys(),
	}
}

// keyForm is a dialog about a key, as both a page and a part.
func (s *Server) keyForm(v *visit, status int, title string, form pages.KeyForm, draw func(pages.KeyForm, bool) templ.Component) error {
	form.Links, form.TroubleID = s.links, requestIDOf(v)
	return s.respond(v, status, s.keyDialog(title, draw(form, false), draw(form, true)))
}

// ownKey reads the key of the address, and the list as it will be once all
// that was asked for is done.
func (s *Server) ownKey(v *visit) (keys.Key, keys.Listing, error) {
	_, l, err := v.keys.Find(v.Request().Context(), v.owner, v.Param("key"))
	if err != nil {
		return keys.Key{}, l, err
	}
	l = l.Expecting(s.doing(v).Asked, s.now())
	k, _ := l.Find(v.Param("key"))
	return k, l, nil
}

// refuse says in a form why nothing was changed, if that is where it belongs:
// the form can be sent again. Other errors are answered like anywhere else.
func (s *Server) refuse(v *visit, err error) (problem, bool) {
	for _, elsewhere := range []error{keys.ErrUnauthorized, errSessionStore, errSignedOut, keys.ErrNotFound} {
		if errors.Is(err, elsewhere) {
			return problem{}, false
		}
	}
	p := problemOf(err)
	s.logProblem(v, p, err)
	setRetryAfter(v, p)
	p.text = strings.TrimSpace(p.title + ". " + p.text + " " + inTime(p.wait))
	return p, true
}

// changed goes on after a change: to the rotation that it was a step of, or to
// the list, which says what was done.
func (s *Server) changed(v *visit, values url.Values, what, accessKey string) error {
	if old := values.Get("rotation"); keys.ValidAccessKey(old) {
		return redirect(v, s.links.RotateKey(old))
	}
	s.say(v, what, accessKey)
	return redirect(v, s.listAddress(s.findBehind(v)))
}

// findBehind is how the list is searched and sorted that a change was asked
// for from, as htmx tells it.
func (s *Server) findBehind(v *visit) url.Values {
	current, err := url.Parse(v.Request().Header.Get("HX-Current-URL"))
	if err != nil || current.EscapedPath() != s.links.Keys() {
		return nil
	}
	query := current.Query()
	return pages.NewKeyFind(query.Get("q"), query.Get("sort"), keys.Listing{}).Values()
}

// forgetPair drops a pair that may be out of date: what the API says counts.
func (s *Server) forgetPair(ctx context.Context, v *visit, accessKey string) {
	if err := s.sessions.Forget(ctx, v.session, keptName(accessKey)); err != nil {
		s.logger.Warn("a kept pair was not dropped", "id", requestIDOf(v), "error", err)
	}
}

// unprocessable is the status of a form that is to be corrected.
const unprocessable = http.StatusUnprocessableEntity
