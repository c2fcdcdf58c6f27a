package sandbox

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// loggedRequests is how many requests are kept, the latest ones.
const loggedRequests = 10_000

// loggedRequest is one request to the APIs. Its status is 0 while it is
// under way, and stays so if its connection was closed unanswered.
type loggedRequest struct {
	Method     string    `json:"method"`
	Path       string    `json:"path"`
	Status     int       `json:"status"`
	Time       time.Time `json:"time"`
	Connection int64     `json:"connection"`
}

// requestLog is in the order of arrival.
type requestLog struct {
	mu      sync.Mutex
	entries []*loggedRequest
}

func (l *requestLog) begin(r *http.Request, now time.Time) *loggedRequest {
	e := &loggedRequest{
		Method: r.Method, Path: r.URL.EscapedPath(), Time: now.UTC(), Connection: connectionOf(r),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) == loggedRequests {
		l.entries = slices.Delete(l.entries, 0, loggedRequests/10)
	}
	l.entries = append(l.entries, e)
	return e
}

func (l *requestLog) end(e *loggedRequest, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Status = status
}

func (l *requestLog) list() []loggedRequest {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]loggedRequest, 0, len(l.entries))
	for _, e := range l.entries {
		list = append(list, *e)
	}
	return list
}

func (l *requestLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = nil
}
