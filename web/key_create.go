package web

import (
	"context"
	"errors"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// createKey makes a key, once for each form, and goes to its page.
func (s *Server) createKey(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	if err := v.loadOwner(v.Request().Context(), alone); err != nil {
		return err
	}
	page := pages.NewKey{Description: values.Get("description")}
	if err := s.sessions.CheckIdempotencyKey(v.session, formNewKey(v.owner), values.Get("request_id")); err != nil {
		if values.Has("check") {
			return errIndeterminate // it was sent too long ago to be found out
		}
		page.Trouble = pages.StaleNewKey
		return s.respondNewKey(v, unprocessable, page)
	}
	created, err := s.once(v, values, func(ctx context.Context, r keyops.Request, idempotencyKey string) (keyops.Result, error) {
		return s.changes.Create(ctx, r, idempotencyKey, page.Description)
	})
	if err != nil {
		return s.refuseNewKey(v, page, values.Get("request_id"), err)
	}
	return redirect(v, v.links.Key(created.AccessKey))
}

// refuseNewKey keeps what was typed and says why there is no key.
func (s *Server) refuseNewKey(v *scope, page pages.NewKey, requestID string, err error) error {
	if other, ok := errors.AsType[*keyops.InProgressError](err); ok {
		return s.respondInProgress(v, other)
	}
	if errors.Is(err, keys.ErrInvalid) {
		page.Error = problemOf(err).text
		return s.respondNewKey(v, unprocessable, page)
	}
	p, here := s.refuse(v, err)
	switch {
	case !here:
		return err
	case isIndeterminate(err):
		return s.respondIndeterminate(v, p.status, pages.Indeterminate{
			What: "generate", Action: v.links.List(), RequestID: requestID, Description: page.Description,
		})
	}
	page.Trouble = p.text
	if errors.Is(err, keys.ErrRejected) {
		page.Trouble = pages.KeyNotMade + " " + p.text
	}
	if v.owner.Managed && errors.Is(err, keys.ErrNoPrivilege) {
		// It is not the one who asks that may not. A privilege that was just
		// granted may not have spread: the same form can be sent again.
		p.status = unprocessable
		page.Trouble += " " + pages.JustGranted
	}
	return s.respondNewKey(v, p.status, page)
}
