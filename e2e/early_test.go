package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"keydeck/internal/app"
)

// earlyPages has a console begin its pages while the APIs take their time.
func earlyPages(cfg *app.Config) { cfg.Patience = 100 * time.Millisecond }

// TestEarly: while the APIs take their time, the shell with its heading is there, and
// the page takes its place without a jump, with scripts and without.
func TestEarly(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]pageOptions{"with scripts": {as: full}, "without scripts": {as: full, noScript: true}, "Firefox": {as: full, firefox: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startConsole(t, earlyPages)
			p := newPage(t, c, o)
			p.open(keysPage)
			p.rows(5)
			c.fault(fault{Path: "/", Delay: "5s", Times: 20})
			_, err := p.Goto(c.url+keysPage, playwright.PageGotoOptions{WaitUntil: playwright.WaitUntilStateCommit})
			check(t, err)
			waiting := p.Locator("main.waiting")
			p.see(waiting.GetByText("Reading the keys…"))
			p.see(p.GetByRole("heading", playwright.PageGetByRoleOptions{Name: "IONOS Object Storage"}))
			check(t, expect.Locator(p.Locator("#main")).ToHaveCount(0))
			before, err := waiting.Locator("h1").BoundingBox()
			check(t, err)
			if folder := os.Getenv("KEYDECK_EARLY"); folder != "" {
				_, err := p.Screenshot(playwright.PageScreenshotOptions{Path: playwright.String(filepath.Join(folder, name+".png"))})
				check(t, err)
			}
			p.rows(5)
			check(t, expect.Locator(waiting).ToBeHidden())
			after, err := p.Locator("#main h1").BoundingBox()
			check(t, err)
			if *before != *after {
				t.Errorf("the heading moves from %v to %v", *before, *after)
			}
			p.see(p.Locator("[data-key]").First())
		})
	}
}
