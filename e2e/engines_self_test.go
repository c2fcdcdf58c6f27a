package e2e

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestWatchFirefox: the watch sees the errors of Firefox, too.
func TestWatchFirefox(t *testing.T) {
	t.Parallel()
	p := newPage(t, startConsole(t), pageOptions{firefox: true}) // skips where there is no Firefox
	for name, tt := range map[string]struct{ html, want string }{
		"an error written": {`<script src="/error.js"></script>`, "writes to the console: a mistake"},
		"an error thrown":  {`<script src="/throw.js"></script>`, "throws: playwright: thrown"},
		"an inline script": {`<script>1</script>`, "violates the content security policy: script-src-elem inline"},
		"a missing file":   {`<script src="/missing.js"></script>`, "gets 404: GET "},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(questionable(tt.html))
			t.Cleanup(server.Close)
			w := &watch{origin: server.URL}
			tab := watched(t, p.Context().Browser(), w, false)
			_, err := tab.Goto(server.URL + "/")
			check(t, err)
			_, err = tab.Evaluate("1") // after which all events before have come
			check(t, err)
			if got := strings.Join(w.result(), "; "); !strings.Contains(got, tt.want) {
				t.Errorf("it sees %q, want %q", got, tt.want)
			}
		})
	}
}

// TestRecordErrorsWebKit: errors in WebKit are recorded, also when their page is left.
func TestRecordErrorsWebKit(t *testing.T) {
	t.Parallel()
	p := newWebKitPage(t)
	for name, tt := range map[string]struct{ html, want string }{
		"an error written": {`<script src="/error.js"></script>`, "a mistake"},
		"an error thrown":  {`<script src="/throw.js"></script>`, "thrown"},
		"an inline script": {`<script src="/fine.js"></script><script>1</script>`, "script-src-elem inline"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(questionable(tt.html))
			t.Cleanup(server.Close)
			target, err := url.Parse(server.URL)
			check(t, err)
			proxy := httptest.NewServer(recording(func() *url.URL { return target }))
			t.Cleanup(proxy.Close)
			check(t, p.Open(proxy.URL+"/"))
			check(t, p.Open(proxy.URL+"/fine.js"))
			if got := p.recordedErrors(); !strings.Contains(got, tt.want) {
				t.Errorf("it records %q, want %q", got, tt.want)
			}
		})
	}
}
