package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"keydeck/e2e/webdriver"
	"keydeck/internal/app"
)

// webkitPage is a page in WebKitGTK. What is seen on it is named by XPath.
type webkitPage struct {
	*webdriver.Browser
	t       testing.TB
	console *console
}

// newWebKitPage opens a browser that has never been here, on a console of its own.
func newWebKitPage(t testing.TB, options ...func(*app.Config)) *webkitPage {
	t.Helper()
	if webkit.Driver == "" || webkit.Browser == "" || webkit.Xvfb == "" {
		t.Skip("no WebKitGTK, and no apt-get to install it")
	}
	c := startRecording(t, options...)
	browser, err := webkit.Start(patience * time.Millisecond)
	check(t, err)
	p := &webkitPage{browser, t, c}
	t.Cleanup(func() {
		p.noErrors()
		check(t, p.Close())
	})
	return p
}

// recordErrors is put before each script of the console. WebDriver has no access to
// what a page writes to its console.
const recordErrors = `if (!window.recordsErrors) {
	window.recordsErrors = true;
	const record = (text) => {
		const errors = JSON.parse(sessionStorage.getItem('errors') ?? '[]');
		sessionStorage.setItem('errors', JSON.stringify([...errors, String(text)]));
	};
	addEventListener('error', (event) => record(event.message ?? event.target));
	addEventListener('unhandledrejection', (event) => record(event.reason));
	addEventListener('securitypolicyviolation', (event) => record(event.effectiveDirective + ' ' + event.blockedURI));
	console.error = (...words) => record(words.join(' '));
}
`

// startRecording starts a console behind a proxy that has its pages record errors.
func startRecording(t testing.TB, options ...func(*app.Config)) *console {
	t.Helper()
	var target *url.URL
	proxy := httptest.NewServer(recording(func() *url.URL { return target }))
	t.Cleanup(proxy.Close)
	c := startConsole(t, append(options, func(cfg *app.Config) { cfg.PublicURL = proxy.URL + "/" })...)
	var err error
	target, err = url.Parse(c.app.URL())
	check(t, err)
	c.url = proxy.URL
	return c
}

// recording is a proxy that puts recordErrors before scripts.
func recording(target func() *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target())
			r.Out.Host = r.In.Host // no header says that a proxy was here: the console is to see a browser of this machine
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			if !strings.HasSuffix(r.Request.URL.Path, ".js") {
				return nil
			}
			script, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			script = append([]byte(recordErrors), script...)
			r.Body = io.NopCloser(bytes.NewReader(script))
			r.ContentLength = int64(len(script))
			r.Header.Set("Content-Length", fmt.Sprint(len(script)))
			return nil
		},
	}
}

// noErrors fails the test for errors in the page, and shows the page of a test that
// has failed.
func (p *webkitPage) noErrors() {
	p.t.Helper()
	if errors := p.recordedErrors(); errors != "" {
		p.t.Errorf("the page writes to the console: %s", errors)
	}
	if p.t.Failed() {
		p.t.Logf("at %s", p.evaluate("return location.href + '\\n' + document.body.innerText"))
	}
}

// recordedErrors returns the errors of all pages so far as JSON, or "", and forgets
// them.
func (p *webkitPage) recordedErrors() string {
	p.t.Helper()
	return p.evaluate("const errors = sessionStorage.getItem('errors') ?? ''; sessionStorage.clear(); return errors")
}

// signIn fills the form in.
func (p *webkitPage) signIn(email string) {
	p.t.Helper()
	check(p.t, p.Open(p.console.url+keysPage))
	p.fill("E-mail", email)
	p.fill("Password", "sandbox")
	p.click(button("Sign in"))
	p.see(heading("IONOS Object Storage"))
}

func (p *webkitPage) see(xpath string) {
	p.t.Helper()
	check(p.t, p.See(xpath))
}

// gone waits until an expression, which begins with //, finds nothing.
func (p *webkitPage) gone(xpath string) {
	p.t.Helper()
	check(p.t, p.See("//body[not(."+xpath+")]"))
}

func (p *webkitPage) says(xpath, words string) {
	p.t.Helper()
	p.see(xpath + "[contains(normalize-space(), " + quoted(words) + ")]")
}

func (p *webkitPage) click(xpath string) {
	p.t.Helper()
	check(p.t, p.Click(xpath))
}

func (p *webkitPage) fill(label, text string) {
	p.t.Helper()
	check(p.t, p.Type(field(label), text))
}

func (p *webkitPage) evaluate(body string) string {
	p.t.Helper()
	var result string
	check(p.t, p.Evaluate(body, &result))
	return result
}

// at wants an address, once the page is there.
func (p *webkitPage) at(path string) {
	p.t.Helper()
	if got := p.evaluate("return location.pathname"); got != path {
		p.t.Errorf("the page is at %s, want %s", got, path)
	}
}

// The expressions for what people see, by its words.

const (
	openDialog = "//dialog[@open]"
	noticeArea = "//*[@id='notice']"
)

func button(words string) string { return "//button[normalize-space()=" + quoted(words) + "]" }
func link(words string) string   { return "//a[normalize-space()=" + quoted(words) + "]" }
func heading(words string) string {
	return "//*[self::h1 or self::h2][normalize-space()=" + quoted(words) + "]"
}

func field(label string) string {
	return "//*[@id=//label[normalize-space()=" + quoted(label) + "]/@for]"
}

// rowMenu is the button of a row's menu.
func rowMenu(description string) string {
	return "//*[@data-key][contains(., " + quoted(description) + ")]//button[@popovertarget]"
}

// rowAction is what a key's row offers. The name has the key besides.
func rowAction(description, words string) string {
	return "//*[@data-key][contains(., " + quoted(description) + ")]//a[starts-with(normalize-space(), " + quoted(words) + ")]"
}

func quoted(words string) string { return `"` + words + `"` }
