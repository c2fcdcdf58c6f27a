package web

import (
	"net/http"

	"github.com/a-h/templ"

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
	}
	return s.respond(v, http.StatusOK, s.keyDialog("Copy key",
		pages.KeyPairDialog(page, false), pages.KeyPairDialog(page, true)))
}

// keyDialog is a dialog over Key management, which is also a page.
func (s *Server) keyDialog(title string, page, part templ.Component) view {
	return view{
		title: title, current: menuKeys, crumbs: s.keyCrumbs(title),
		page: page, part: part, behind: s.links.Keys(),
	}
}
