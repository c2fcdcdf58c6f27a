package web

import (
	"net/http"
	"net/url"

	"keydeck/internal/keys"
	"keydeck/internal/proxyheaders"
	"keydeck/views/pages"
)

// aboutLeak is the value of the field and parameter about that says of a key that it
// turned up where it should not be.
const aboutLeak = "leak"

// showHandover is what the owner of a key can be told, by another person: without
// the secret, and with the address at which they get it themselves.
func (s *Server) showHandover(v *scope) error {
	accessKey := v.Param("key")
	switch {
	case !keys.ValidAccessKey(accessKey):
		return &keys.Error{Kind: keys.ErrNotFound, Op: "find key"}
	case v.owner.Self:
		return redirect(v, s.links.Own().Key(accessKey))
	}
	l, err := v.listKeys()
	if err != nil {
		return err
	}
	k, found := l.Find(accessKey)
	if !found {
		return &keys.Error{Kind: keys.ErrNotFound, Op: "find key"}
	}
	state := s.state(v)
	l, progress := v.keys.Refresh(v.Request().Context(), v.owner, l, state.Changes)
	page := pages.Handover{
		Links: v.links, Key: k, Owner: v.owner, State: pages.KeyStateIn(l, progress, accessKey),
		Leaked: v.QueryParam("about") == aboutLeak, Address: s.absolute(v.Request(), s.links.Own().Key(accessKey)),
	}
	if page.Leaked {
		page.Address = s.absolute(v.Request(), s.links.Own().List())
		if _, there := l.Find(state.Rotation.New); there && state.Rotation.Old == accessKey {
			page.Successor, page.Address = state.Rotation.New, s.absolute(v.Request(), s.links.Own().Key(state.Rotation.New))
		}
	}
	return s.respond(v, http.StatusOK, s.keyDialog(v, "Tell the owner",
		pages.HandoverDialog(page, false), pages.HandoverDialog(page, true)))
}

// absolute is the address of a path for another person's browser.
func (s *Server) absolute(r *http.Request, path string) string {
	at := url.URL{Scheme: "http", Host: r.Host, Path: path}
	if proxyheaders.OverTLS(r) {
		at.Scheme = "https"
	}
	if s.public.Host != "" {
		at.Scheme, at.Host = s.public.Scheme, s.public.Host
	}
	return at.String()
}
