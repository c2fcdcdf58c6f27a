package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"keydeck/internal/audit"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// showSignIn is the form. Who is signed in already goes on.
func (s *Server) showSignIn(c echo.Context) error {
	next := s.localPath(c.QueryParam("next"))
	if s.currentSession(c) != nil {
		return redirect(c, s.afterSignIn(next))
	}
	return s.respondSignIn(c, http.StatusOK, signInForm{
		next: next, byToken: c.QueryParam("by") == "token", ended: s.takeEnd(c),
	}, pages.SignInErrors{})
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
	s.noteStart(c, made)
	s.record(c, made, audit.Event{Action: audit.SignIn, Outcome: audit.Done})
	return redirect(c, s.afterSignIn(form.next))
}

func (s *Server) afterSignIn(next string) string {
	if next == "" {
		return s.links.Keys()
	}
	return next
}

// refuseSignIn shows the form again, with what may be kept and what is wrong.
func (s *Server) refuseSignIn(c echo.Context, form signInForm, err error) error {
	p := problemOf(err)
	var shown pages.SignInErrors
	switch {
	case errors.Is(err, keys.ErrUnauthorized) && form.byToken:
		shown.Token, p.status = said(pages.TokenRefused, err), http.StatusUnauthorized
	case errors.Is(err, keys.ErrUnauthorized) && keys.APIName(err) == keys.CloudAPI:
		shown.Trouble = said(pages.RefusedAfterSignIn, err)
	case errors.Is(err, keys.ErrUnauthorized):
		shown.Credentials, p.status = said(pages.CredentialsRefused, err), http.StatusUnauthorized
	case errors.Is(err, keys.ErrOtherContract):
		shown.Contract = p.text
	case errors.Is(err, keys.ErrInvalid) && form.byToken:
		shown.Token = p.text
	case isAny(err, keys.ErrForbidden, keys.ErrRejected) && keys.HTTPStatus(err) != http.StatusNotFound:
		// Who is let in and yet refused has several contracts, or another one
		// than was named. What the API answers then is not documented.
		shown.Contract, p.status = pages.ContractWanted, unprocessable
		if form.contract != "" {
			shown.Contract = said(pages.ContractRefused, err)
		}
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
		Ended: form.ended, Idle: s.sessions.Idle(), Max: s.sessions.Max(),
		Errors: shown, RequestID: requestIDOf(c), Refused: !safeToSignIn(c.Request()), Sandbox: s.sandbox,
	}
	for _, account := range s.accounts {
		page.Accounts = append(page.Accounts, pages.SandboxAccount(account))
	}
	return s.respond(c, status, view{title: "Sign in", page: pages.SignInPage(page)})
}
