package web

import (
	"context"
	"errors"

	"keydeck/internal/keys"
	"keydeck/internal/session"
	"keydeck/views/pages"
)

// createKey makes a key, once for each form, and goes to its page.
func (s *Server) createKey(v *visit) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	if err := v.knowOwner(v.Request().Context(), alone); err != nil {
		return err
	}
	page := pages.NewKey{Description: values.Get("description")}
	requestID := values.Get("request_id")
	if err := s.sessions.CheckRequestID(v.session, formNewKey(v.owner), requestID); err != nil {
		page.Trouble = pages.StaleNewKey
		return s.respondNewKey(v, unprocessable, page)
	}
	description, err := keys.CleanDescription(page.Description)
	if err != nil {
		page.Error = problemOf(err).text
		return s.respondNewKey(v, unprocessable, page)
	}
	done, err := s.once(v, requestID, func(ctx context.Context) (string, error) {
		pair, err := v.keys.Generate(ctx, v.owner, description)
		s.audit(v, "generate", pair.Key.AccessKey, err)
		if err != nil {
			return "", err
		}
		s.keepPair(ctx, v, pair)
		return pair.Key.AccessKey, nil
	})
	if err != nil {
		return s.refuseNewKey(v, page, err)
	}
	return redirect(v, v.at.Key(done.AccessKey))
}

// refuseNewKey keeps what was typed and says why there is no key.
func (s *Server) refuseNewKey(v *visit, page pages.NewKey, err error) error {
	p, here := s.refuse(v, err)
	if !here {
		return err
	}
	page.Trouble = p.text
	if v.owner.Managed && errors.Is(err, keys.ErrNoPrivilege) {
		// It is not the one who asks that may not. A privilege that was just
		// granted may not have spread: the same form can be sent again.
		p.status = unprocessable
		page.Trouble += " " + pages.JustGranted
	}
	return s.respondNewKey(v, p.status, page)
}

// keepPair keeps a new pair at hand, so that a page that gets lost on its way
// does not take the secret with it. If that fails the pair goes on all the
// same: the Cloud API gives it again.
func (s *Server) keepPair(ctx context.Context, v *visit, pair keys.KeyPair) {
	err := s.keep(ctx, v, pair)
	if err != nil && !errors.Is(err, session.ErrNoSession) {
		s.logger.Warn("a new pair was not kept", "id", requestIDOf(v), "key", pair.Key.AccessKey, "error", err)
	}
}
