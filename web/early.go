package web

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"keydeck/internal/parallel"
	"keydeck/views/layout"
	"keydeck/views/pages"
)

// earlyPage is what is known of a page before any API has answered.
type earlyPage struct {
	title, current string
	page           func(*Server, *scope) templ.Component
	flash          bool // it says what the last page has left to be said
}

// earlyPages are the pages that wait for APIs, by route.
var earlyPages = func() map[string]earlyPage {
	const keys, key = "/object-storage/keys", "/object-storage/keys/:key"
	const user, userKeys, userKey = "/users/:user", "/users/:user/object-storage-keys", "/users/:user/object-storage-keys/:key"
	all := map[string]earlyPage{
		keys: {"Key management", menuKeys, func(_ *Server, v *scope) templ.Component { return pages.EarlyKeys(v.links) }, true},
		user: {"User", menuUsers, earlyUser("user"), false}, user + "/offboard": {"Remove access", menuUsers, earlyUser("user"), false}, userKeys: {"Object Storage Keys", menuUsers, earlyUser("keys"), true},
		"/users": {"Users", menuUsers, earlyPeople("users"), false}, "/groups": {"Groups", menuUsers, earlyPeople("groups"), false},
		"/contract/activity": {"Activity of the contract", menuUsers, earlyPeople("activity"), false},
		"/contract/keys":     {"Keys", menuUsers, earlyPeople("keys"), false},
		"/groups/:group":     {"Group", menuUsers, earlyGroup("Group"), false}, "/groups/:group/privilege": {"Use Object Storage", menuUsers, earlyGroup("Use Object Storage"), false},
		"/groups/:group/onboard": {"Members without a key", menuUsers, earlyGroup("Members without a key"), false},
		"/key-owner":             {"Find the owner of a key", menuUsers, func(s *Server, _ *scope) templ.Component { return pages.EarlyOwner(s.links) }, false},
	}
	for address, title := range map[string]string{
		keys + "/new": "Generate a key", userKeys + "/new": "Generate Key",
		key: "Copy key", userKey: "Copy key",
		key + "/deactivate": "Deactivate key", userKey + "/deactivate": "Deactivate key",
		key + "/delete": "Delete key", userKey + "/delete": "Delete key",
		key + "/use/:tool": "Use with a tool", userKey + "/use/:tool": "Use with a tool",
		key + "/description": "Edit description", key + "/renew": "Renew secret", key + "/rotate": "Rotate key", userKey + "/rotate": "Rotate key",
		userKey + "/handover": "Tell the owner", key + "/regions": "Regions",
	} {
		current := menuKeys
		if strings.HasPrefix(address, userKeys) {
			current = menuUsers
		}
		all[address] = earlyPage{title, current, func(_ *Server, v *scope) templ.Component { return pages.EarlyDialog(title, v.links) }, false}
	}
	return all
}()

func earlyPeople(tab string) func(*Server, *scope) templ.Component {
	return func(s *Server, _ *scope) templ.Component { return pages.EarlyPeople(s.links, tab) }
}

func earlyGroup(title string) func(*Server, *scope) templ.Component {
	return func(s *Server, _ *scope) templ.Component { return pages.EarlyGroup(s.links, title) }
}

func earlyUser(tab string) func(*Server, *scope) templ.Component {
	return func(s *Server, v *scope) templ.Component { return pages.EarlyUser(s.links, v.Param("user"), tab) }
}

// patient answers a request by handle. A page that takes longer than the patience is
// sent in two parts: what is known of it at once, the rest when it is there. The
// status has gone out with the first part then, and is 200.
func (s *Server) patient(v *scope, handle func(*scope) error) error {
	early, ok := earlyPages[strings.TrimPrefix(v.Path(), s.links.Base)]
	if !ok || s.patience <= 0 || v.Request().Method != http.MethodGet || fromHTMX(v.Request()) {
		return handle(v)
	}
	w := &earlyWriter{out: v.Response().Writer, header: v.Response().Header().Clone()}
	shell := s.shell(v, view{title: early.title, current: early.current})
	shell.Early = true
	page, ctx := early.page(s, v), context.WithoutCancel(v.Request().Context())
	if cookie, err := v.Cookie(flashCookie); err == nil && cookie.Value != "" && early.flash {
		w.forget = s.newCookie(v, flashCookie, "", -1)
	}
	id := requestIDOf(v)
	v.Response().Writer = w
	w.timer = time.AfterFunc(s.patience, func() {
		if err := w.begin(ctx, shell, page); err != nil {
			s.logger.Error("a page was not begun early", "id", id, "error", err)
		}
	})
	defer w.settle()
	return handle(v)
}

// barEnd is where a page is cut in two: the bar of the shell is its first header.
var barEnd = []byte("</header>")

// earlyWriter is a response that may begin before its handler writes. Its methods
// but begin are for the handler's goroutine.
type earlyWriter struct {
	out    http.ResponseWriter
	header http.Header  // what the handler sets; it reaches out with a page in one piece
	forget *http.Cookie // what the first part has the browser drop, or nil
	timer  *time.Timer

	mu    sync.Mutex // guards out and what follows
	state earlyState
}

type earlyState int

const (
	notBegun   earlyState = iota
	inOnePiece            // as the handler writes it
	begun                 // the first part has been sent
	continued             // the rest is being sent
)

// begin sends the first part of a page, unless the handler has been quicker.
func (w *earlyWriter) begin(ctx context.Context, shell layout.Shell, page templ.Component) error {
	return parallel.Catch(func() error {
		var body bytes.Buffer
		if err := layout.Page(shell).Render(ctx, &body); err != nil {
			return err
		}
		end := bytes.Index(body.Bytes(), barEnd)
		body.Truncate(end + len(barEnd))
		if err := layout.Waiting().Render(templ.WithChildren(ctx, page), &body); err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.state != notBegun {
			return nil
		}
		w.state = begun
		h := w.out.Header()
		h.Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
		h.Add("Vary", "HX-Request")
		h.Set("X-Accel-Buffering", "no")
		if w.forget != nil {
			h.Add("Set-Cookie", w.forget.String())
		}
		w.out.WriteHeader(http.StatusOK)
		if _, err := w.out.Write(body.Bytes()); err != nil {
			return nil // the client has gone, as the handler finds out itself
		}
		_ = http.NewResponseController(w.out).Flush()
		return nil
	})
}

// settle ends the waiting: what is written later is in one piece, if the page has not
// begun.
func (w *earlyWriter) settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer.Stop()
	w.start()
}

// start has the response be in one piece, if it has not begun.
func (w *earlyWriter) start() {
	if w.state == notBegun {
		w.state = inOnePiece
	}
}

// Header implements http.ResponseWriter.
func (w *earlyWriter) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *earlyWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.start()
	if w.state == inOnePiece {
		h := w.out.Header()
		clear(h)
		maps.Copy(h, w.header)
		w.out.WriteHeader(status)
		return
	}
	if to := w.header.Get("Location"); to != "" && w.state == begun {
		w.state = continued
		_ = pages.Moved(to).Render(context.Background(), w.out) // fails when the client has gone
	}
}

// Write implements http.ResponseWriter. Of a page that has begun, it writes what
// follows the bar.
func (w *earlyWriter) Write(body []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rest := body
	if w.state == begun {
		w.state = continued
		if end := bytes.Index(body, barEnd); end >= 0 {
			rest = append(refreshOf(body[:end]), body[end+len(barEnd):]...)
		}
	}
	if _, err := w.out.Write(rest); err != nil {
		return 0, err
	}
	return len(body), nil
}

// refreshOf returns the part of a head that has the page go on by itself without
// scripts, which the head of an early page does not have.
func refreshOf(head []byte) []byte {
	const open, end = `<noscript><meta http-equiv="refresh"`, `</noscript>`
	from := bytes.Index(head, []byte(open))
	if from < 0 {
		return nil
	}
	to := bytes.Index(head[from:], []byte(end))
	if to < 0 {
		return nil
	}
	return bytes.Clone(head[from : from+to+len(end)])
}
