package web

import (
	"context"
	"errors"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
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
		if values.Has("check") {
			return errUnclear // it was asked for too long ago to be found out
		}
		page.Trouble = pages.StaleNewKey
		return s.respondNewKey(v, unprocessable, page)
	}
	description, err := keys.CleanDescription(page.Description)
	if err != nil {
		page.Error = problemOf(err).text
		return s.respondNewKey(v, unprocessable, page)
	}
	t := s.making(v, func(ctx context.Context, begin keys.Begin) (keys.KeyPair, error) {
		return v.keys.Generate(ctx, v.owner, description, begin)
	})
	done, err := s.sendOrCheck(v, values, t)
	if err != nil {
		return s.refuseNewKey(v, page, requestID, err)
	}
	return redirect(v, v.at.Key(done.AccessKey))
}

// making is the task to make a key.
func (s *Server) making(v *visit, do func(context.Context, keys.Begin) (keys.KeyPair, error)) task {
	return task{
		action: audit.Generate, makes: true, do: do,
		look: func(ctx context.Context, a keys.Attempt) (keys.KeyPair, error) {
			return v.keys.LookForMade(ctx, v.owner, a)
		},
		made: func(ctx context.Context, pair keys.KeyPair) { s.keepPair(ctx, v, pair) },
	}
}

// refuseNewKey keeps what was typed and says why there is no key.
func (s *Server) refuseNewKey(v *visit, page pages.NewKey, requestID string, err error) error {
	p, here := s.refuse(v, err)
	switch {
	case !here:
		return err
	case errors.Is(err, errUnclear):
		return s.respondUnclear(v, p.status, pages.Unclear{
			What: "generate", Action: v.at.List(), RequestID: requestID, Description: page.Description,
		})
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
