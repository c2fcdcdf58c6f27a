package sandbox

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"keydeck/internal/sandbox/s3"
)

// fault is what the next requests that match it get.
type fault struct {
	Method  string            `json:"method,omitempty"` // any when empty
	Path    string            `json:"path"`             // what the path begins with
	Times   int               `json:"times"`
	Status  int               `json:"status,omitempty"`
	Body    string            `json:"body,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Delay   string            `json:"delay,omitempty"`
	Drop    string            `json:"drop,omitempty"`    // before or after the work
	Work    bool              `json:"work,omitempty"`    // do it before the made-up answer
	Storage bool              `json:"storage,omitempty"` // of the S3 endpoint, not of the APIs
	Code    string            `json:"code,omitempty"`    // of S3, for a status without a body

	delay   time.Duration
	cleared <-chan struct{} // closed when the faults are cleared; nil is never
}

// check reports in a sentence what is wrong with a fault, and completes it.
func (f *fault) check() error {
	f.Times = cmp.Or(f.Times, 1)
	delay, err := time.ParseDuration(cmp.Or(f.Delay, "0s"))
	f.delay = delay
	switch {
	case !strings.HasPrefix(f.Path, "/"):
		return errors.New(`path must begin with "/"`)
	case f.Times < 0:
		return errors.New("times must be 1 or more")
	case err != nil || delay < 0:
		return errors.New(`delay must be a duration such as "2s"`)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return errors.New("status must be from 200 to 599")
	case f.Drop != "" && f.Drop != "before" && f.Drop != "after":
		return errors.New(`drop must be "before" or "after"`)
	case f.Drop != "" && f.Status != 0:
		return errors.New("a fault has either a status or a drop")
	case f.Work && f.Status == 0:
		return errors.New("work needs a status; without one it is done anyway")
	case f.Body != "" && f.Status == 0:
		return errors.New("a body needs a status")
	case f.Code != "" && (!f.Storage || f.Status == 0 || f.Body != ""):
		return errors.New("a code needs storage and a status, and no body")
	case f.Status == 0 && f.Drop == "" && delay == 0 && len(f.Headers) == 0:
		return errors.New("a fault needs a status, a delay, a drop or headers")
	}
	return nil
}

func (f *fault) matches(r *http.Request) bool {
	return (f.Method == "" || strings.EqualFold(f.Method, r.Method)) && strings.HasPrefix(r.URL.EscapedPath(), f.Path)
}

// wait holds the request up until the delay has passed or the faults are cleared.
// It returns an error as soon as the client has gone.
func (f *fault) wait(ctx context.Context) error {
	if f.delay == 0 {
		return nil
	}
	t := time.NewTimer(f.delay)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-f.cleared:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answer writes the made-up answer. Its body is what the fault says, to the
// byte, and called JSON unless the fault's headers call it otherwise.
func (f *fault) answer(w http.ResponseWriter, r *http.Request) int {
	w.Header().Set("Content-Type", "application/json")
	setAPIHeaders(w.Header(), r)
	f.setHeaders(w.Header())
	w.WriteHeader(f.Status)
	// A client that has gone away is no concern of the fault.
	_, _ = io.WriteString(w, f.Body)
	return f.Status
}

// answerStorage writes the made-up answer of the S3 endpoint: its body, or an
// error with its code.
func (f *fault) answerStorage(w http.ResponseWriter, r *http.Request) {
	f.setHeaders(w.Header())
	if f.Body != "" || f.Status < http.StatusBadRequest {
		w.WriteHeader(f.Status)
		// A client that has gone away is no concern of the fault.
		_, _ = io.WriteString(w, f.Body)
		return
	}
	code := "InternalError"
	if f.Status == http.StatusServiceUnavailable {
		code = "ServiceUnavailable"
	}
	s3.WriteError(w, r, s3.NewError(f.Status, cmp.Or(f.Code, code), "A fault of the sandbox."))
}

func (f *fault) setHeaders(h http.Header) {
	for name, value := range f.Headers {
		h.Set(name, value)
	}
}

// faultList is tried in the order in which the faults were made.
type faultList struct {
	mu      sync.Mutex
	left    []*fault
	cleared chan struct{} // of the faults made since they were last cleared
}

// take returns the first fault that matches a request, and counts it down.
func (l *faultList) take(r *http.Request, storage bool) (f fault, found bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.left, func(f *fault) bool { return f.Storage == storage && f.matches(r) })
	if i < 0 {
		return fault{}, false
	}
	l.left[i].Times--
	f = *l.left[i]
	if f.Times == 0 {
		l.left = slices.Delete(l.left, i, i+1)
	}
	return f, true
}

func (l *faultList) add(f *fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cleared == nil {
		l.cleared = make(chan struct{})
	}
	f.cleared = l.cleared
	l.left = append(l.left, f)
}

func (l *faultList) list() []fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]fault, 0, len(l.left))
	for _, f := range l.left {
		list = append(list, *f)
	}
	return list
}

func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = nil
	if l.cleared != nil {
		close(l.cleared)
		l.cleared = nil
	}
}
