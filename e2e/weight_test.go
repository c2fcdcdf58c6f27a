package e2e

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"
)

// What a page may cost whoever opens it for the first time.
const (
	mostBytes    = 40 << 10
	mostRequests = 6
)

// weight counts what a page takes over the wire, headers included.
type weight struct {
	mu       sync.Mutex
	bytes    float64
	requests []string
	pending  map[string]bool
	changed  chan struct{}
}

// weigh begins to count.
func weigh(p playwright.Page) (*weight, error) {
	w := &weight{pending: map[string]bool{}, changed: make(chan struct{}, 1)}
	devtools, err := p.Context().NewCDPSession(p)
	if err != nil {
		return nil, err
	}
	devtools.On("Network.requestWillBeSent", w.sent)
	devtools.On("Network.loadingFinished", w.over)
	devtools.On("Network.loadingFailed", w.over)
	_, err = devtools.Send("Network.enable", nil)
	return w, err
}

func (w *weight) sent(event map[string]any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	request, _ := event["request"].(map[string]any)
	url, _ := request["url"].(string)
	if strings.HasPrefix(url, "data:") {
		return
	}
	if redirect, ok := event["redirectResponse"].(map[string]any); ok {
		w.add(redirect)
	}
	_, path, _ := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
	w.requests = append(w.requests, "/"+path)
	w.pending[fmt.Sprint(event["requestId"])] = true
}

func (w *weight) over(event map[string]any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add(event)
	delete(w.pending, fmt.Sprint(event["requestId"]))
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

func (w *weight) add(event map[string]any) {
	switch n := event["encodedDataLength"].(type) {
	case float64:
		w.bytes += n
	case int:
		w.bytes += float64(n)
	}
}

// check waits until nothing is on its way, and says what is too much.
func (w *weight) check() error {
	giveUp := time.After(patience * time.Millisecond)
	for !w.quiet() {
		select {
		case <-w.changed:
		case <-giveUp:
			return fmt.Errorf("still loading: %v", w.pending)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bytes == 0 || w.bytes > mostBytes || len(w.requests) > mostRequests {
		return fmt.Errorf("takes %.0f bytes in %d requests, at most %d in %d: %v",
			w.bytes, len(w.requests), mostBytes, mostRequests, w.requests)
	}
	return nil
}

func (w *weight) quiet() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.pending) == 0
}
