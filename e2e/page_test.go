package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

// pageOptions is who looks, and how.
type pageOptions struct {
	as           string // the account that is signed in; none when empty
	firefox      bool   // in Firefox in place of Chromium
	noScript     bool   // Chromium only
	narrow       bool   // as wide as a phone
	dark         bool
	still        bool   // prefers reduced motion
	zone         string // of the clock; that of the machine when empty
	beforeScript string // run before the page's own scripts
}

// page is a page in a browser of its own.
type page struct {
	playwright.Page
	*watch
	t        testing.TB
	console  *console
	firefox  bool
	noScript bool
	weight   *weight // Chromium only
	opened   bool
}

// newPage opens a browser that has never been here. What goes wrong in it
// fails the test.
func newPage(t testing.TB, c *console, o pageOptions) *page {
	t.Helper()
	in := browser
	if o.firefox {
		if firefox.launch == nil {
			t.Skip("no Firefox, and no apt-get to install it")
		}
		var err error
		in, err = firefox.launch()
		check(t, err)
	}
	context, err := in.NewContext(contextOptions(o))
	check(t, err)
	p := &page{t: t, console: c, firefox: o.firefox, noScript: o.noScript, watch: &watch{origin: c.url}}
	t.Cleanup(func() { p.finish(context) })
	check(t, p.over(context))
	if !o.firefox {
		check(t, context.AddInitScript(playwright.Script{Content: playwright.String(tellShifts)}))
	}
	if o.beforeScript != "" {
		check(t, context.AddInitScript(playwright.Script{Content: &o.beforeScript}))
	}
	if o.as != "" {
		check(t, context.AddCookies(c.signIn(t, o.as)))
	}
	p.openTab(context)
	if !o.firefox {
		p.weight, err = weigh(p.Page)
		check(t, err)
	}
	return p
}

// openTab goes on in a new tab.
func (p *page) openTab(context playwright.BrowserContext) {
	p.t.Helper()
	tab, err := context.NewPage()
	check(p.t, err)
	tab.SetDefaultTimeout(patience)
	p.Page = tab
}

// tellShifts reports an unexpected layout shift: the watch fails
// the test for what a page writes to the console. Like what follows a key or a
// click, the answer to a search, to a change or to a dialog that was left, and the end
// of a change may move what is below.
const tellShifts = `let answered = -Infinity;
for (const answer of ['htmx:afterSwap', 'htmx:afterRequest']) {
	document.addEventListener(answer, () => { answered = performance.now(); });
}
new PerformanceObserver((list) => {
	for (const shift of list.getEntries()) {
		if (window.changesLook || shift.hadRecentInput || matchMedia('print').matches || Math.abs(shift.startTime - answered) < 500) continue;
		const box = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
		const moved = shift.sources.map(({ node, previousRect, currentRect }) => node?.parentElement?.tagName + ' > ' +
			node?.nodeName + '.' + node?.className + ' from ' + box(previousRect) + ' to ' + box(currentRect));
		console.error('layout shift of ' + shift.value + ' after ' + shift.startTime + ' ms: ' + moved.join(', '));
	}
}).observe({ type: 'layout-shift', buffered: true });`

func contextOptions(o pageOptions) playwright.BrowserNewContextOptions {
	size := playwright.Size{Width: 1280, Height: 800}
	if o.narrow {
		size = playwright.Size{Width: 390, Height: 844}
	}
	scheme, motion := playwright.ColorSchemeLight, playwright.ReducedMotionNoPreference
	if o.dark {
		scheme = playwright.ColorSchemeDark
	}
	if o.still {
		motion = playwright.ReducedMotionReduce
	}
	var zone *string
	if o.zone != "" {
		zone = &o.zone
	}
	return playwright.BrowserNewContextOptions{
		TimezoneId: zone,
		Viewport:   &size, ColorScheme: scheme, ReducedMotion: motion,
		JavaScriptEnabled: playwright.Bool(!o.noScript), Locale: playwright.String("en-GB"),
	}
}

// finish tells what the watch has seen, and what the page was like if that,
// or anything else, was wrong.
func (p *page) finish(context playwright.BrowserContext) {
	for _, failure := range p.result() {
		p.t.Errorf("the page %s", failure)
	}
	if p.t.Failed() && p.Page != nil {
		shown, err := p.Locator("body").AriaSnapshot()
		p.t.Logf("at %s: %v\n%s", p.URL(), err, shown)
		p.screenshot("failed-" + strings.ReplaceAll(p.t.Name(), "/", "-"))
	}
	if cookies, err := context.Cookies(); err == nil {
		for _, cookie := range cookies {
			p.console.hideCookie(cookie.Value)
		}
	}
	if err := context.Close(); err != nil {
		p.t.Error(err)
	}
}

// open goes to an address of the console. The first time, the browser has
// nothing of it yet, and what the page weighs is checked.
func (p *page) open(path string) {
	p.t.Helper()
	_, err := p.Goto(p.console.url + path)
	check(p.t, err)
	if p.opened || p.weight == nil || strings.HasPrefix(path, "/_components") { // which is no page of the product's
		return
	}
	p.opened = true
	if strings.HasPrefix(path, "/contract/keys") {
		p.weight.budget = maxReportBytes
	}
	if err := p.weight.check(); err != nil {
		p.t.Errorf("%s %v", path, err)
	}
}

// signIn returns the cookies of a signed-in user, without a browser.
func (c *console) signIn(t testing.TB, email string) []playwright.OptionalCookie {
	t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	form := url.Values{"email": {email}, "password": {"sandbox"}}
	if email == twofa {
		form = url.Values{"token": {c.token(email, time.Hour)}}
	}
	response, err := client.PostForm(c.url+"/sign-in", form)
	check(t, err)
	check(t, response.Body.Close())
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in as %s: %d", email, response.StatusCode)
	}
	var cookies []playwright.OptionalCookie
	for _, cookie := range response.Cookies() {
		cookies = append(cookies, playwright.OptionalCookie{
			Name: cookie.Name, Value: cookie.Value, Domain: playwright.String("127.0.0.1"), Path: playwright.String("/"),
			HttpOnly: &cookie.HttpOnly, Secure: &cookie.Secure,
			SameSite: playwright.SameSiteAttributeLax,
		})
		c.hideCookie(cookie.Value)
	}
	return cookies
}

// hideCookie: of a session's cookie, the part before the dot names it.
func (c *console) hideCookie(value string) {
	_, secret, _ := strings.Cut(value, ".")
	c.hide(secret)
}

// check ends the test with an error, if there is one.
func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
