package web

import (
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
	"keydeck/views/pages"
)

// Limits on what is sent to the APIs, in bytes. Real values are far below.
const (
	maxEmail    = 254
	maxPassword = 1024
	maxContract = 20
	maxToken    = 8 << 10
)

// signInForm is what was typed to sign in.
type signInForm struct {
	next            string
	email, contract string
	password        secret.Value
	token           secret.Value
	tokenErr        error // why there is none in what was pasted
	byToken         bool
	ended           pages.SessionEnd // of the session before
}

// readSignIn reads the form. A token may be pasted with its surroundings.
func (s *Server) readSignIn(c echo.Context) (signInForm, error) {
	values, err := formValues(c)
	if err != nil {
		return signInForm{}, err
	}
	pasted := strings.TrimSpace(values.Get("token"))
	token, tokenErr := secret.New(pasted), error(nil)
	if pasted != "" && len(pasted) <= maxToken { // otherwise see checkToken
		token, tokenErr = keys.ParseToken(pasted)
	}
	return signInForm{
		next:     s.localPath(values.Get("next")),
		email:    strings.TrimSpace(values.Get("email")),
		contract: strings.TrimSpace(values.Get("contract")),
		password: secret.New(values.Get("password")),
		token:    token,
		tokenErr: tokenErr,
		byToken:  pasted != "" || values.Has("token") && !values.Has("email"),
	}, nil
}

func (f signInForm) credentials() keys.Credentials {
	return keys.Credentials{Email: f.email, Password: f.password, Contract: f.contract}
}

// check finds what needs no call to be refused.
func (f signInForm) check() pages.SignInErrors {
	var found pages.SignInErrors
	if len(f.contract) > maxContract || strings.Trim(f.contract, "0123456789") != "" {
		found.Contract = pages.NotAContract
	}
	if f.byToken {
		found.Token = f.checkToken()
		return found
	}
	switch {
	case f.email == "":
		found.Email = pages.EmailMissing
	case len(f.email) > maxEmail || strings.ContainsFunc(f.email, isControl) || !utf8.ValidString(f.email):
		found.Email = pages.NotAnEmail(maxEmail)
	}
	switch {
	case f.password.IsZero():
		found.Password = pages.PasswordMissing
	case len(f.password.Reveal()) > maxPassword:
		found.Password = pages.PasswordTooLong(maxPassword)
	}
	return found
}

func (f signInForm) checkToken() string {
	switch {
	case f.tokenErr != nil:
		return problemOf(f.tokenErr).text
	case f.token.IsZero():
		return pages.NothingPasted
	case len(f.token.Reveal()) > maxToken:
		return pages.FarTooLong
	default:
		return ""
	}
}

// looksLikeEmail is enough to tell an address from a password in the wrong
// field.
func looksLikeEmail(text string) bool {
	name, host, found := strings.Cut(text, "@")
	return found && name != "" && strings.Contains(host, ".") && len(text) <= maxEmail && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r == 0x7f
	})
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
