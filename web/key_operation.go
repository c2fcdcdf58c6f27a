package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"keydeck/internal/audit"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// What the handlers that change keys have in common.

// request is who asks for a change of keys, and whose.
func (s *Server) request(v *scope) keyops.Request {
	return keyops.Request{
		Session: v.session, Owner: v.owner, Remote: v.remote, Keys: v.keys, ID: requestIDOf(v),
		Gone: func() bool { return v.Request().Context().Err() != nil },
		Audit: func(kind keyops.Kind, accessKey string, err error) {
			s.reports.Changed(v.session.Contract, v.owner.UserID)
			s.audit(v, auditActions[kind], accessKey, err)
		},
	}
}

// auditActions are the changes as the audit log names them.
var auditActions = map[keyops.Kind]audit.Action{
	keyops.Create: audit.Generate, keyops.Renew: audit.Renew, keyops.Describe: audit.Describe,
	keyops.Activate: audit.Activate, keyops.Deactivate: audit.Deactivate, keyops.Delete: audit.Delete,
}

// once carries out what a form asks for, at most once; or, where the form says
// check, finds out the outcome and carries nothing out.
func (s *Server) once(v *scope, values url.Values, change func(ctx context.Context, r keyops.Request, idempotencyKey string) (keyops.Result, error)) (keyops.Result, error) {
	ctx, idempotencyKey := v.Request().Context(), values.Get("request_id")
	if values.Has("check") {
		trailOf(v).check = true
		return s.changes.Reconcile(ctx, s.request(v), idempotencyKey)
	}
	return change(ctx, s.request(v), idempotencyKey)
}

// state reads what is stored about the owner's keys. Without it a page shows what
// the APIs say, so trouble with the store is no trouble of the page.
func (s *Server) state(v *scope) keyops.State {
	state, err := s.changes.State(v.Request().Context(), v.owner)
	if err != nil {
		s.logger.Warn("pending changes were not read", "id", requestIDOf(v), "error", err)
	}
	return state
}

// respondUnlisted answers for a change whose outcome the list of keys shows.
func (s *Server) respondUnlisted(v *scope, kind keyops.Kind, accessKey string, err error) error {
	p, here := s.refuse(v, err)
	if !here || v.loadOwner(v.Request().Context(), alone) != nil {
		return err
	}
	return s.respondIndeterminate(v, p.status, pages.Indeterminate{What: string(auditActions[kind]), Key: accessKey})
}

// respondIndeterminate says that the outcome of a change is not known yet, and
// offers to find it out.
func (s *Server) respondIndeterminate(v *scope, status int, page pages.Indeterminate) error {
	page.Links, page.TroubleID = v.links, requestIDOf(v)
	return s.respond(v, status, s.keyDialog(v, page.Title(),
		pages.IndeterminateDialog(page, false), pages.IndeterminateDialog(page, true)))
}

// respondInProgress answers a creation while another one is in progress, or its
// outcome is not known: that is to be found out first.
func (s *Server) respondInProgress(v *scope, other *keyops.InProgressError) error {
	page := pages.Indeterminate{What: "generate", Action: v.links.List(), RequestID: other.IdempotencyKey, InProgress: true}
	if other.Predecessor != "" {
		page.What, page.Key, page.Action = "rotate", other.Predecessor, v.links.Rotate(other.Predecessor)
	}
	return s.respondIndeterminate(v, http.StatusConflict, page)
}

// isIndeterminate reports whether the outcome of a change is not known.
func isIndeterminate(err error) bool {
	return keys.Indeterminate(err) || errors.Is(err, errIndeterminate)
}
