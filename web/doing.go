package web

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"keydeck/internal/keys"
	"keydeck/internal/session"
)

// doing is what a session has begun and not seen the end of. It is one record,
// since every list asks for it, and changed atomically.
type doing struct {
	Asked    []keys.Asked // changes that the Cloud API works on
	Rotation rotation
}

// rotation is a key and the one that is to take its place, by their access
// keys; empty when there is none.
type rotation struct{ Old, New string }

const doingName = "doing"

// mostAsked bounds the changes that are followed at once.
const mostAsked = 10

// doing reads the record. Without it a page shows what the APIs say, so trouble
// with the store is no trouble of the page.
func (s *Server) doing(v *visit) doing {
	plain, _, err := s.sessions.Recall(v.Request().Context(), v.session, doingName)
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		s.logger.Warn("what is under way was not read", "id", requestIDOf(v), "error", err)
	}
	return decodeDoing(plain)
}

func decodeDoing(plain []byte) doing {
	var d doing
	if json.Unmarshal(plain, &d) != nil {
		return doing{}
	}
	return d
}

func (s *Server) revise(ctx context.Context, v *visit, change func(*doing)) {
	err := s.sessions.Revise(ctx, v.session, doingName, s.sessionMax, func(old []byte) []byte {
		d := decodeDoing(old)
		change(&d)
		plain, err := json.Marshal(d)
		if err != nil {
			return nil
		}
		return plain
	})
	if err != nil && !errors.Is(err, session.ErrNoSession) {
		s.logger.Warn("what is under way was not noted", "id", requestIDOf(v), "error", err)
	}
}

// follow notes a change that is to be followed, in place of an earlier one of
// the same key.
func (s *Server) follow(ctx context.Context, v *visit, asked keys.Asked) {
	if asked.AccessKey == "" {
		return
	}
	s.revise(ctx, v, func(d *doing) {
		d.Asked = slices.DeleteFunc(d.Asked, func(a keys.Asked) bool { return a.AccessKey == asked.AccessKey })
		d.Asked = append(d.Asked, asked)
		d.Asked = d.Asked[max(0, len(d.Asked)-mostAsked):]
	})
}

// undisturbed is the context of a change: it goes on when the browser does not
// wait, so that what has been begun is finished and its outcome known.
func undisturbed(v *visit) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(v.Request().Context()), operationBudget)
}
