package web

import (
	"net/http"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// showKey shows a pair to be copied or downloaded.
func (s *Server) showKey(v *visit) error {
	if !keys.ValidAccessKey(v.Param("key")) {
		return keys.ErrNotFound
	}
	catalogue := s.askRegions(v)
	shown, err := s.revealPair(v, audit.Reveal)
	regions := catalogue()
	if err != nil {
		return err
	}
	page := pages.KeyPair{
		Links: v.at, Owner: v.owner, Pair: shown.KeyPair, Lost: shown.lost, Regions: keys.EndpointsOf(shown.Key, regions),
	}
	if page.New = !shown.keptUntil.IsZero(); page.New {
		page.Until = shown.keptUntil.Format("15:04 MST")
		if r := s.doing(v).Rotation; r.New == shown.Key.AccessKey {
			page.Replaces = r.Old
		}
	}
	return s.respond(v, http.StatusOK, s.keyDialog(v, "Copy key",
		pages.KeyPairDialog(page, false), pages.KeyPairDialog(page, true)))
}

// revealPair gives the pair of the address, and whose it is. It is written down
// that the secret was shown.
func (s *Server) revealPair(v *visit, action string) (shownPair, error) {
	var shown shownPair
	err := v.knowOwner(v.Request().Context(), func() (err error) {
		shown, err = s.pair(v, v.Param("key"))
		return err
	})
	if err == nil {
		s.audit(v, action, shown.Key.AccessKey, nil)
	}
	return shown, err
}
