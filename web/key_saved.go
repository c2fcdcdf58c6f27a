package web

import (
	"keydeck/internal/audit"
	"keydeck/internal/keys"
)

// pairIsSaved drops a new pair before its time, because its owner says that it
// is saved.
func (s *Server) pairIsSaved(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	accessKey := v.Param("key")
	if !keys.ValidAccessKey(accessKey) {
		return &keys.Error{Kind: keys.ErrNotFound, Op: "forget pair"}
	}
	err = s.changes.ForgetPair(v.Request().Context(), s.request(v), accessKey)
	s.audit(v, audit.ForgetPair, accessKey, err)
	if err != nil {
		return err
	}
	s.state(v).PairShown(v.Request().Context(), s.request(v), accessKey)
	if values.Get("rotation") == "" {
		s.setFlash(v, "saved", accessKey)
	}
	return s.changed(v, values)
}
