package web

import (
	"net/http"

	"keydeck/views/pages"
)

// showKey shows a pair to be copied or downloaded.
func (s *Server) showKey(v *visit) error {
	shown, err := s.pair(v, v.Param("key"))
	if err != nil {
		return err
	}
	page := pages.KeyPair{Links: s.links, Owner: v.owner, Pair: shown.KeyPair}
	if page.New = !shown.keptUntil.IsZero(); page.New {
		page.Until = shown.keptUntil.Format("15:04 MST")
		if r := s.doing(v).Rotation; r.New == shown.Key.AccessKey {
			page.Replaces = r.Old
		}
	}
	return s.respond(v, http.StatusOK, s.keyDialog("Copy key",
		pages.KeyPairDialog(page, false), pages.KeyPairDialog(page, true)))
}
