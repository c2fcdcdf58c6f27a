package web

import (
	"net/http"

	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// formNewKey names the form that request ids of generating a key for somebody
// are good for.
func formNewKey(owner keys.Owner) string { return "new-key " + owner.UserID }

// newKey is the dialog to generate a key. It stores nothing, and asks the APIs
// no more than who somebody else is.
func (s *Server) newKey(v *visit) error {
	if err := v.knowOwner(v.Request().Context(), alone); err != nil {
		return err
	}
	return s.respondNewKey(v, http.StatusOK, pages.NewKey{})
}

// respondNewKey shows the form with a fresh request id.
func (s *Server) respondNewKey(v *visit, status int, page pages.NewKey) error {
	page.Links = v.at
	page.RequestID = s.sessions.IssueRequestID(v.session, formNewKey(v.owner))
	page.TroubleID, page.For = requestIDOf(v), v.forWhom()
	if page.RequestID == "" {
		return errNoRandomness
	}
	return s.respond(v, status, s.keyDialog(v, page.Title(),
		pages.NewKeyDialog(page, false), pages.NewKeyDialog(page, true)))
}
