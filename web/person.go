package web

import (
	"context"
	"errors"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/parallel"
	"keydeck/internal/session"
)

// personTimeout is how long a page that is about something else waits for the
// person's own record.
const personTimeout = 2 * time.Second

// withPerson reads the signed-in person's own record while beside runs, and
// corrects the session by it: their name, e-mail address and role may have changed
// since they signed in. The record is nil if it cannot be read soon.
func (s *Server) withPerson(v *scope, beside func() error) (*keys.User, error) {
	var person *keys.User
	var err error
	parallel.Do(
		func() { person = s.readPerson(v) },
		func() { err = beside() },
	)
	if person != nil {
		s.correctSession(v, *person)
	}
	return person, err
}

func (s *Server) readPerson(v *scope) *keys.User {
	ctx, cancel := context.WithTimeout(v.Request().Context(), personTimeout)
	defer cancel()
	person, err := v.remote.User(ctx, v.session.UserID)
	if err != nil {
		s.logger.Info("shown without the person's record", "id", requestIDOf(v), "error", err)
		return nil
	}
	return &person
}

// correctSession takes over what the record of the signed-in person says.
func (s *Server) correctSession(v *scope, person keys.User) {
	identity, err := s.auth.Identify(v.session.Token)
	if err != nil || person.Email == "" {
		return
	}
	role := string(roleOf(identity, person))
	if v.session.Email != person.Email || v.session.Name != person.Name() || v.session.Role != role {
		err = s.sessions.Correct(v.Response(), v.Request(), v.session, func(of *session.Session) {
			of.Email, of.Name, of.Role = person.Email, person.Name(), role
		})
	}
	if err != nil {
		s.logger.Warn("a session was not corrected", "id", requestIDOf(v), "error", err)
	}
	if !v.owner.Managed {
		v.owner.Email, v.owner.Name = v.session.Email, v.session.Name
	}
}

// followForbidden takes over the present role of a person who has lost the one that
// their session has: an API forbids what it allows.
func (s *Server) followForbidden(v *scope, err error) {
	if !errors.Is(err, keys.ErrForbidden) || !keys.Role(v.session.Role).ManagesOthers() {
		return
	}
	if person := s.readPerson(v); person != nil {
		s.correctSession(v, *person)
	}
}

// withOwner reads the record of the owner of the keys while beside runs.
func (s *Server) withOwner(v *scope, beside func() error) error {
	if v.owner.Managed {
		return v.loadOwner(v.Request().Context(), beside)
	}
	_, err := s.withPerson(v, beside)
	return err
}
