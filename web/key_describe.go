package web

import (
	"errors"
	"net/http"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// editDescription is the dialog for a key's description.
func (s *Server) editDescription(v *scope) error {
	k, l, err := s.keyOf(v)
	switch {
	case err != nil:
		return err
	case !l.Capabilities(k).Describe && l.Failed(keys.Management) != nil:
		return l.Failed(keys.Management)
	}
	return s.keyForm(v, http.StatusOK, "Edit description", pages.KeyForm{Key: k, Typed: k.Description}, pages.DescribeKeyDialog)
}

// describeKey changes the description. What was typed stays in the form until
// it is taken.
func (s *Server) describeKey(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	accessKey, typed := v.Param("key"), values.Get("description")
	_, err = s.changes.Describe(v.Request().Context(), s.request(v), accessKey, typed)
	if err == nil {
		return s.changed(v, values)
	}
	form := pages.KeyForm{Key: keys.Key{AccessKey: accessKey}, Typed: typed}
	if errors.Is(err, keys.ErrInvalid) && keys.ValidAccessKey(accessKey) {
		form.Error = problemOf(err).text
		return s.keyForm(v, unprocessable, "Edit description", form, pages.DescribeKeyDialog)
	}
	if isIndeterminate(err) {
		return s.respondUnlisted(v, keyops.Describe, accessKey, err)
	}
	p, here := s.refuse(v, err)
	if !here {
		return err
	}
	form.Trouble = p.text
	return s.keyForm(v, p.status, "Edit description", form, pages.DescribeKeyDialog)
}
