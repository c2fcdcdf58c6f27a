package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// What the dialogs that change a key have in common.

// keyDialog is a dialog over a list of keys, which is also a page.
func (s *Server) keyDialog(v *scope, title string, page, part templ.Component) view {
	current := menuKeys
	if v.owner.Managed {
		current = menuUsers
	}
	return view{
		title: title, current: current,
		page: page, part: part, behind: v.links.List(),
	}
}

// keyForm is a dialog about a key, as both a page and a part.
func (s *Server) keyForm(v *scope, status int, title string, form pages.KeyForm, draw func(pages.KeyForm, bool) templ.Component) error {
	form.Links, form.TroubleID, form.For = v.links, requestIDOf(v), v.forWhom()
	return s.respond(v, status, s.keyDialog(v, title, draw(form, false), draw(form, true)))
}

// keyOf reads the key of the address and the list as it will be once all that
// was asked for is done; and whose it is, where that is not known.
func (s *Server) keyOf(v *scope) (keys.Key, keys.Listing, error) {
	ctx := v.Request().Context()
	var l keys.Listing
	err := v.loadOwner(ctx, func() (err error) {
		_, l, err = v.keys.Find(ctx, v.owner, v.Param("key"))
		return err
	})
	if err != nil {
		return keys.Key{}, l, err
	}
	l = l.Project(v.keys.Unrefused(ctx, l, s.state(v).Changes), s.now())
	k, _ := l.Find(v.Param("key"))
	return k, l, nil
}

// refuse says in a form why nothing was changed, if that is where it belongs:
// the form can be sent again. Other errors are answered like anywhere else.
func (s *Server) refuse(v *scope, err error) (problem, bool) {
	if isAny(err, keys.ErrUnauthorized, errStore, keyops.ErrStore, errSignedOut, keyops.ErrSignedOut, keys.ErrNotFound, keys.ErrNoUser) {
		return problem{}, false
	}
	p := s.problemFor(v, err)
	s.logProblem(v, p, err)
	setRetryAfter(v, p)
	p.text = strings.TrimSpace(p.title + ". " + p.text + " " + inTime(p.wait))
	return p, true
}

// changed goes on after a change: to the rotation that it was a step of, or to the
// list, which shows its outcome.
func (s *Server) changed(v *scope, values url.Values) error {
	if old := values.Get("rotation"); keys.ValidAccessKey(old) {
		return redirect(v, v.links.Rotate(old))
	}
	if origin := s.origin(v, values.Get("from")); origin != "" {
		return redirect(v, origin)
	}
	return redirect(v, s.listAddress(v, s.orderBehind(v)))
}

// origin is the page that a change was asked for from, where a form says that this was
// the answer to whose key it is; else empty.
func (s *Server) origin(v *scope, from string) string {
	if !v.owner.Managed || from != pages.FromOwner {
		return ""
	}
	return s.links.KeyOwnerIs(v.Param("key"), v.owner.UserID)
}

// orderBehind is how the list is sorted that a change was asked for from, as htmx
// tells it.
func (s *Server) orderBehind(v *scope) url.Values {
	current, err := url.Parse(v.Request().Header.Get("HX-Current-URL"))
	if err != nil || current.EscapedPath() != v.links.List() {
		return nil
	}
	query := current.Query()
	return pages.NewKeyOrder(query.Get("sort")).Values()
}

// unprocessable is the status of a form that is to be corrected.
const unprocessable = http.StatusUnprocessableEntity
