package web

import (
	"errors"
	"net/http"
	"slices"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/session"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// listSessions shows a person where they are signed in.
func (s *Server) listSessions(v *visit) error {
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
		title: "Sessions", crumbs: accountCrumbs("Sessions"), notice: s.heard(v), page: pages.SessionListPage(page),
	})
}

func accountCrumbs(page string) []layout.Crumb {
	return []layout.Crumb{{Label: "Your account"}, {Label: page}}
}

// endSession ends one of a person's sessions. To end the one that asks is to
// sign out.
func (s *Server) endSession(v *visit) error {
	id := v.Param("session")
	if id == v.session.ID() {
		return s.signOut(v)
	}
	ended, err := s.sessions.EndOther(v.Request().Context(), v.session, id)
	switch {
	case errors.Is(err, session.ErrNotFound):
		return errNoSuchSession
	case err != nil:
		return storeTrouble(err)
	}
	s.afterEnd(v, ended)
	s.say(v, "end", "session")
	return redirect(v, s.links.Sessions())
}

// endSessions signs a person out everywhere, here last: should something fail
// on the way, they are still here to try again.
func (s *Server) endSessions(v *visit) error {
	list, err := s.sessions.List(v.Request().Context(), v.session)
	if err != nil {
		return storeTrouble(err)
	}
	for _, l := range list {
		if l.ID == v.session.ID() {
			continue
		}
		ended, err := s.sessions.EndOther(v.Request().Context(), v.session, l.ID)
		switch {
		case errors.Is(err, session.ErrNotFound): // it has ended meanwhile
		case err != nil:
			return storeTrouble(err)
		default:
			s.afterEnd(v, ended)
		}
	}
	return s.signOut(v)
}

// afterEnd does what is left when a session has ended that is not the one that
// asks: its token cannot be read, and is deleted by its id.
func (s *Server) afterEnd(v *visit, ended session.Listed) {
	s.rolls.Forget(ended.ID)
	if ended.TokenOurs {
		access := accessOf(v.session)
		if v.session.Contract != ended.Contract {
			access.Contract = ended.Contract
		}
		s.revoke(v.Request().Context(), access, ended.TokenID)
	}
	v.owner = keys.Owner{}
	s.audit(v, audit.EndSession, "", nil)
}
