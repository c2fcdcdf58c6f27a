// Package webdriver drives a browser by WebDriver, the W3C's protocol over HTTP,
// as far as the tests need it. Elements are found by XPath expressions.
//
// It is for engines that Playwright cannot drive. Each call is bounded.
package webdriver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"time"

	"keydeck/internal/retry"
)

// Browser is a browser with one tab, driven in one session.
type Browser struct {
	session   string // the URL of the session
	patience  time.Duration
	processes []*exec.Cmd // in the order in which they were started
}

// Error is an error that the driver returned.
type Error struct {
	Code    string `json:"error"` // such as "no such element"
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Close ends the session and the processes.
func (b *Browser) Close() error {
	var err error
	if b.session != "" {
		err = b.call(http.MethodDelete, "", nil, nil)
	}
	for _, process := range slices.Backward(b.processes) {
		_ = process.Process.Kill()
		_ = process.Wait() // it returns that the process was killed
	}
	return err
}

// Open goes to a URL and waits until the page is loaded.
func (b *Browser) Open(url string) error {
	return b.call(http.MethodPost, "/url", map[string]string{"url": url}, nil)
}

// Back goes back in the history.
func (b *Browser) Back() error { return b.call(http.MethodPost, "/back", struct{}{}, nil) }

// Reload loads the page anew.
func (b *Browser) Reload() error { return b.call(http.MethodPost, "/refresh", struct{}{}, nil) }

// See waits until an expression finds an element. One that finds the body is a
// way to wait for a state of the page: //body[not(.//dialog)].
func (b *Browser) See(xpath string) error {
	_, err := b.find(xpath)
	return err
}

// Click waits for an element and clicks on it.
func (b *Browser) Click(xpath string) error { return b.onElement(xpath, "/click", struct{}{}) }

// Type waits for a field and types into it.
func (b *Browser) Type(xpath, text string) error {
	return b.onElement(xpath, "/value", map[string]string{"text": text})
}

// Press holds keys down in their order, and then releases them. Keys without a
// character have code points of their own in WebDriver.
func (b *Browser) Press(keys ...string) error {
	type stroke struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	}
	var strokes []stroke
	for _, key := range keys {
		strokes = append(strokes, stroke{"keyDown", key})
	}
	for _, key := range keys {
		strokes = append(strokes, stroke{"keyUp", key})
	}
	keyboard := map[string]any{"type": "key", "id": "keyboard", "actions": strokes}
	return b.call(http.MethodPost, "/actions", map[string]any{"actions": []any{keyboard}}, nil)
}

// The keys that WebDriver names by a code point.
const (
	Escape  = "\uE00C"
	Control = "\uE009"
)

// Evaluate calls an asynchronous function with this body in the page and stores
// what it returns in result.
func (b *Browser) Evaluate(body string, result any) error {
	script := "const done = arguments[0]; (async () => {" + body + "})().then(done, (error) => done(String(error)))"
	return b.call(http.MethodPost, "/execute/async", map[string]any{"script": script, "args": []any{}}, result)
}

// onElement sends a command for an element. One that is on its way or is replaced
// meanwhile is looked for again.
func (b *Browser) onElement(xpath, command string, in any) error {
	return b.retry(func() error {
		id, err := b.find(xpath)
		if err != nil {
			return err
		}
		return b.call(http.MethodPost, "/element/"+id+command, in, nil)
	})
}

// find returns the id of the first element. The driver waits for it, but not past
// the end of a page.
func (b *Browser) find(xpath string) (id string, err error) {
	err = b.retry(func() error {
		var found map[string]string // with one entry, whose name the protocol fixes
		err := b.call(http.MethodPost, "/element", map[string]string{"using": "xpath", "value": xpath}, &found)
		if err != nil {
			return fmt.Errorf("%s: %w", xpath, err)
		}
		id = found["element-6066-11e4-a52e-4f735466cecf"]
		return nil
	})
	return id, err
}

// passing are the errors of commands that were not carried out since the page was
// changing.
var passing = []string{"stale element reference", "element not interactable", "element click intercepted", "no such frame"}

// retry calls f until it returns another error than a passing one.
func (b *Browser) retry(f func() error) error {
	ctx, cancel := context.WithTimeout(context.Background(), b.patience)
	defer cancel()
	for {
		err := f()
		refused, ok := errors.AsType[*Error](err)
		if !ok || !slices.Contains(passing, refused.Code) || retry.Sleep(ctx, 50*time.Millisecond) != nil {
			return err
		}
	}
}

// call sends a command of the session.
func (b *Browser) call(method, path string, in, out any) error {
	return send(method, b.session+path, in, out)
}

// client waits longer than the driver does for a page or an element.
var client = http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}

// send sends a request to the driver and stores the value of its response in out.
func send(method, url string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(context.Background(), method, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s %s: %w", method, url, err)
	}
	if response.StatusCode != http.StatusOK {
		refused := &Error{}
		if err := json.Unmarshal(answer.Value, refused); err != nil {
			return fmt.Errorf("%s %s: %w", method, url, err)
		}
		return refused
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, out)
}
