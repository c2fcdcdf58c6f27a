package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/labstack/echo/v4"

	"keydeck/internal/keys"
	"keydeck/internal/loginlimit"
	"keydeck/internal/secret"
	"keydeck/internal/session"
	"keydeck/internal/tokens"
)

// try authenticates a user with the APIs, unless too many attempts have failed before.
func (s *Server) try(c echo.Context, form signInForm) (*session.Session, error) {
	ctx := c.Request().Context()
	try, err := s.begin(c, form)
	if err != nil {
		return nil, err
	}
	defer try.Void() // when a panic ends it; otherwise it has ended
	made, err := s.authenticate(ctx, form)
	ctx = context.WithoutCancel(ctx)
	var counted error
	switch {
	case err == nil:
		counted = try.Succeeded(ctx, made.UserID)
	case errors.Is(err, keys.ErrUnauthorized):
		s.recordStranger(c, form.email)
		var failures loginlimit.Failures
		failures, counted = try.Failed(ctx)
		s.recordFailures(c, failures)
	}
	if counted != nil {
		s.logger.Warn("an attempt to sign in was not counted", "id", requestIDOf(c), "error", counted)
	}
	return made, err
}

// begin begins an attempt to sign in. What is no token needs no call to be refused,
// and no count; a token counts for the user that its claims name.
func (s *Server) begin(c echo.Context, form signInForm) (*loginlimit.Attempt, error) {
	begin, account := s.guard.Begin, form.email
	if form.byToken {
		identity, err := s.auth.Identify(form.token)
		if err != nil {
			return nil, err
		}
		begin, account = s.guard.BeginToken, "token of "+identity.UserID
	}
	attempt, err := begin(c.Request().Context(), account, c.RealIP())
	early, ok := errors.AsType[*loginlimit.WaitError](err)
	switch {
	case err == nil:
		return attempt, nil
	case !ok:
		return nil, storeTrouble(err)
	}
	s.recordStranger(c, form.email)
	if early.Busy {
		return nil, fmt.Errorf("%w: %w", errBusy, err)
	}
	return nil, fmt.Errorf("%w: %w", errTooManyTries, err)
}

// authenticate makes or takes a token and asks the APIs who its bearer is: no
// session starts with a token that they do not accept, and no token of ours is
// left without a session.
func (s *Server) authenticate(ctx context.Context, form signInForm) (*session.Session, error) {
	if form.byToken {
		return s.bearer(ctx, form, form.token)
	}
	token, err := s.auth.SignIn(ctx, form.credentials(), s.tokens.TTL())
	if err != nil {
		return nil, err
	}
	made, err := s.bearer(ctx, form, token)
	if err != nil {
		if identity, unread := s.auth.Identify(token); unread == nil {
			s.tokens.Revoke(tokens.Order{
				UserID: identity.UserID, Access: keys.Access{Token: token, Contract: form.contract},
				Own: tokens.Token{ID: identity.TokenID, Contract: form.contract, Expires: identity.Expires},
			})
		}
		return nil, err
	}
	// The token is renewed while the session lives, so it does not limit it.
	made.TokenOurs, made.TokenExpires, made.Expires = true, made.Expires, time.Time{}
	return made, nil
}

// bearer is whom a token is for, as the APIs say.
func (s *Server) bearer(ctx context.Context, form signInForm, token secret.Value) (*session.Session, error) {
	identity, err := s.auth.Identify(token)
	if err != nil {
		return nil, err
	}
	switch {
	case !identity.Expires.IsZero() && !s.now().Before(identity.Expires):
		return nil, errExpiredToken
	case form.contract != "" && identity.Contract != "" && form.contract != identity.Contract:
		// The Management API would go by the token, the others by the number.
		return nil, errOtherContract
	}
	user, err := s.auth.As(keys.Access{Token: token, Contract: form.contract}).User(ctx, identity.UserID)
	if err != nil {
		return nil, err
	}
	return &session.Session{
		UserID: identity.UserID, Email: user.Email, Name: user.Name(),
		Contract: cmp.Or(form.contract, identity.Contract), ContractNamed: form.contract != "",
		Role: string(roleOf(identity, user)), Expires: identity.Expires,
		Token: secret.New(token.Reveal()), TokenID: identity.TokenID,
	}, nil
}

// errExpiredToken is a pasted token that has run out. The API would say so
// too, but not which of the reasons for a refusal it was.
var errExpiredToken = &keys.Error{Kind: keys.ErrInvalid, Op: "sign in", Err: keys.ErrExpired}

// errOtherContract is a contract number that the token is not for.
var errOtherContract = &keys.Error{Kind: keys.ErrInvalid, Op: "sign in", Err: keys.ErrOtherContract}

func roleOf(identity keys.Identity, user keys.User) keys.Role {
	switch {
	case identity.Owner:
		return keys.RoleOwner
	case user.Administrator:
		return keys.RoleAdministrator
	default:
		return keys.RoleUser
	}
}

// startSession signs the browser in. The sessions it had before are over, and
// tokens that were made for them are of no more use.
func (s *Server) startSession(c echo.Context, made *session.Session) error {
	before := s.sessions.CookieIDs(c.Request())
	if err := s.sessions.Start(c.Response(), c.Request(), made); err != nil {
		s.revokeOwn(made)
		return storeTrouble(err)
	}
	if err := s.sessions.AddActor(c.Request().Context(), made.Contract, made.UserID); err != nil {
		s.logger.Warn("a sign-in was not noted for the activity of the contract", "id", requestIDOf(c), "error", err)
	}
	s.tokens.Watch(made, accessOf(made))
	s.tokens.Gone(before...)
	s.tokens.SweepPerson(made.UserID)
	return nil
}

// revokeOwn revokes the token of a session that has ended, with itself. A pasted
// token is not ours to revoke.
func (s *Server) revokeOwn(ended *session.Session) {
	if ended.TokenOurs {
		access := accessOf(ended)
		s.tokens.Revoke(tokens.Order{UserID: ended.UserID, Access: access, Own: tokens.Token{
			Session: ended.ID(), ID: ended.TokenID, Contract: access.Contract, Expires: ended.TokenExpires,
		}})
	}
}
