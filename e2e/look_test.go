package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"
)

// finding is what axe says of a rule.
type finding struct {
	ID, Help string
	Nodes    []struct{ Target, Why string }
}

func (f finding) String() string {
	var lines strings.Builder
	fmt.Fprintf(&lines, "axe: %s (%s)", f.Help, f.ID)
	for _, node := range f.Nodes {
		fmt.Fprintf(&lines, "\n  %s: %s", node.Target, strings.Join(strings.Fields(node.Why), " "))
	}
	return lines.String()
}

// checkAccess fails the test for what axe finds to be in people's way. It needs
// a page with scripts: without, axe waits for ever. What axe cannot decide on is
// logged where KEYDECK_AXE_INCOMPLETE asks for it.
func (p *page) checkAccess() {
	p.t.Helper()
	if p.noScript {
		p.t.Fatal("axe needs scripts")
	}
	if !p.axeLoaded() {
		_, err := p.Evaluate(axe)
		check(p.t, err)
	}
	kinds := []string{"violations"}
	if os.Getenv("KEYDECK_AXE_INCOMPLETE") != "" {
		kinds = append(kinds, "incomplete")
	}
	found, err := p.Evaluate(`async (kinds) => {
		const result = await axe.run(document, { resultTypes: kinds, rules: { 'target-size': { enabled: true } } });
		return JSON.stringify(kinds.map((kind) => result[kind].map(({ id, help, nodes }) => ({ id, help,
			nodes: nodes.map(({ target, failureSummary }) => ({ target: target.join(' '), why: failureSummary })) }))));
	}`, kinds)
	check(p.t, err)
	var findings [][]finding
	check(p.t, json.Unmarshal([]byte(fmt.Sprint(found)), &findings))
	for _, violation := range findings[0] {
		p.t.Errorf("%s: %s", p.URL(), violation)
	}
	for _, undecided := range slices.Concat(findings[1:]...) {
		p.t.Logf("%s, not decided: %s", p.URL(), undecided)
	}
}

func (p *page) axeLoaded() bool {
	p.t.Helper()
	loaded, err := p.Evaluate(`() => 'axe' in window`)
	check(p.t, err)
	return loaded == true
}

// zooms are widths that a window of 1280 has when all is shown at twice and at
// four times its size.
var zooms = []int{640, 320}

// inEveryLook looks at the page in light and dark, wide and narrow.
func (p *page) inEveryLook(look func(name string)) {
	p.t.Helper()
	for _, width := range []int{1280, 390} {
		check(p.t, p.SetViewportSize(width, 844))
		for _, scheme := range []*playwright.ColorScheme{playwright.ColorSchemeLight, playwright.ColorSchemeDark} {
			check(p.t, p.EmulateMedia(playwright.PageEmulateMediaOptions{ColorScheme: scheme}))
			look(fmt.Sprintf("%s-%d", *scheme, width))
		}
	}
}

// checkFits fails the test for a page that is wider than the window.
func (p *page) checkFits() {
	p.t.Helper()
	found, err := p.Evaluate(`() => {
		const wide = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= wide && document.body.scrollWidth <= wide) return '';
		return 'the page is ' + document.documentElement.scrollWidth + ' wide in a window of ' + wide + ': ' +
			[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > wide + 0.5)
				.slice(0, 8).map((e) => e.tagName.toLowerCase() + '.' + e.className + '#' + e.id).join(' ');
	}`)
	check(p.t, err)
	if found != "" {
		p.t.Errorf("%s: %s", p.URL(), found)
	}
}

// screenshot writes a picture where the environment asks for pictures: of the
// whole page, or of the window that a modal fills.
func (p *page) screenshot(name string) {
	p.t.Helper()
	folder := os.Getenv("KEYDECK_SCREENSHOTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Error(err)
		return
	}
	path := filepath.Join(folder, name+".png")
	modals, err := p.Locator("dialog[open]").Count()
	check(p.t, err)
	if _, err := p.Screenshot(playwright.PageScreenshotOptions{Path: &path, FullPage: playwright.Bool(modals == 0)}); err != nil {
		p.t.Error(err)
	}
}
