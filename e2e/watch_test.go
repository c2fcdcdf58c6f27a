package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"
)

// watch notes what goes wrong in a browser without a test asking.
type watch struct {
	origin string

	mu       sync.Mutex
	expected []int // answers to come, each once
	met      []int // those that came
	failures []string
}

// Violations of the content security policy are errors in the console too, but
// not all of them, and not in every place.
const reportViolations = `addEventListener('securitypolicyviolation', (event) => {
	console.error('violates the content security policy: ' + event.effectiveDirective + ' ' +
		event.blockedURI + ' ' + event.sample);
})`

// over listens to everything that happens in a context. What listens must not
// ask the browser anything: the answer would wait for the listener.
func (w *watch) over(in playwright.BrowserContext) error {
	in.OnRequest(func(r playwright.Request) {
		if !strings.HasPrefix(r.URL(), w.origin+"/") {
			w.fail("asks another host: %s", r.URL())
		}
	})
	in.OnRequestFailed(func(r playwright.Request) {
		// A request given up, by a page left or a download begun, is no failure.
		if reason := r.Failure(); reason == nil || !aborted(reason) {
			w.expectOr(0, "gets no answer: %s %s: %v", r.Method(), r.URL(), reason)
		}
	})
	in.OnResponse(func(r playwright.Response) {
		if r.Status() >= 400 {
			w.expectOr(r.Status(), "gets %d: %s %s", r.Status(), r.Request().Method(), r.URL())
		}
	})
	in.OnConsole(func(m playwright.ConsoleMessage) {
		if m.Type() == "error" && !w.aboutStatus(m.Text()) {
			w.fail("writes to the console: %s", m.Text())
		}
	})
	in.OnWebError(func(e playwright.WebError) { w.fail("throws: %v", e.Error()) })
	return in.AddInitScript(playwright.Script{Content: playwright.String(reportViolations)})
}

// expect lets one answer with each of these statuses pass, and wants it to
// come. Status 0 is a request without answer.
func (w *watch) expect(statuses ...int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = append(w.expected, statuses...)
}

func (w *watch) expectOr(status int, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.Index(w.expected, status); i >= 0 {
		w.expected = slices.Delete(w.expected, i, i+1)
		w.met = append(w.met, status)
		return
	}
	w.failures = append(w.failures, fmt.Sprintf(format, args...))
}

var failedToLoad = regexp.MustCompile(`^Failed to load resource: (?:the server responded with a status of (\d+)|net::ERR_)`)

// htmx writes of a request without answer, whatever the page makes of it.
var htmxWithoutAnswer = regexp.MustCompile(`^htmx:(?:afterRequest|sendError), `)

// aboutStatus reports whether the console is only told what is dealt with
// as an answer: one that was expected. It may say so before the answer itself
// is told of.
func (w *watch) aboutStatus(text string) bool {
	status := 0
	if found := failedToLoad.FindStringSubmatch(text); found != nil {
		status, _ = strconv.Atoi(found[1])
	} else if !htmxWithoutAnswer.MatchString(text) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Contains(w.met, status) || slices.Contains(w.expected, status)
}

func (w *watch) fail(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failures = append(w.failures, fmt.Sprintf(format, args...))
}

// result gives what went wrong, and what was expected and did not come.
func (w *watch) result() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	result := slices.Clone(w.failures)
	for _, status := range w.expected {
		result = append(result, fmt.Sprintf("does not get the answer %d that the test expected", status))
	}
	return result
}
