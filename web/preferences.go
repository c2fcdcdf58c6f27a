package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"keydeck/internal/proxyheaders"
)

// themeCookie holds how a person wants the console to look, here: on another
// screen another choice may be the right one.
const themeCookie = "keydeck-theme"

// themeFor is how long the choice is kept after it was made.
const themeFor = 365 * 24 * 60 * 60 // seconds

// setPreferences takes a choice of theme: light, dark, or auto, which leaves it
// to the browser.
func (s *Server) setPreferences(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	switch choice := values.Get("theme"); choice {
	case "light", "dark":
		s.setCookie(c, themeCookie, choice, themeFor)
	case "auto":
		s.setCookie(c, themeCookie, "", -1)
	default:
		return errNoSuchTheme
	}
	return redirect(c, s.backTo(values.Get("back")))
}

// themeOf returns the theme in the browser's cookie, or "" for a value that names
// none.
func themeOf(c echo.Context) string {
	cookie, err := c.Cookie(themeCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// here is the address of the page that answers a request, or of one like it
// that can be opened.
func (s *Server) here(c echo.Context) string {
	if address := s.returnAddress(c); address != "" {
		return address
	}
	return s.links.SignIn(s.localPath(c.FormValue("next")))
}

// backTo is where a page said that it is, which may be signing in.
func (s *Server) backTo(address string) string {
	if to := s.localPath(address); to != "" {
		return to
	}
	path, query, _ := strings.Cut(address, "?")
	if path != s.links.SignIn("") {
		return s.links.Home()
	}
	// What cannot be read leads nowhere in particular.
	values, _ := url.ParseQuery(query)
	return s.links.SignIn(s.localPath(values.Get("next")))
}

// setCookie tells the browser something that is no secret.
func (s *Server) setCookie(c echo.Context, name, value string, maxAge int) {
	c.SetCookie(s.newCookie(c, name, value, maxAge))
}

func (s *Server) newCookie(c echo.Context, name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: s.links.Home(), MaxAge: maxAge,
		HttpOnly: true, Secure: proxyheaders.SecureCookie(c.Request()), SameSite: http.SameSiteLaxMode,
	}
}
