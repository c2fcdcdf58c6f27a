package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/kv"
	"keydeck/internal/parallel"
	"keydeck/internal/session"
	"keydeck/internal/tokens"
	"keydeck/views/pages"
)

// listSessions shows a person where they are signed in.
func (s *Server) listSessions(v *scope) error {
	list, err := s.sessions.List(v.Request().Context(), v.session)
	if err != nil {
		return storeTrouble(err)
	}
	page := pages.SessionList{Links: s.links, Now: s.now()}
	for _, l := range list {
		page.Sessions = append(page.Sessions, pages.SessionRow{
			ID: l.ID, Browser: l.Browser, Address: l.Address, Contract: l.Contract,
			Started: l.Started, LastUsed: l.LastUsed, Current: l.ID == v.session.ID(),
		})
	}
	// This one first: the others are what there is to decide on.
	slices.SortStableFunc(page.Sessions, func(a, b pages.SessionRow) int {
		switch {
		case a.Current:
			return -1
		case b.Current:
			return 1
		default:
			return 0
		}
	})
	return s.respond(v, http.StatusOK, view{
		news:  true,
		title: "Sessions", notices: s.takeFlash(v), page: pages.SessionListPage(page),
	})
}

// endSession ends one of a person's sessions. To end the one that asks is to
// sign out.
func (s *Server) endSession(v *scope) error {
	id := v.Param("session")
	if id == v.session.ID() {
		return s.signOut(v)
	}
	ended, err := s.sessions.EndOther(v.Request().Context(), v.session, id)
	switch {
	case errors.Is(err, kv.ErrNotFound):
		return errNoSuchSession
	case err != nil:
		return storeTrouble(err)
	}
	s.afterEnd(v, tokens.Token{}, ended)
	s.setFlash(v, "end", "session")
	return redirect(v, s.links.Sessions())
}

// endTimeout bounds the ending of a person's sessions, which goes on when the
// browser has gone.
const endTimeout = 10 * time.Second

// endRecords bounds the records that are written at the same time.
const endRecords = 16

// endSessions signs a person out everywhere: all other sessions end first, and this
// session last, so that the request can be repeated after an error. Tokens are
// revoked afterwards, in the background, this session's own after all that it is
// needed for.
func (s *Server) endSessions(v *scope) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.Request().Context()), endTimeout)
	defer cancel()
	ended, err := s.sessions.EndOthers(ctx, v.session)
	if err != nil {
		s.afterEnd(v, tokens.Token{}, ended...)
		return storeTrouble(err)
	}
	if err := s.sessions.End(v.Response(), v.Request().WithContext(ctx)); err != nil {
		s.afterEnd(v, tokens.Token{}, ended...)
		return storeTrouble(err)
	}
	var own tokens.Token
	if v.session.TokenOurs {
		own = tokens.Token{
			Session: v.session.ID(), ID: v.session.TokenID, Contract: accessOf(v.session).Contract, Expires: v.session.TokenExpires,
		}
	}
	s.afterEnd(v, own, ended...)
	return s.signedOut(v, v.session)
}

// afterEnd revokes the tokens of sessions that have ended and are not the one that
// asks, and then own, the token of the one that asks, unless it is zero. It leaves a
// record of each.
func (s *Server) afterEnd(v *scope, own tokens.Token, ended ...session.Info) {
	order := tokens.Order{UserID: v.session.UserID, Access: accessOf(v.session), Own: own}
	for _, info := range ended {
		if err := s.sessions.NoteEnded(context.WithoutCancel(v.Request().Context()), info); err != nil {
			s.logger.Warn("the end of a session was not noted", "id", requestIDOf(v), "error", err)
		}
		if info.TokenOurs {
			order.Tokens = append(order.Tokens, tokens.TokenOf(info))
		}
	}
	s.tokens.Revoke(order)
	v.owner = keys.Owner{}
	parallel.Each(ended, endRecords, func(int, session.Info) { s.audit(v, audit.EndSession, "", nil) })
}
