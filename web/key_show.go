package web

import (
	"net/http"

	"keydeck/internal/audit"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// showKey shows a pair to be copied or downloaded.
func (s *Server) showKey(v *scope) error {
	if !keys.ValidAccessKey(v.Param("key")) {
		return keys.ErrNotFound
	}
	catalogue, cancel := s.askRegions(v)
	shown, err := s.revealPair(v, audit.Reveal)
	if err != nil {
		cancel()
	}
	regions := catalogue()
	if err != nil {
		return err
	}
	page := pages.KeyPair{
		Links: v.links, Owner: v.owner, Pair: shown.KeyPair, Lost: shown.Lost, Unverified: shown.Unverified,
		RenewedSince: shown.Renewed, Regions: keys.EndpointsOf(shown.Key, regions),
	}
	if page.New = !shown.CachedUntil.IsZero(); page.New {
		page.Renewal = shown.Made == keyops.Renew
		page.Until, page.Left = shown.CachedUntil, shown.CachedUntil.Sub(s.now())
	}
	if state := s.state(v); state.Rotation.New == shown.Key.AccessKey {
		page.Replaces, page.OldState = state.Rotation.Old, s.keyState(v, state, state.Rotation.Old)
	}
	return s.respond(v, http.StatusOK, s.keyDialog(v, "Copy key",
		pages.KeyPairDialog(page, false), pages.KeyPairDialog(page, true)))
}

// keyState looks up the state of a key for a sentence about it.
func (s *Server) keyState(v *scope, state keyops.State, accessKey string) pages.KeyState {
	ctx := v.Request().Context()
	l, err := v.keys.List(ctx, v.owner)
	if err != nil {
		s.logger.Warn("the state of a key was not read", "id", requestIDOf(v), "key", accessKey, "error", err)
		return pages.StateUnknown
	}
	l, progress := v.keys.Refresh(ctx, v.owner, l, state.Changes)
	return pages.KeyStateIn(l, progress, accessKey)
}

// revealPair gives the pair of the address, and whose it is. It is written down
// that the secret was shown.
func (s *Server) revealPair(v *scope, action audit.Action) (keyops.Pair, error) {
	if !keys.ValidAccessKey(v.Param("key")) {
		return keyops.Pair{}, keys.ErrNotFound
	}
	var shown keyops.Pair
	err := s.withOwner(v, func() (err error) {
		shown, err = s.changes.Pair(v.Request().Context(), s.request(v), v.Param("key"))
		return err
	})
	if err == nil {
		s.audit(v, action, shown.Key.AccessKey, nil)
	}
	return shown, err
}
