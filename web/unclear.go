package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"keydeck/internal/keys"
	"keydeck/internal/session"
	"keydeck/views/pages"
)

// sendOrCheck carries out what a form asks for, once; or, where the form says
// check, finds out what became of it and carries nothing out.
func (s *Server) sendOrCheck(v *visit, values url.Values, t task) (session.Outcome, error) {
	if values.Has("check") {
		return s.whatBecame(v, values.Get("request_id"), t)
	}
	return s.once(v, values.Get("request_id"), t)
}

// whatBecame tells the outcome of what a form asked for, and finds it out where
// nobody has told. It carries nothing out: what was never begun has failed.
func (s *Server) whatBecame(v *visit, requestID string, t task) (session.Outcome, error) {
	found, err := s.sessions.Operation(v.Request().Context(), v.session, requestID)
	var outcome session.Outcome
	if err == nil {
		outcome, err = s.outcomeOf(v, requestID, found, t)
	} else if !errors.Is(err, session.ErrNotFound) {
		err = storeTrouble(err)
	}
	if errors.Is(err, session.ErrNotFound) {
		err = &keys.Error{Kind: keys.ErrInvalid, Op: "find out", Message: notBegun}
	}
	return outcome, err
}

// clearUp finds out what became of an operation. One without a note has not
// asked the API.
func (s *Server) clearUp(v *visit, id string, found session.Operation, t task) (session.Outcome, error) {
	var attempt keys.Attempt
	if json.Unmarshal(found.Note, &attempt) != nil {
		err := &keys.Error{Kind: keys.ErrInvalid, Op: "find out", Message: notBegun}
		return s.finish(v.Request().Context(), v, id, t, keys.KeyPair{}, err)
	}
	ctx, cancel := undisturbed(v)
	defer cancel()
	others, err := s.madeByOthers(ctx, v, id)
	if err != nil {
		return found.Outcome, err
	}
	attempt.Before = append(attempt.Before, others...)
	pair, err := t.look(ctx, attempt)
	if err == nil && t.makes {
		err = s.claimFound(ctx, v, id, pair)
	}
	if !keys.Unclear(err) {
		s.audit(v, t.action, pair.Key.AccessKey, err)
	}
	return s.finish(ctx, v, id, t, pair, err)
}

// claimFound sees to it that a key which was found by looking is handed out as
// what came of one form alone. Where it may be another's, it is not known what
// became of this one: asked again, it looks again.
func (s *Server) claimFound(ctx context.Context, v *visit, id string, pair keys.KeyPair) error {
	mine, err := s.claimMade(ctx, v, id, pair.Key.AccessKey)
	switch {
	case err == nil && mine:
		return nil
	case err == nil:
		err = errors.New("the key may be another form's")
	}
	return &keys.Error{Kind: keys.ErrUnavailable, Op: "find out", Unclear: true, Err: err}
}

// unclear answers for a change whose end the list of keys shows.
func (s *Server) unclear(v *visit, what, accessKey string, err error) error {
	err = errors.Join(errUnclear, err)
	p, here := s.refuse(v, err)
	if !here || v.knowOwner(v.Request().Context(), alone) != nil {
		return err
	}
	return s.respondUnclear(v, p.status, pages.Unclear{What: what, Key: accessKey})
}

// respondUnclear says what is not known, and offers to find it out.
func (s *Server) respondUnclear(v *visit, status int, page pages.Unclear) error {
	page.Links, page.TroubleID = v.at, requestIDOf(v)
	return s.respond(v, status, s.keyDialog(v, page.Title(),
		pages.UnclearDialog(page, false), pages.UnclearDialog(page, true)))
}
