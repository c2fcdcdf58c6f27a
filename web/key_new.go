package web

import (
	"net/http"

	"keydeck/views/pages"
)

// formNewKey names the form that request ids of generating are good for.
const formNewKey = "new-key"

// newKey is the dialog to generate a key. It asks the APIs nothing and stores
// nothing.
func (s *Server) newKey(v *visit) error {
	return s.respondNewKey(v, http.StatusOK, pages.NewKey{})
}

// respondNewKey shows the form with a fresh request id.
func (s *Server) respondNewKey(v *visit, status int, page pages.NewKey) error {
	page.Links = s.links
	page.RequestID = s.sessions.IssueRequestID(v.session, formNewKey)
	page.TroubleID = requestIDOf(v)
	if page.RequestID == "" {
		return errNoRandomness
	}
	return s.respond(v, status, s.keyDialog("Generate a key",
		pages.NewKeyDialog(page, false), pages.NewKeyDialog(page, true)))
}
