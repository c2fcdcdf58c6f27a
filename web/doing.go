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
	d, err := s.readDoing(v)
	if err != nil {
		s.logger.Warn("what is under way was not read", "id", requestIDOf(v), "error", err)
	}
	return d
}

// readDoing reads the record for a change, which must not be decided without.
func (s *Server) readDoing(v *visit) (doing, error) {
	plain, _, err := s.sessions.Recall(v.Request().Context(), v.session, doingName)
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		return doing{}, storeTrouble(err)
	}
	return decodeDoing(plain), nil
}

func decodeDoing(plain []byte) doing {
	var d doing
	if json.Unmarshal(plain, &d) != nil {
		return doing{}
	}
	return d
}

// revise changes the record. That it could not is for the log, where the change
// has been told by other means.
func (s *Server) revise(ctx context.Context, v *visit, change func(*doing)) {
	err := insist(ctx, func() error { return s.reviseDoing(ctx, v, change) })
	if err != nil && !errors.Is(err, session.ErrNoSession) {
		s.logger.Warn("what is under way was not noted", "id", requestIDOf(v), "error", err)
	}
}

func (s *Server) reviseDoing(ctx context.Context, v *visit, change func(*doing)) error {
	return s.sessions.Revise(ctx, v.session, doingName, s.sessionMax, func(old []byte) []byte {
		d := decodeDoing(old)
		change(&d)
		plain, err := json.Marshal(d)
		if err != nil {
			return nil
		}
		return plain
	})
}

// asking is what a change of a key has to take into account, and what is to be
// called with its outcome. The change is noted before the API is asked for it:
// were it noted afterwards, and the store failed just then, the next change
// would count on what the lists still show. Without the note, the API is not
// asked.
func (s *Server) asking(v *visit, accessKey, confirm string) (told keys.Told, settle func(context.Context, keys.Asked, error), err error) {
	before, err := s.readDoing(v)
	if err != nil {
		return keys.Told{}, nil, err
	}
	noted := false
	told = keys.Told{Confirm: confirm, Asked: before.Asked, Begin: func(ctx context.Context, wanted keys.Asked) error {
		noted = wanted.AccessKey != ""
		if !noted {
			return nil
		}
		return s.noteAsked(ctx, v, wanted)
	}}
	settle = func(ctx context.Context, asked keys.Asked, err error) {
		ctx = context.WithoutCancel(ctx)
		switch {
		case asked.AccessKey != "":
			s.revise(ctx, v, func(d *doing) { d.add(asked) })
		case noted && err != nil: // surely not carried out
			s.revise(ctx, v, func(d *doing) { d.restore(accessKey, before) })
		}
	}
	return told, settle, nil
}

func (s *Server) noteAsked(ctx context.Context, v *visit, wanted keys.Asked) error {
	err := s.reviseDoing(ctx, v, func(d *doing) { d.add(wanted) })
	switch {
	case errors.Is(err, session.ErrNoSession):
		return errSignedOut
	case err != nil:
		return storeTrouble(err)
	}
	return nil
}

// add puts a change in place of an earlier one of the same key.
func (d *doing) add(asked keys.Asked) {
	d.drop(asked.AccessKey)
	d.Asked = append(d.Asked, asked)
	d.Asked = d.Asked[max(0, len(d.Asked)-mostAsked):]
}

// restore puts back what was asked for before, if anything.
func (d *doing) restore(accessKey string, before doing) {
	d.drop(accessKey)
	for _, a := range before.Asked {
		if a.AccessKey == accessKey {
			d.add(a)
		}
	}
}

func (d *doing) drop(accessKey string) {
	d.Asked = slices.DeleteFunc(d.Asked, func(a keys.Asked) bool { return a.AccessKey == accessKey })
}

// undisturbed is the context of a change: it goes on when the browser does not
// wait, so that what has been begun is finished and its outcome known.
func undisturbed(v *visit) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(v.Request().Context()), operationBudget)
}
