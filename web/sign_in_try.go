package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/labstack/echo/v4"

	"keydeck/internal/attempts"
	"keydeck/internal/keys"
	"keydeck/internal/session"
)

// try asks the APIs to let somebody in, unless too many have failed before.
func (s *Server) try(c echo.Context, form signInForm) (*session.Session, error) {
	ctx := c.Request().Context()
	account, err := s.accountOf(form)
	if err != nil {
		return nil, err
	}
	try, err := s.guard.Begin(ctx, account, c.RealIP())
	if _, early := errors.AsType[*attempts.WaitError](err); early {
		s.recordStranger(c, form.email)
		return nil, fmt.Errorf("%w: %w", errTooManyTries, err)
	}
	if err != nil {
		return nil, storeTrouble(err)
	}
	made, err := s.authenticate(ctx, form)
	ctx = context.WithoutCancel(ctx)
	var counted error
	switch {
	case err == nil:
		counted = try.Succeeded(ctx)
	case errors.Is(err, keys.ErrUnauthorized):
		s.recordStranger(c, form.email)
		counted = try.Failed(ctx)
	default:
		try.Void(ctx)
	}
	if counted != nil {
		s.logger.Warn("an attempt to sign in was not counted", "id", requestIDOf(c), "error", counted)
	}
	return made, err
}

// accountOf is what attempts are counted by: of a token, the user that it says
// it is for. One that is none needs no call to be refused, and no count.
func (s *Server) accountOf(form signInForm) (string, error) {
	if !form.byToken {
		return form.email, nil
	}
	identity, err := s.auth.Identify(form.token)
	return "token of " + identity.UserID, err
}

// authenticate makes or takes a token and asks the APIs who its bearer is: no
// session starts with a token that they do not accept, and no token of ours is
// left without a session.
func (s *Server) authenticate(ctx context.Context, form signInForm) (*session.Session, error) {
	if form.byToken {
		return s.bearer(ctx, form, form.token)
	}
	token, err := s.auth.SignIn(ctx, form.credentials(), s.sessionMax)
	if err != nil {
		return nil, err
	}
	made, err := s.bearer(ctx, form, token)
	if err != nil {
		if identity, unread := s.auth.Identify(token); unread == nil {
			s.revoke(ctx, keys.Access{Token: token, Contract: form.contract}, identity.TokenID)
		}
		return nil, err
	}
	made.TokenOurs = true
	return made, nil
}

// bearer is whom a token is for, as the APIs say.
func (s *Server) bearer(ctx context.Context, form signInForm, token keys.Secret) (*session.Session, error) {
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
		Token: session.NewToken(token.Reveal()), TokenID: identity.TokenID,
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

// startSession signs the browser in. The session it had before is over, and a
// token that was made for that one is of no more use.
func (s *Server) startSession(c echo.Context, made *session.Session) error {
	before, _ := s.sessions.Load(c.Response(), c.Request())
	ctx := c.Request().Context()
	if err := s.sessions.Start(c.Response(), c.Request(), made); err != nil {
		if made.TokenOurs {
			s.revoke(ctx, accessOf(made), made.TokenID)
		}
		return storeTrouble(err)
	}
	if before != nil && before.TokenOurs && !before.Token.Equal(made.Token) {
		s.revoke(ctx, accessOf(before), before.TokenID)
	}
	return nil
}

// revoke ends a token at the API, also when the browser does not wait for it.
// That it failed is for the log: the token runs out by itself.
func (s *Server) revoke(ctx context.Context, access keys.Access, tokenID string) {
	err := s.auth.Revoke(context.WithoutCancel(ctx), access, tokenID)
	if err != nil && !errors.Is(err, keys.ErrNotFound) && !errors.Is(err, keys.ErrUnauthorized) {
		s.logger.Warn("a token was not revoked", "token", tokenID, "error", err)
	}
}
