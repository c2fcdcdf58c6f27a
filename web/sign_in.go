package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"keydeck/internal/attempts"
	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/internal/session"
	"keydeck/views/pages"
)

// showSignIn is the form. Who is signed in already goes on.
func (s *Server) showSignIn(c echo.Context) error {
	next := s.localPath(c.QueryParam("next"))
	if s.currentSession(c) != nil {
		return redirect(c, s.afterSignIn(next))
	}
	return s.respondSignIn(c, http.StatusOK, signInForm{next: next}, pages.SignInErrors{})
}

// signIn takes either pair of credentials and starts a session.
func (s *Server) signIn(c echo.Context) error {
	form, err := s.readSignIn(c)
	if err != nil {
		return err
	}
	if !safeToSignIn(c.Request()) {
		return s.respondSignIn(c, http.StatusForbidden, form, pages.SignInErrors{})
	}
	if problems := form.check(); problems != (pages.SignInErrors{}) {
		return s.respondSignIn(c, http.StatusUnprocessableEntity, form, problems)
	}
	made, err := s.try(c, form)
	if err != nil {
		return s.refuseSignIn(c, form, err)
	}
	made.Address, made.Browser = c.RealIP(), browserName(c.Request().UserAgent())
	if err := s.startSession(c, made); err != nil {
		return err
	}
	s.record(c, made, audit.Event{Action: audit.SignIn, Outcome: audit.Done})
	return redirect(c, s.afterSignIn(form.next))
}

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

func (s *Server) afterSignIn(next string) string {
	if next == "" {
		return s.links.Keys()
	}
	return next
}

// authenticate makes or takes a token and asks the APIs who its bearer is: no
// session starts with a token that they do not accept.
func (s *Server) authenticate(ctx context.Context, form signInForm) (*session.Session, error) {
	token, ours := form.token, false
	if !form.byToken {
		made, err := s.auth.SignIn(ctx, form.credentials(), s.sessionMax)
		if err != nil {
			return nil, err
		}
		token, ours = made, true
	}
	access := keys.Access{Token: token, Contract: form.contract}
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
	user, err := s.auth.As(access).User(ctx, identity.UserID)
	if err != nil {
		if ours {
			s.revoke(ctx, access, identity.TokenID)
		}
		return nil, err
	}
	return &session.Session{
		UserID: identity.UserID, Email: user.Email, Name: user.Name(),
		Contract: cmp.Or(form.contract, identity.Contract), ContractNamed: form.contract != "",
		Role: string(roleOf(identity, user)), Expires: identity.Expires,
		Token: session.NewToken(token.Reveal()), TokenID: identity.TokenID, TokenOurs: ours,
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

// refuseSignIn shows the form again, with what may be kept and what is wrong.
func (s *Server) refuseSignIn(c echo.Context, form signInForm, err error) error {
	p := problemOf(err)
	var shown pages.SignInErrors
	switch {
	case errors.Is(err, keys.ErrUnauthorized) && form.byToken:
		shown.Token = pages.TokenRefused
	case errors.Is(err, keys.ErrUnauthorized):
		shown.Credentials = pages.CredentialsRefused
	case errors.Is(err, keys.ErrOtherContract):
		shown.Contract = p.text
	case errors.Is(err, keys.ErrInvalid) && form.byToken:
		shown.Token = p.text
	case isAny(err, keys.ErrForbidden, keys.ErrRejected):
		// Who is let in and yet refused has several contracts, or another one
		// than was named. What the API answers then is not documented.
		shown.Contract, p.status = pages.ContractWanted(keys.Message(err)), unprocessable
	default:
		shown.Trouble = fmt.Sprintf("%s. %s %s", p.title, p.text, inTime(p.wait))
		setRetryAfter(c, p)
	}
	s.logProblem(c, p, err)
	return s.respondSignIn(c, p.status, form, shown)
}

func (s *Server) respondSignIn(c echo.Context, status int, form signInForm, shown pages.SignInErrors) error {
	page := pages.SignIn{
		Links: s.links, Next: form.next, Email: form.email, Contract: form.contract, ByToken: form.byToken,
		Errors: shown, RequestID: requestIDOf(c), Refused: !safeToSignIn(c.Request()), Sandbox: s.sandbox,
	}
	for _, account := range s.accounts {
		page.Accounts = append(page.Accounts, pages.SandboxAccount(account))
	}
	return s.respond(c, status, view{title: "Sign in", page: pages.SignInPage(page)})
}
