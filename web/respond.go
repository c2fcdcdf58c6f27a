package web

import (
	"bytes"
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"keydeck/views/layout"
)

// view is what a handler picks to be shown.
type view struct {
	title   string
	current string // the entry of the menu
	crumbs  []layout.Crumb

	page   templ.Component // what stands within the shell
	part   templ.Component // what htmx gets in its place; nil if it is the same
	notice *layout.Notice

	// behind is the page that a dialog lies over: a dialog has an address of
	// its own, which the browser is told. Empty for what is no dialog.
	behind string
}

// respond answers with a view: an htmx request gets the part, anything else
// the page in its shell. It is drawn into memory first, so that an error on
// the way becomes an error page and not half a page.
func (s *Server) respond(c echo.Context, status int, v view) error {
	var body bytes.Buffer
	ctx := c.Request().Context()
	h := c.Response().Header()
	h.Add("Vary", "HX-Request")
	if fromHTMX(c.Request()) {
		part := v.part
		if part == nil {
			part = v.page
		}
		if err := part.Render(ctx, &body); err != nil {
			return err
		}
		if v.behind != "" && status == http.StatusOK {
			h.Set(s.addressHeader(c, v), c.Request().URL.RequestURI())
		}
	} else {
		page := layout.Page(s.shell(c, v))
		if err := page.Render(templ.WithChildren(ctx, v.page), &body); err != nil {
			return err
		}
	}
	return c.HTMLBlob(status, body.Bytes())
}

// fromHTMX reports whether a request wants a part. One that restores history
// wants the page.
func fromHTMX(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") != "true"
}

// addressHeader says how the browser is told of a dialog's address: a dialog
// that opens is a step forward, so that Back closes it; one that takes the
// place of another is not, so that Back does not return to a form that has
// been sent.
func (s *Server) addressHeader(c echo.Context, v view) string {
	if current, ok := s.currentPath(c.Request()); ok && current == v.behind {
		return "HX-Push-Url"
	}
	return "HX-Replace-Url"
}

// currentPath is the path that the browser shows, as htmx tells it.
func (s *Server) currentPath(r *http.Request) (string, bool) {
	current, err := url.Parse(r.Header.Get("HX-Current-URL"))
	if err != nil || current.Path == "" {
		return "", false
	}
	return current.EscapedPath(), true
}

// redirect sends the browser on after a change, and everywhere else.
func redirect(c echo.Context, to string) error { return c.Redirect(http.StatusSeeOther, to) }
