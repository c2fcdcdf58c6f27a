package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// formNewKey names the form to generate a key for an owner, for its idempotency
// keys.
func formNewKey(owner keys.Owner) string { return "new-key " + owner.UserID }

// newKeyTimeout bounds the look whether a key can be generated: the form is there
// without it.
const newKeyTimeout = 2 * time.Second

// newKey is the dialog to generate a key. It stores nothing. It offers nothing that
// cannot work: while another creation is in progress, that is to be checked first.
func (s *Server) newKey(v *scope) error {
	ctx := v.Request().Context()
	if other, ok := errors.AsType[*keyops.InProgressError](s.state(v).CreationInProgress(s.request(v))); ok {
		if err := v.loadOwner(ctx, alone); err != nil {
			return err
		}
		return s.respondInProgress(v, other)
	}
	var page pages.NewKey
	err := v.loadOwner(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, newKeyTimeout)
		defer cancel()
		list, err := v.keys.ListForChange(ctx, v.owner)
		switch {
		case errors.Is(err, keys.ErrNoPrivilege) && !v.owner.Managed:
			page.Blocked, page.BlockedHow = pages.NoPrivilege()
			if keys.Role(v.session.Role).ManagesOthers() {
				page.Blocked, page.BlockedHow = "The "+orAPI(err)+" refuses you access", pages.RefusedToManager
			}
			page.BlockedHow = said(page.BlockedHow, err)
		case list.Full():
			page.Blocked, page.BlockedHow = pages.AllKeysUsed()
		case isAny(err, keys.ErrUnauthorized):
			return err
		}
		return nil // what the API says else it says when it is asked for the key
	})
	if err != nil {
		return err
	}
	return s.respondNewKey(v, http.StatusOK, page)
}

// respondNewKey shows the form with a new idempotency key.
func (s *Server) respondNewKey(v *scope, status int, page pages.NewKey) error {
	page.Links = v.links
	page.RequestID = s.sessions.IssueIdempotencyKey(v.session, formNewKey(v.owner))
	page.TroubleID, page.For = requestIDOf(v), v.forWhom()
	if page.RequestID == "" {
		return errNoRandomness
	}
	return s.respond(v, status, s.keyDialog(v, page.Title(),
		pages.NewKeyDialog(page, false), pages.NewKeyDialog(page, true)))
}
