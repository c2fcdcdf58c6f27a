package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"keydeck/views/layout"
)

// view is what a handler picks to be shown.
type view struct {
	title   string
	current string // the entry of the menu

	page    templ.Component // what stands within the shell
	part    templ.Component // what htmx gets in its place; nil if it is the same
	notices []layout.Notice
	// news has the page show outcomes of changes that were not shown; one that shows
	// keys has them among its notices.
	news bool

	// behind is the page that a dialog lies over: a dialog has an address of
	// its own, which a header names to the browser. Empty for what is no dialog.
	behind string
	// root is what on the page the part takes the place of, as a selector, when
	// something else was asked for than a look at just that.
	root string
	// refresh is where the page goes on by itself where scripts are off, as in
	// "2; url=/…".
	refresh string
	// address is that of a page which is looked at in parts, as a search is.
	address string
}

// usualPage is as long as most pages are, in bytes.
const usualPage = 16 << 10

// maxPage bounds a page in bytes, whatever the APIs say. The longest, of a thousand
// groups, has some 600 KB.
const maxPage = 1 << 20

var errPageTooLong = errors.New("page too long")

// respond answers with a view: an htmx request gets the part, anything else
// the page in its shell. It is drawn into memory first, so that an error on
// the way becomes an error page and not half a page.
func (s *Server) respond(c echo.Context, status int, v view) error {
	var body bytes.Buffer
	body.Grow(usualPage)
	// The answer is drawn even if the time limit of the request has passed.
	ctx := context.WithoutCancel(c.Request().Context())
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
		s.place(c, status, v)
	} else {
		page := layout.Page(s.shell(c, v))
		if err := page.Render(templ.WithChildren(ctx, v.page), &body); err != nil {
			return err
		}
	}
	if body.Len() > maxPage {
		return errPageTooLong
	}
	h.Set("Content-Length", strconv.Itoa(body.Len())) // else net/http would send it in chunks
	return c.HTMLBlob(status, body.Bytes())
}

// fromHTMX reports whether a request wants a part. One that restores history
// wants the page.
func fromHTMX(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") != "true"
}

// place tells htmx where the part belongs and what the address is now. Links
// and forms ask for a dialog, and the answer may be one or not.
func (s *Server) place(c echo.Context, status int, v view) {
	h, r := c.Response().Header(), c.Request()
	asked := r.Header.Get("HX-Target")
	switch {
	case v.behind != "":
		h.Set("HX-Retarget", "#dialog")
		h.Set("HX-Reswap", "innerHTML")
		if status == http.StatusOK {
			h.Set(s.addressHeader(c, v), r.URL.RequestURI())
		}
	case v.root != "" && asked == "dialog":
		h.Set("HX-Retarget", v.root)
		h.Set("HX-Reswap", "outerHTML")
	}
	current, known := s.currentPath(r)
	if listed := asked == "dialog" || asked == "rows"; v.address != "" && listed && known && current == r.URL.EscapedPath() {
		h.Set("HX-Replace-Url", v.address)
	}
}

// addressHeader returns the header that names a dialog's address: a dialog
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
