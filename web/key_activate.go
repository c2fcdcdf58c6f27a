package web

import (
	"errors"
	"net/http"
	"net/url"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

func (s *Server) activateKey(v *scope) error { return s.setActive(v, true) }

func (s *Server) deactivateKey(v *scope) error { return s.setActive(v, false) }

// setActive activates or deactivates a key. The API takes a while: the list shows
// the change as it comes.
func (s *Server) setActive(v *scope, active bool) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	accessKey, kind := v.Param("key"), keyops.Deactivate
	if active {
		kind = keyops.Activate
	}
	_, err = s.changes.SetActive(v.Request().Context(), s.request(v), accessKey, active, values.Get("confirm"))
	switch {
	case errors.Is(err, keys.ErrConfirmation):
		return s.askToDeactivate(v, unprocessable, values)
	case isIndeterminate(err):
		return s.respondUnlisted(v, kind, accessKey, err)
	case err != nil:
		return err
	}
	return s.changed(v, values)
}

// confirmDeactivateKey asks before a key is deactivated.
func (s *Server) confirmDeactivateKey(v *scope) error {
	return s.askToDeactivate(v, http.StatusOK, v.QueryParams())
}

// askToDeactivate asks for what the key's state takes now. values say where the question
// comes from.
func (s *Server) askToDeactivate(v *scope, status int, values url.Values) error {
	k, l, err := s.keyOf(v)
	switch {
	case err != nil:
		return err
	case k.Activity == keys.Inactive:
		return redirect(v, v.links.List())
	}
	form := pages.KeyForm{Key: k, Confirm: l.ToDeactivate(k.AccessKey), Back: validBack(values.Get("rotation")), Origin: s.origin(v, values.Get("from"))}
	return s.keyForm(v, status, "Deactivate key", form, pages.DeactivateKeyDialog)
}

// validBack is the old key of a rotation to return to, or nothing.
func validBack(accessKey string) string {
	if keys.ValidAccessKey(accessKey) {
		return accessKey
	}
	return ""
}
