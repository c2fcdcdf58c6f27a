package e2e

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"
)

// The budgets of a page at the first visit.
const (
	maxBytes    = 40 << 10
	maxRequests = 6
	// maxReportBytes is for the list of all keys, whose pages have fifty rows.
	maxReportBytes = 80 << 10
)

// weight counts what a page takes over the wire, headers included.
type weight struct {
	budget  float64 // in bytes
	mu      sync.Mutex
	loads   []*load // in their order, redirects among them
	changed chan struct{}
}

// load is one request and its answer.
type load struct {
	id, path string
	bytes    float64
	over     bool
}

// icon reports whether it is the tab's icon, which browsers with windows fetch when
// they please, and those without not at all: it is part of no page's load.
func (l *load) icon() bool { return strings.Contains(l.path, "/favicon.") }

// weigh begins to count.
func weigh(p playwright.Page) (*weight, error) {
	w := &weight{budget: maxBytes, changed: make(chan struct{}, 1)}
	devtools, err := p.Context().NewCDPSession(p)
	if err != nil {
		return nil, err
	}
	devtools.On("Network.requestWillBeSent", w.sent)
	devtools.On("Network.loadingFinished", func(event map[string]any) { w.done(event, event) })
	devtools.On("Network.loadingFailed", func(event map[string]any) { w.done(event, event) })
	_, err = devtools.Send("Network.enable", nil)
	return w, err
}

// sent notes a request. A redirect ends one and begins another with the same
// id.
func (w *weight) sent(event map[string]any) {
	if redirect, ok := event["redirectResponse"].(map[string]any); ok {
		w.done(event, redirect)
	}
	request, _ := event["request"].(map[string]any)
	url, _ := request["url"].(string)
	if strings.HasPrefix(url, "data:") {
		return
	}
	_, path, _ := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
	w.mu.Lock()
	l := &load{id: fmt.Sprint(event["requestId"]), path: "/" + path}
	if !l.icon() || !slices.ContainsFunc(w.loads, (*load).icon) { // the tab and the test may both ask
		w.loads = append(w.loads, l)
	}
	w.mu.Unlock()
	w.tell()
}

// done notes what came of the latest request with an event's id.
func (w *weight) done(event, answer map[string]any) {
	w.mu.Lock()
	for _, l := range w.loads {
		if l.over || l.id != fmt.Sprint(event["requestId"]) {
			continue
		}
		l.over = true
		switch n := answer["encodedDataLength"].(type) {
		case float64:
			l.bytes = n
		case int:
			l.bytes = float64(n)
		}
	}
	w.mu.Unlock()
	w.tell()
}

func (w *weight) tell() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// check waits until nothing is on its way, and says what is too much.
func (w *weight) check() error { return w.limit(func(l *load) bool { return !l.icon() }) }

// asksForIcon has a page fetch the tab's icon, as a browser with a window does.
func (p *page) asksForIcon() {
	p.t.Helper()
	_, err := p.Evaluate(`() => fetch(document.querySelector('link[rel~=icon]').href).then((answer) => answer.blob()).then(() => null)`)
	check(p.t, err)
}

// checkWithIcon waits for the tab's icon too, and counts it.
func (w *weight) checkWithIcon() error {
	if err := w.await(func() bool { return slices.ContainsFunc(w.loads, (*load).icon) }); err != nil {
		return err
	}
	return w.limit(func(*load) bool { return true })
}

// forget begins anew, once the tab's icon is there and nothing is on its way.
func (w *weight) forget() error {
	err := w.await(func() bool {
		return slices.ContainsFunc(w.loads, (*load).icon) && !slices.ContainsFunc(w.loads, func(l *load) bool { return !l.over })
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loads = nil
	return err
}

// asked waits for at least so many loads until nothing is on its way, and tells
// what went over the wire: of a file that a browser has already it notes no more
// than that it was needed.
func (w *weight) asked(least int) []string {
	var paths []string
	err := w.await(func() bool {
		paths = nil
		for _, l := range w.loads {
			if !l.over {
				return false
			}
			if l.bytes > 0 || !strings.HasPrefix(l.path, "/static/") {
				paths = append(paths, l.path)
			}
		}
		return len(paths) >= least
	})
	if err != nil {
		return []string{err.Error()}
	}
	return paths
}

func (w *weight) limit(counts func(*load) bool) error {
	quiet := func() bool {
		return !slices.ContainsFunc(w.loads, func(l *load) bool { return counts(l) && !l.over })
	}
	if err := w.await(quiet); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var bytes float64
	var paths []string
	for _, l := range w.loads {
		if counts(l) {
			bytes += l.bytes
			paths = append(paths, fmt.Sprintf("%s %.0f", l.path, l.bytes))
		}
	}
	if bytes == 0 || bytes > w.budget || len(paths) > maxRequests {
		return fmt.Errorf("takes %.0f bytes in %d requests, at most %.0f in %d: %s",
			bytes, len(paths), w.budget, maxRequests, strings.Join(paths, ", "))
	}
	return nil
}

// await waits for something to be so, which is asked under the lock.
func (w *weight) await(so func() bool) error {
	giveUp := time.After(patience * time.Millisecond)
	locked := func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return so()
	}
	for !locked() {
		select {
		case <-w.changed:
		case <-giveUp:
			return fmt.Errorf("does not become quiet: %v", w)
		}
	}
	return nil
}

// String lists what was asked for, and what is still on its way.
func (w *weight) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var lines []string
	for _, l := range w.loads {
		lines = append(lines, fmt.Sprintf("%s (%.0f bytes, over: %t)", l.path, l.bytes, l.over))
	}
	return strings.Join(lines, ", ")
}
