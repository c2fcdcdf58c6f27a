package web

import (
	"context"
	"errors"
	"net/http"

	"keydeck/internal/audit"
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
		if values.Has("check") {
			return errUnclear
		}
		form.Trouble = pages.StaleRenew
		return s.respondRenew(v, unprocessable, form)
	}
	done, err := s.sendOrCheck(v, values, s.renewing(v, accessKey))
	if err == nil {
		return redirect(v, v.at.Key(done.AccessKey))
	}
	p, here := s.refuse(v, err)
	switch {
	case !here:
		return err
	case errors.Is(err, errUnclear):
		return s.respondUnclear(v, p.status, pages.Unclear{
			What: "renew", Key: accessKey, Action: v.at.Renew(accessKey), RequestID: requestID,
		})
	}
	form.Trouble = p.text
	return s.respondRenew(v, p.status, form)
}

// renewing is the task to put a new secret in place of a key's present one. A
// kept pair is dropped before: its secret may work no more from then on, and
// nobody may be left to drop it.
func (s *Server) renewing(v *visit, accessKey string) task {
	return task{
		action: audit.Renew,
		do: func(ctx context.Context, begin keys.Begin) (keys.KeyPair, error) {
			return v.keys.Renew(ctx, v.owner, accessKey, func(ctx context.Context, a keys.Attempt) error {
				if err := begin(ctx, a); err != nil {
					return err
				}
				return s.forgetPair(ctx, v, accessKey)
			})
		},
		look: func(ctx context.Context, a keys.Attempt) (keys.KeyPair, error) {
			return v.keys.LookForRenewed(ctx, v.owner, a)
		},
		made: func(ctx context.Context, pair keys.KeyPair) { s.keepPair(ctx, v, pair) },
	}
}

func (s *Server) respondRenew(v *visit, status int, form pages.KeyForm) error {
	form.RequestID = s.sessions.IssueRequestID(v.session, formRenew(form.Key.AccessKey))
	if form.RequestID == "" {
		return errNoRandomness
	}
	return s.keyForm(v, status, "Renew secret", form, pages.RenewKeyDialog)
}
