package web

import "keydeck/internal/keys"

// pairIsSaved drops a new pair before its time, because its owner says that it
// is saved.
func (s *Server) pairIsSaved(v *visit) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	accessKey := v.Param("key")
	if !keys.ValidAccessKey(accessKey) {
		return &keys.Error{Kind: keys.ErrNotFound, Op: "forget pair"}
	}
	if err := s.forgetPair(v.Request().Context(), v, accessKey); err != nil {
		return err
	}
	return s.changed(v, values, "saved", accessKey)
}
