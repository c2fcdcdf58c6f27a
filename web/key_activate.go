package web

import (
	"errors"
	"net/http"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

func (s *Server) activateKey(v *visit) error { return s.setActive(v, true) }

func (s *Server) deactivateKey(v *visit) error { return s.setActive(v, false) }

// setActive throws the switch of a key. The API takes a while: the list shows
// the change as it comes.
func (s *Server) setActive(v *visit, active bool) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	ctx, cancel := undisturbed(v)
	defer cancel()
	accessKey := v.Param("key")
	told, settle, err := s.asking(v, accessKey, values.Get("confirm"))
	if err != nil {
		return err
	}
	asked, err := v.keys.SetActive(ctx, v.owner, accessKey, active, told)
	settle(ctx, asked, err)
	action := map[bool]string{true: audit.Activate, false: audit.Deactivate}[active]
	s.audit(v, action, accessKey, err)
	switch {
	case errors.Is(err, keys.ErrConfirmation):
		return s.askToDeactivate(v, unprocessable, values.Get("rotation"))
	case keys.Unclear(err):
		return s.unclear(v, action, accessKey, err)
	case err != nil:
		return err
	}
	return s.changed(v, values, action, accessKey)
}

// confirmDeactivateKey asks before a key is deactivated.
func (s *Server) confirmDeactivateKey(v *visit) error {
	return s.askToDeactivate(v, http.StatusOK, v.QueryParam("rotation"))
}

func (s *Server) askToDeactivate(v *visit, status int, back string) error {
	k, l, err := s.keyOf(v)
	switch {
	case err != nil:
		return err
	case k.Activity == keys.Inactive:
		return redirect(v, v.at.List())
	}
	form := pages.KeyForm{Key: k, Confirm: l.ToDeactivate(k.AccessKey), Back: validBack(back)}
	return s.keyForm(v, status, "Deactivate key", form, pages.DeactivateKeyDialog)
}

// validBack is the old key of a rotation to return to, or nothing.
func validBack(accessKey string) string {
	if keys.ValidAccessKey(accessKey) {
		return accessKey
	}
	return ""
}
