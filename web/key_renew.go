package web

import (
	"context"
	"errors"
	"net/http"

	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// formRenew names the form that request ids of renewing a key's secret are
// good for.
func formRenew(accessKey string) string { return "renew " + accessKey }

// confirmRenewKey asks before the present secret stops working.
func (s *Server) confirmRenewKey(v *visit) error {
	k, l, err := s.keyOf(v)
	switch {
	case err != nil:
		return err
	case !l.Offers(k).Renew && l.Missing == keys.Management:
		return l.Cause
	case !l.Offers(k).Renew:
		return &keys.Error{Kind: keys.ErrConflict, Op: "renew secret"}
	}
	return s.respondRenew(v, http.StatusOK, pages.KeyForm{Key: k})
}

// renewKey makes a new secret, once for each form, and goes to the page that
// shows it.
func (s *Server) renewKey(v *visit) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	accessKey, requestID := v.Param("key"), values.Get("request_id")
	form := pages.KeyForm{Key: keys.Key{AccessKey: accessKey}}
	if !keys.ValidAccessKey(accessKey) {
		return &keys.Error{Kind: keys.ErrNotFound, Op: "renew secret"}
	}
	if err := s.sessions.CheckRequestID(v.session, formRenew(accessKey), requestID); err != nil {
		form.Trouble = pages.StaleRenew
		return s.respondRenew(v, unprocessable, form)
	}
	done, err := s.once(v, requestID, func(ctx context.Context) (string, error) {
		pair, err := v.keys.Renew(ctx, v.owner, accessKey)
		s.audit(v, "renew", accessKey, err)
		if err == nil || keys.Unclear(err) {
			s.forgetPair(ctx, v, accessKey) // it holds a secret that works no more, or may not
		}
		if err != nil {
			return "", err
		}
		s.keepPair(ctx, v, pair)
		return pair.Key.AccessKey, nil
	})
	if err == nil {
		return redirect(v, v.at.Key(done.AccessKey))
	}
	p, here := s.refuse(v, err)
	if !here {
		return err
	}
	form.Trouble = p.text
	if errors.Is(err, errUnclear) {
		form.Trouble = pages.RenewUnclear
	}
	return s.respondRenew(v, p.status, form)
}

func (s *Server) respondRenew(v *visit, status int, form pages.KeyForm) error {
	form.RequestID = s.sessions.IssueRequestID(v.session, formRenew(form.Key.AccessKey))
	if form.RequestID == "" {
		return errNoRandomness
	}
	return s.keyForm(v, status, "Renew secret", form, pages.RenewKeyDialog)
}
