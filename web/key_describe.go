package web

import (
	"errors"
	"net/http"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// editDescription is the dialog for a key's description.
func (s *Server) editDescription(v *visit) error {
	k, l, err := s.keyOf(v)
	switch {
	case err != nil:
		return err
	case !l.Offers(k).Describe && l.Missing == keys.Management:
		return l.Cause
	}
	return s.keyForm(v, http.StatusOK, "Edit description", pages.KeyForm{Key: k, Typed: k.Description}, pages.DescribeKeyDialog)
}

// describeKey changes the description. What was typed stays in the form until
// it is taken.
func (s *Server) describeKey(v *visit) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	ctx, cancel := undisturbed(v)
	defer cancel()
	accessKey, typed := v.Param("key"), values.Get("description")
	err = v.keys.Describe(ctx, v.owner, accessKey, typed)
	s.audit(v, audit.Describe, accessKey, err)
	if err == nil {
		s.describePair(ctx, v, accessKey, typed)
		return s.changed(v, values, "describe", accessKey)
	}
	form := pages.KeyForm{Key: keys.Key{AccessKey: accessKey}, Typed: typed}
	if errors.Is(err, keys.ErrInvalid) && keys.ValidAccessKey(accessKey) {
		form.Error = problemOf(err).text
		return s.keyForm(v, unprocessable, "Edit description", form, pages.DescribeKeyDialog)
	}
	if keys.Unclear(err) {
		return s.unclear(v, "describe", accessKey, err)
	}
	p, here := s.refuse(v, err)
	if !here {
		return err
	}
	form.Trouble = p.text
	return s.keyForm(v, p.status, "Edit description", form, pages.DescribeKeyDialog)
}
