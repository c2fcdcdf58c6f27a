package web

import (
	"context"
	"net/http"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// formRenew names the form that request ids of renewing a key's secret are
// good for.
func formRenew(accessKey string) string { return "renew " + accessKey }

// confirmRenewKey asks before the present secret stops working.
func (s *Server) confirmRenewKey(v *scope) error {
	k, l, err := s.keyOf(v)
	switch {
	case err != nil:
		return err
	case !l.Capabilities(k).Renew && l.Failed(keys.Management) != nil:
		return l.Failed(keys.Management)
	case !l.Capabilities(k).Renew:
		return &keys.Error{Kind: keys.ErrConflict, Op: "renew secret"}
	}
	return s.respondRenew(v, http.StatusOK, pages.KeyForm{Key: k})
}

// renewKey makes a new secret, once for each form, and goes to the page that
// shows it.
func (s *Server) renewKey(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	accessKey, idempotencyKey := v.Param("key"), values.Get("request_id")
	form := pages.KeyForm{Key: keys.Key{AccessKey: accessKey}}
	if !keys.ValidAccessKey(accessKey) {
		return &keys.Error{Kind: keys.ErrNotFound, Op: "renew secret"}
	}
	if err := s.sessions.CheckIdempotencyKey(v.session, formRenew(accessKey), idempotencyKey); err != nil {
		if values.Has("check") {
			return errIndeterminate
		}
		form.Trouble = pages.StaleRenew
		return s.respondRenew(v, unprocessable, form)
	}
	renewed, err := s.once(v, values, func(ctx context.Context, r keyops.Request, idempotencyKey string) (keyops.Result, error) {
		return s.changes.Renew(ctx, r, idempotencyKey, accessKey)
	})
	if err == nil {
		return redirect(v, v.links.Key(renewed.AccessKey))
	}
	p, here := s.refuse(v, err)
	switch {
	case !here:
		return err
	case isIndeterminate(err):
		return s.respondIndeterminate(v, p.status, pages.Indeterminate{
			What: "renew", Key: accessKey, Action: v.links.Renew(accessKey), RequestID: idempotencyKey,
		})
	}
	form.Trouble = p.text
	return s.respondRenew(v, p.status, form)
}

func (s *Server) respondRenew(v *scope, status int, form pages.KeyForm) error {
	form.RequestID = s.sessions.IssueIdempotencyKey(v.session, formRenew(form.Key.AccessKey))
	if form.RequestID == "" {
		return errNoRandomness
	}
	return s.keyForm(v, status, "Renew secret", form, pages.RenewKeyDialog)
}
