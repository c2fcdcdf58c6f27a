package e2e

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keydeck/internal/app"
	"keydeck/internal/retry"
)

// startWithoutFetchMetadata starts a console behind a filter that removes
// Sec-Fetch-*, which Safari before 16.4 does not send either. The answer to the
// last form is kept.
func startWithoutFetchMetadata(t *testing.T) (*console, *atomic.Pointer[http.Response]) {
	t.Helper()
	answers := &atomic.Pointer[http.Response]{}
	var target *url.URL
	filter := httptest.NewServer(&httputil.ReverseProxy{ModifyResponse: func(r *http.Response) error {
		if r.Request.Method == http.MethodPost {
			answers.Store(r)
		}
		return nil
	}, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		for name := range r.Out.Header {
			if strings.HasPrefix(name, "Sec-Fetch-") {
				r.Out.Header.Del(name)
			}
		}
	}})
	t.Cleanup(filter.Close)
	c := startConsole(t, func(cfg *app.Config) { cfg.PublicURL = filter.URL })
	var err error
	target, err = url.Parse(c.app.URL())
	check(t, err)
	c.url = filter.URL
	return c, answers
}

// arrived waits for an answer.
func arrived(t *testing.T, answers *atomic.Pointer[http.Response]) *http.Response {
	t.Helper()
	var answer *http.Response
	polling := retry.Policy{MinBackoff: 10 * time.Millisecond, MaxBackoff: 10 * time.Millisecond, Attempts: patience / 10}
	_ = polling.Do(t.Context(), func(context.Context) error {
		if answer = answers.Load(); answer == nil {
			return errors.New("no answer yet")
		}
		return nil
	})
	return answer
}

// formPage is a page with forms, and who sees it.
type formPage struct{ as, path string }

func formPages(t *testing.T, c *console) []formPage {
	t.Helper()
	pages := []formPage{
		{"", "/sign-in"},
		{member, keysPage}, {member, keysPage + "/new"}, {member, "/account/sessions"},
		{owner, "/users"}, {owner, "/key-owner"},
	}
	var key string
	p := newPage(t, c, pageOptions{as: full, noScript: true})
	p.open(keysPage)
	key, err := p.Locator("tbody tr a").First().GetAttribute("href")
	check(t, err)
	key = strings.TrimPrefix(key, c.url)
	for _, action := range []string{"", "/description", "/deactivate", "/renew", "/delete", "/rotate"} {
		pages = append(pages, formPage{full, key + action})
	}
	return pages
}

// TestFormsWithoutFetchMetadata sends every plain form of the pages as a browser
// does that has no Sec-Fetch-Site: none is taken for another site's.
func TestFormsWithoutFetchMetadata(t *testing.T) {
	t.Parallel()
	c, answers := startWithoutFetchMetadata(t)
	// Not newPage: most forms are refused for what they lack.
	context, err := browser.NewContext(contextOptions(pageOptions{}))
	check(t, err)
	defer func() { check(t, context.Close()) }()
	tab, err := context.NewPage()
	check(t, err)
	sent, seen := 0, map[string]bool{}
	for _, at := range formPages(t, c) {
		forms := 1
		for i := 0; i < forms; i++ {
			check(t, context.ClearCookies())
			if at.as != "" {
				check(t, context.AddCookies(c.signIn(t, at.as)))
			}
			_, err := tab.Goto(c.url + at.path)
			check(t, err)
			form := tab.Locator("form[method=post]")
			forms, err = form.Count()
			check(t, err)
			if i >= forms { // there are fewer than before the last form
				break
			}
			action, err := form.Nth(i).GetAttribute("action")
			check(t, err)
			if i > 0 && seen[action] { // on every page
				continue
			}
			seen[action] = true
			answers.Store(nil)
			// As without scripts: the browser itself sends the form.
			_, err = tab.Evaluate(`i => {
				window.sent = true;
				HTMLFormElement.prototype.submit.call(document.querySelectorAll('form[method=post]')[i]);
			}`, i)
			check(t, err)
			answer := arrived(t, answers)
			_, err = tab.WaitForFunction("() => !window.sent && document.readyState === 'complete'", nil)
			if err != nil {
				t.Fatalf("%s, sent from %s: %v", action, at.path, err)
			}
			switch {
			case answer == nil:
				t.Errorf("form %d of %s was not sent", i+1, at.path)
			case answer.StatusCode == http.StatusForbidden || answer.Request.Header.Get("Sec-Fetch-Site") != "":
				t.Errorf("form %d of %s: %s", i+1, at.path, answer.Status)
			}
			sent++
		}
	}
	if sent < 15 {
		t.Errorf("%d forms were sent, of pages that have more", sent)
	}
}
