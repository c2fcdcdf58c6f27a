package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// TestWatch what it is there for: were it blind, no other test would
// notice.
func TestWatch(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		html     string
		expected []int
		want     string // nothing when empty
	}{
		"nothing wrong":          {html: `<script src="/fine.js"></script>`},
		"an error written":       {`<script src="/error.js"></script>`, nil, "writes to the console: a mistake"},
		"an error thrown":        {`<script src="/throw.js"></script>`, nil, "throws: playwright: thrown"},
		"an inline script":       {`<script>1</script>`, nil, "violates the content security policy: script-src-elem inline"},
		"an inline style":        {`<p style="color:red">a</p>`, nil, "violates the content security policy: style-src-attr inline"},
		"an inline handler":      {`<p onclick="f()">a</p>`, nil, "violates the content security policy: script-src-attr inline"},
		"another host":           {`<img src="http://127.0.0.2:1/x.png">`, nil, "violates the content security policy: img-src http://127.0.0.2:1/x.png"},
		"a missing file":         {`<script src="/missing.js"></script>`, nil, "gets 404: GET "},
		"an expected answer":     {`<script src="/missing.js"></script>`, []int{404}, ""},
		"an answer expected":     {`<p>a</p>`, []int{404}, "does not get the answer 404"},
		"the wrong answer":       {`<script src="/missing.js"></script>`, []int{422, 404, 404}, "does not get the answer 422"},
		"a connection cut":       {`<script src="/cut.js"></script>`, nil, "gets no answer: GET "},
		"an expected cut":        {`<script src="/cut.js"></script>`, []int{0}, ""},
		"a style without script": {`<p style="color:red">a</p>`, nil, "writes to the console"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &watch{}
			w.expect(tt.expected...)
			visit(t, w, tt.html, strings.HasSuffix(name, "without script"))
			got := w.result()
			found := slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, tt.want) })
			if (tt.want == "" && len(got) > 0) || (tt.want != "" && !found) {
				t.Errorf("it sees %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWeight(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ html, want string }{
		"light":         {`<script src="/fine.js"></script>`, ""},
		"too heavy":     {strings.Repeat("<p>text</p>", maxBytes/11), " bytes in "},
		"too many":      {strings.Repeat(`<img src="/fine.js?%d" alt="">`, maxRequests), " bytes in "},
		"heavy headers": {`<script src="/headers.js"></script>`, " bytes in "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html := tt.html
			for i := 1; strings.Contains(html, "%d"); i++ {
				html = strings.Replace(html, "%d", fmt.Sprint(i), 1)
			}
			err := visit(t, &watch{}, html, false).check()
			if got := fmt.Sprint(err); (tt.want == "") != (err == nil) || !strings.Contains(got, tt.want) && tt.want != "" {
				t.Errorf("it says %q, want %q", got, tt.want)
			}
		})
	}
}

// visit opens a page with that HTML under our content security policy.
func visit(t *testing.T, w *watch, html string, noScript bool) *weight {
	t.Helper()
	server := httptest.NewServer(questionable(html))
	t.Cleanup(server.Close)
	w.origin = server.URL
	p := watched(t, browser, w, noScript)
	measured, err := weigh(p)
	check(t, err)
	_, err = p.Goto(server.URL+"/", playwright.PageGotoOptions{WaitUntil: playwright.WaitUntilStateLoad})
	check(t, err)
	if !noScript { // what the page reports of itself may come after it has loaded
		_, err = p.Evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
		check(t, err)
	}
	_ = measured.check()
	return measured
}

// watched opens a tab that is watched.
func watched(t *testing.T, in playwright.Browser, w *watch, noScript bool) playwright.Page {
	t.Helper()
	context, err := in.NewContext(contextOptions(pageOptions{noScript: noScript}))
	check(t, err)
	t.Cleanup(func() { check(t, context.Close()) })
	check(t, w.over(context))
	p, err := context.NewPage()
	check(t, err)
	return p
}

// questionable serves pages with something about them.
func questionable(page string) http.Handler {
	scripts := map[string]string{
		"/fine.js": "1", "/headers.js": "1", "/error.js": "console.error('a mistake')", "/throw.js": "throw new Error('thrown')",
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'")
		script, ok := scripts[r.URL.Path]
		switch {
		case r.URL.Path == "/":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `<!DOCTYPE html><html lang="en"><title>T</title><link rel="icon" href="/fine.js">`+page)
		case r.URL.Path == "/cut.js":
			panic(http.ErrAbortHandler)
		case !ok:
			w.WriteHeader(http.StatusNotFound)
		default:
			w.Header().Set("Content-Type", "text/javascript")
			if r.URL.Path == "/headers.js" {
				for i := range 45 {
					w.Header().Set(fmt.Sprintf("X-Filler-%d", i), strings.Repeat("x", 1000))
				}
			}
			_, _ = io.WriteString(w, script)
		}
	})
}
