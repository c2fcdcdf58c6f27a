package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// What the dialogs that change a key have in common.

// keyDialog is a dialog over a list of keys, which is also a page.
func (s *Server) keyDialog(v *visit, title string, page, part templ.Component) view {
	current := menuKeys
	if v.owner.Managed {
		current = menuUsers
	}
	return view{
		title: title, current: current, crumbs: s.keyCrumbs(v, title),
		page: page, part: part, behind: v.at.List(),
	}
}

// keyForm is a dialog about a key, as both a page and a part.
func (s *Server) keyForm(v *visit, status int, title string, form pages.KeyForm, draw func(pages.KeyForm, bool) templ.Component) error {
	form.Links, form.TroubleID, form.For = v.at, requestIDOf(v), v.forWhom()
	return s.respond(v, status, s.keyDialog(v, title, draw(form, false), draw(form, true)))
}

// keyOf reads the key of the address and the list as it will be once all that
// was asked for is done; and whose it is, where that is not known.
func (s *Server) keyOf(v *visit) (keys.Key, keys.Listing, error) {
	ctx := v.Request().Context()
	var l keys.Listing
	err := v.knowOwner(ctx, func() (err error) {
		_, l, err = v.keys.Find(ctx, v.owner, v.Param("key"))
		return err
	})
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
	if isAny(err, keys.ErrUnauthorized, errSessionStore, errSignedOut, keys.ErrNotFound, keys.ErrNoUser) {
		return problem{}, false
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
	if old := values.Get("rotation"); !v.owner.Managed && keys.ValidAccessKey(old) {
		return redirect(v, v.at.Rotate(old))
	}
	s.say(v, what, accessKey)
	return redirect(v, s.listAddress(v, s.findBehind(v)))
}

// findBehind is how the list is searched and sorted that a change was asked
// for from, as htmx tells it.
func (s *Server) findBehind(v *visit) url.Values {
	current, err := url.Parse(v.Request().Header.Get("HX-Current-URL"))
	if err != nil || current.EscapedPath() != v.at.List() {
		return nil
	}
	query := current.Query()
	return pages.NewKeyFind(query.Get("q"), query.Get("sort"), keys.Listing{}).Values()
}

// unprocessable is the status of a form that is to be corrected.
const unprocessable = http.StatusUnprocessableEntity
