package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// maxBody bounds what is read of a request.
const maxBody = 1 << 20

// ServeHTTP answers for the three APIs and for the controls.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
		s.serveControl(w, r)
		return
	}
	entry := s.log.begin(r, s.now())
	status := s.serveWithFaults(w, r)
	s.log.end(entry, status)
	if status == 0 {
		// The one way to close a connection without an answer that also
		// works for HTTP/2. net/http prints nothing for it.
		panic(http.ErrAbortHandler)
	}
}

// serveWithFaults answers and gives the status; 0 means to close the
// connection unanswered.
func (s *Sandbox) serveWithFaults(w http.ResponseWriter, r *http.Request) int {
	f, found := s.faults.take(r, false)
	if !found {
		f = s.randomFault(r)
	}
	if f.wait(r.Context()) != nil || f.Drop == "before" {
		return 0
	}
	if f.Status != 0 && !f.Work {
		return f.answer(w, r)
	}
	a := s.answer(r)
	if f.Status != 0 {
		return f.answer(w, r)
	}
	if f.Drop == "after" {
		return 0
	}
	f.setHeaders(a.header)
	return a.write(w, pretty(r))
}

// answer does the work. The body is read before the lock is taken, so that a
// slow client holds up no other.
func (s *Sandbox) answer(r *http.Request) reply {
	c := &call{Sandbox: s, r: r, path: r.URL.EscapedPath()}
	rt, err := s.route(c)
	if err == nil {
		err = c.readBody()
	}
	var presented credentials
	if err == nil {
		presented, err = s.presented(r, rt.access)
	}
	if err != nil {
		return refused(err).finish(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.now()
	s.state.settle(c.now)
	if rt.access != byAnyone {
		if c.caller, err = s.identify(presented, r); err != nil {
			return refused(err).finish(c)
		}
	}
	a, err := rt.handle(c)
	if err != nil {
		return refused(err).finish(c)
	}
	return a.finish(c)
}

func (c *call) readBody() error {
	body, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	if err != nil {
		return refuse(http.StatusBadRequest, "The request body could not be read")
	}
	if len(body) > maxBody {
		return refuse(http.StatusRequestEntityTooLarge, "The request body is too large")
	}
	c.body = body
	return nil
}

// reply is an answer not yet written. A nil body is an empty one.
type reply struct {
	status int
	header http.Header
	body   any
}

func ok(body any) (reply, error) { return reply{status: http.StatusOK, body: body}, nil }

// finish adds the headers that an API puts on every answer.
func (a reply) finish(c *call) reply {
	if a.header == nil {
		a.header = http.Header{}
	}
	setAPIHeaders(a.header, c.r)
	return a
}

func (a reply) write(w http.ResponseWriter, pretty bool) int {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return a.status
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if pretty {
		enc.SetIndent("", "  ")
	}
	// A client that has gone away is no concern of the work done.
	_ = enc.Encode(a.body)
	return a.status
}

func pretty(r *http.Request) bool { return r.URL.Query().Get("pretty") == "true" }

// refused turns an error into its answer.
func refused(err error) reply {
	var no *refusal
	if !errors.As(err, &no) {
		no = refuse(http.StatusInternalServerError, "Internal server error")
	}
	return reply{status: no.status, header: no.header, body: no.body()}
}
